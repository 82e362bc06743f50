"""predicted.py FOLDER: the settings a check run said would change are those that the real run after it changed, value for value.

FOLDER/check holds the check run's report, FOLDER/site the real run's, and, if site.yml ran once more since, as the previous one.
A host on which the check run could not look, since packages are missing ("After install ..."), is left out, and that is said.
"""

from __future__ import annotations

import json
import pathlib
import sys
from typing import Any


Settings = dict[tuple[str, str, str], dict[str, Any]]


def rows(path: pathlib.Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text())["rows"]
    return found


def settings(found: list[dict[str, Any]], state: str, without: set[str]) -> Settings:
    return {
        (row["control"], row["target"], setting["setting"]): setting
        for row in found
        if row["target"] not in without
        for setting in row["settings"]
        if setting["state"] == state and not was_left(setting)
    }


def was_left(setting: dict[str, Any]) -> bool:
    """A drifted setting whose value stays as it is was left on purpose: no run said that it would change."""
    return setting["state"] == "drifted" and setting["before"] is not None and setting["before"] == setting["after"]


def bare(found: list[dict[str, Any]]) -> set[str]:
    """Targets on which packages were missing."""
    return {row["target"] for row in found if any(setting["reason"].startswith("After install") for setting in row["settings"])}


def differences(check: Settings, real: Settings) -> list[str]:
    """Sentences about settings that only one of the two runs names, or names with other values."""
    found = [f"{' '.join(key)}: changed, and the check run did not say so" for key in real.keys() - check.keys()]
    found += [f"{' '.join(key)}: said to change, and the real run did not change it" for key in check.keys() - real.keys()]
    for key in check.keys() & real.keys():
        for side in ("before", "after"):
            if check[key][side] != real[key][side]:
                found.append(f"{' '.join(key)}: {side} was predicted as {check[key][side]!r} and is {real[key][side]!r}")
    return sorted(found)


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    previous = folder / "site" / "drift-report.previous.json"
    check_rows = rows(folder / "check" / "drift-report.json")
    real_rows = rows(previous if previous.exists() else folder / "site" / "drift-report.json")
    without = bare(check_rows)
    if without:
        print(f"  Left out, since packages were missing there before: {', '.join(sorted(without))}")
    check, real = settings(check_rows, "drifted", without), settings(real_rows, "changed", without)
    found = differences(check, real)
    print("\n".join(f"  {sentence}" for sentence in found) or f"  All {len(real)} changed settings were predicted.")
    if not real:
        print("  The real run changed nothing, so nothing was compared.")
    return 1 if found or not real else 0


if __name__ == "__main__":
    sys.exit(main())
