# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of built-in modules about files: what differs, named by the path, the same in a check and in a real run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Part:
    """One thing a task changes. An empty name stands for the task's own title, null on both sides for values nobody gave."""

    name: str = ""
    before: Any = None
    after: Any = None
    reason: str = ""


_ATTRIBUTES = {
    "mode": "mode of {}",
    "owner": "owner of {}",
    "group": "group of {}",
    "src": "target of {}",
    "attributes": "attributes of {}",
    "secontext": "SELinux context of {}",
}
_UNSHOWN = {
    "dst_binary": "the file is binary, its content is not shown",
    "src_binary": "the new content is binary and not shown",
    "dst_larger": "the file is larger than {} bytes, its content is not shown",
    "src_larger": "the new content is larger than {} bytes and not shown",
}
_HEADER = re.compile(r" \((?:content|file attributes)\)$")


def diffs(result: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Each part of a result's diff; none without --diff, with diff: false and under no_log."""
    found = result.get("diff")
    for part in [found] if isinstance(found, Mapping) else found if isinstance(found, list) else []:
        if isinstance(part, Mapping):
            yield part


def _account(number: object, name: object = None) -> str:
    """An owner or group. Modules give numbers; the name is known where it was asked for, and for 0."""
    asked = "" if name is None or str(name).isdigit() else str(name)
    known = asked or ("root" if str(number) == "0" else "")
    return f"{number} ({known})" if known else str(number)


def _was(before: Mapping[str, Any]) -> str:
    """What stood at a path, with what a folder held."""
    content = before.get("path_content")
    if not isinstance(content, Mapping):
        return str(before["state"])
    # The module lists a folder in the order of the disk.
    held = sorted(str(path) for paths in content.values() for path in paths)
    return "\n".join([f"{before['state']} with {len(held)} entries", *held]) if held else f"empty {before['state']}"


def _becomes(after: Mapping[str, Any], args: Mapping[str, Any]) -> str:
    """What will stand at a path, as asked for: how a new file really came out, only a real run would know."""
    state = str(after["state"])
    if state == "absent":
        return state
    if args.get("src") and state in ("link", "hard"):
        state += f" to {args['src']}"
    return ", ".join([state, *(f"{name} {args[name]}" for name in ("owner", "group", "mode") if args.get(name) is not None)])


def _attributes(path: str, before: Mapping[str, Any], after: Mapping[str, Any], args: Mapping[str, Any]) -> list[Part]:
    parts = []
    for key, words in _ATTRIBUTES.items():
        old, new = before.get(key), after.get(key)
        if key in ("owner", "group") and old != new:
            old, new = (_account(old), _account(new, args.get(key)))
        if old != new:
            parts.append(Part(words.format(path), old, new))
    return parts


def file_parts(result: Mapping[str, Any], args: Mapping[str, Any]) -> list[Part]:
    """The module file: a thing that comes or goes is one part, attributes of one that stays are a part each."""
    path = str(args.get("path") or result.get("path") or result.get("dest") or "")
    parts: list[Part] = []
    for part in diffs(result):
        before, after = part.get("before"), part.get("after")
        if not isinstance(before, Mapping) or not isinstance(after, Mapping):
            continue
        if after.get("state") == "touch":
            continue
        if "state" in after and "state" in before:
            # The attributes of something new are compared with what it happened to get; a check cannot know that.
            return [Part(path, _was(before), _becomes(after, args))]
        parts += _attributes(path, before, after, args)
    # Times differ from run to run and are nobody's setting; what differs below a folder (recurse), the module does not say.
    return parts or [Part(path)]


def _destination(result: Mapping[str, Any], args: Mapping[str, Any]) -> str:
    dest = str(args.get("dest") or args.get("path") or result.get("dest") or result.get("path") or "")
    if not dest.endswith("/"):
        return dest
    # Into a folder: a real run says where it wrote, in a check the name of the source is still to be put to it.
    return str(result.get("dest") or dest + str(args.get("src") or "").rpartition("/")[2])


def content_parts(result: Mapping[str, Any], args: Mapping[str, Any]) -> list[Part]:
    """Modules that write into files: the content under the file's path, and attributes as the module file has them."""
    dest = _destination(result, args)
    parts: list[Part] = []
    for part in diffs(result):
        header = part.get("before_header")
        path = _HEADER.sub("", str(header)) if header else dest
        before, after = part.get("before"), part.get("after")
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            parts += _attributes(str(after.get("path") or path), before, after, args)
            continue
        unshown = [words.format(part[key]) for key, words in _UNSHOWN.items() if part.get(key)]
        if unshown:
            parts.append(Part(path, reason="; ".join(unshown)))
        elif before != after:
            # A file that is not there has no header.
            parts.append(Part(path, None if before == "" and not header else before, after))
        elif before == "" and not header:
            parts.append(Part(path, "absent", "present, empty"))
    return parts or [Part(dest)]
