# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names in the inventory that look like ours but are not: a misspelt name would switch something off without a word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import ORGANISATION, TARGET_GROUPS

ROLES_PATH = Path(__file__).resolve().parents[2] / "roles"

_GROUP_CUTOFF = 0.85  # jira_site, jira-sites and confluence_node are found; jira_prod_sites, a sensible parent, is not
_NAME_CUTOFF = 0.9  # only for names without our prefixes: atlasian_url


def known_variables(roles_path: Path = ROLES_PATH) -> dict[str, list[str]]:
    """{role: its public variables} from every roles/*/meta/argument_specs.yml of the collection.

    Raises ValueError when a file is not what Ansible documents for argument specs.
    """
    known: dict[str, list[str]] = {}
    for role in sorted(path for path in roles_path.iterdir() if path.is_dir()):
        path = role / "meta" / "argument_specs.yml"
        known[role.name] = []
        if not path.is_file():
            continue
        document = yaml_load(path.read_bytes())
        if not isinstance(document, dict) or not isinstance(document.get("argument_specs"), dict):
            raise ValueError(f"{path} has no argument_specs")
        for spec in document["argument_specs"].values():
            known[role.name] += [name for name in (spec.get("options") or {}) if name not in known[role.name]]
    return known


def group_problems(names: Iterable[str]) -> list[str]:
    """A sentence for each group that is none of ours and looks as if it should be."""
    problems = []
    for name in sorted(names):
        if name in (*TARGET_GROUPS, "all", "ungrouped"):
            continue
        nearest = difflib.get_close_matches(name.lower().replace("-", "_"), TARGET_GROUPS, n=1, cutoff=_GROUP_CUTOFF)
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


def tag_problems(tags: Iterable[str], controls: Collection[str]) -> list[str]:
    """A sentence for each tag of the command line that looks like a control and is none.

    Ansible takes any tag: a misspelt one would examine less than was asked for, and a misspelt --skip-tags would do what it should spare.
    Tags of other people's plays do not look like controls.
    """
    families = {control.partition("-")[0] for control in controls}
    problems = []
    for tag in sorted(set(tags) - set(controls)):
        parts = re.fullmatch(r"([A-Za-z0-9]*[A-Za-z])[-_ .]?(\d+)", tag)
        if not parts or parts[1].upper() not in families:
            continue
        nearest = difflib.get_close_matches(f"{parts[1].upper()}-{int(parts[2]):02}", controls, n=1, cutoff=0.8)
        problems.append(f"--tags or --skip-tags: {tag!r} is no control" + (f", did you mean {nearest[0]}?" if nearest else ""))
    return problems
