# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names in the inventory that look like ours but are not: a misspelt name would switch something off without a word."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible.constants import LOCALHOST
from ansible.inventory.manager import split_host_pattern
from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import ORGANISATION, TARGET_GROUPS, Catalogue

ROLES_PATH = Path(__file__).resolve().parents[2] / "roles"

_GROUP_CUTOFF = 0.85  # jira_site, jira-sites and confluence_node are found; jira_prod_sites, a sensible parent, is not
_NAME_CUTOFF = 0.9  # only for names without our prefixes: atlasian_url
_FAMILY_CUTOFF = 0.75  # CON and JITA are found; prd and pre, of which other people make tags, are not
_FAMILY_CUTOFF_AS_WRITTEN = 0.65  # PRC-02 looks too much like a control to be a tag of somebody else

_AS_WRITTEN = re.compile(r"[A-Z0-9]+-\d\d")
# Any dash, blank or underscore, and O where a 0 was meant.
_LIKE_CONTROL = re.compile(
    r"(?P<parted>[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*)[\W_]+(?P<number>[0-9Oo]*[0-9][0-9Oo]*)|(?P<joined>[A-Za-z0-9]*[A-Za-z])(?P<digits>[0-9]+)"
)
# One of our groups for an environment or a place: jira_sites_test, jira-sites-2, prod_jira_sites.
_PART = re.compile(rf"(?:{'|'.join(TARGET_GROUPS)})(?:_.+|\d+)|(?!atlassian_).+_(?:{'|'.join(TARGET_GROUPS)})")
_PATTERN = re.compile(r"^[!&~@]|[*?\[\]]")


@functools.lru_cache(maxsize=4)
def role_options(roles_path: Path = ROLES_PATH) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """{role: {public variable: its argument specification}} from every roles/*/meta/argument_specs.yml of the collection, read once per process.

    Raises ValueError when a file is not what Ansible documents for argument specs.
    """
    options: dict[str, dict[str, Mapping[str, Any]]] = {}
    for role in sorted(path for path in roles_path.iterdir() if path.is_dir()):
        path = role / "meta" / "argument_specs.yml"
        options[role.name] = {}
        if not path.is_file():
            continue
        document = yaml_load(path.read_bytes())
        if not isinstance(document, dict) or not isinstance(document.get("argument_specs"), dict):
            raise ValueError(f"{path} has no argument_specs")
        for spec in document["argument_specs"].values():
            for name, option in (spec.get("options") or {}).items():
                options[role.name].setdefault(name, option or {})
    return options


def known_variables(roles_path: Path = ROLES_PATH) -> dict[str, list[str]]:
    """{role: its public variables}; raises ValueError as role_options does."""
    return {role: list(options) for role, options in role_options(roles_path).items()}


def group_problems(groups: Mapping[str, Collection[str]]) -> list[str]:
    """A sentence for each group that is none of ours and looks as if it should be; groups is Ansible's own, with ours.

    Nothing is lost where all its hosts are in the group that was meant: it is a part of that one, or above it.
    """
    problems = []
    for name in sorted(groups):
        if name in (*TARGET_GROUPS, "all", "ungrouped"):
            continue
        plain = name.lower().replace("-", "_")
        nearest = difflib.get_close_matches(plain, TARGET_GROUPS, n=1, cutoff=_GROUP_CUTOFF)
        placed = {host for group in nearest or TARGET_GROUPS for host in groups.get(group, ())}
        if name != ORGANISATION and (placed.issuperset(groups[name]) if groups[name] else _PART.fullmatch(plain)):
            continue
        if nearest:
            problems.append(f"inventory: the group {name!r} is unknown, did you mean {nearest[0]!r}?")
        elif name.startswith("atlassian_"):
            problems.append(f"inventory: the group {name!r} is unknown; groups of this collection are {', '.join(TARGET_GROUPS)}")
        elif name == ORGANISATION:
            problems.append(f"inventory: {name!r} is a target of its own in the report and cannot be a group")
    return problems


def variable_problem(name: str, known: Mapping[str, Collection[str]]) -> str | None:
    """A sentence when a variable has a prefix of ours, or nearly has, and no role knows it."""
    every = [variable for variables in known.values() for variable in variables]
    if name in every or name.startswith(("ansible_", "__")):
        return None
    # A role without a specification has not said what it knows, so nothing can be called unknown.
    ours = any(name.startswith(f"{role}_") for role, variables in known.items() if variables)
    nearest = difflib.get_close_matches(name, every, n=1, cutoff=0.6 if ours else _NAME_CUTOFF)
    if not ours and not nearest:
        return None
    return f"the variable {name} is unknown" + (f", did you mean {nearest[0]}?" if nearest else "")


def _families(catalogue: Catalogue) -> tuple[set[str], list[str]]:
    """(all families of controls, those with tasks: only theirs can be missed or spared by a tag)."""
    every = {name.partition("-")[0] for name in catalogue}
    tasks = {name.partition("-")[0] for name, control in catalogue.items() if control.status == "built" and control.kind != "attest"}
    return every, sorted(tasks)


def _family_of(tag: str, letters: str, catalogue: Catalogue) -> str | None:
    """The family that the letters of a tag are, or are nearly: in another order, or with one too many, too few or wrong."""
    every, families = _families(catalogue)
    if letters in every:
        return letters
    upper = letters.upper()
    if upper in families:
        return upper
    if len(letters) < 3:
        return None
    near = [family for family in families if abs(len(family) - len(letters)) <= 1]
    cutoff = _FAMILY_CUTOFF_AS_WRITTEN if _AS_WRITTEN.fullmatch(tag) else _FAMILY_CUTOFF
    swapped = [family for family in near if sorted(family) == sorted(upper)]
    return next(iter(swapped or difflib.get_close_matches(upper, near, n=1, cutoff=cutoff)), None)


def tag_problems(tags: Iterable[str], catalogue: Catalogue) -> list[str]:
    """A sentence for each tag of the command line that looks like a control and is none.

    Ansible takes any tag: a misspelt one would examine less than was asked for, and a misspelt --skip-tags would do what it should spare.
    Tags of other people's plays do not look like controls.
    """
    problems = []
    for tag in sorted(set(tags) - set(catalogue)):
        parts = _LIKE_CONTROL.fullmatch(tag)
        if not parts:
            continue
        letters = parts["parted"] or parts["joined"]
        family = _family_of(tag, letters, catalogue)
        if family is None:
            continue
        number = int((parts["number"] or parts["digits"]).upper().replace("O", "0"))
        nearest = difflib.get_close_matches(f"{family}-{number:02}", catalogue, n=1, cutoff=0.8)
        problems.append(f"--tags or --skip-tags: {tag!r} is no control" + (f", did you mean {nearest[0]}?" if nearest else ""))
    return problems


def limit_problems(limit: str, groups: Mapping[str, Collection[str]]) -> list[str]:
    """A sentence for each name in --limit that is neither a host nor a group: Ansible only warns of it and examines the rest.

    Files, patterns, exclusions and intersections are left alone: they may well name nobody.
    """
    known = {*groups, *groups.get("all", ()), "all", "ungrouped", *LOCALHOST}
    problems = []
    for name in split_host_pattern(limit):
        if name in known or _PATTERN.search(name):
            continue
        nearest = difflib.get_close_matches(name, sorted(known), n=1)
        problems.append(f"--limit: {name!r} is no host and no group of the inventory" + (f", did you mean {nearest[0]}?" if nearest else ""))
    return problems
