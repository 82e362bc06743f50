"""report_schema.py FILE...: fails where a drift report is not as docs/schema/drift-report.schema.json says."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "schema" / "drift-report.schema.json").read_text(encoding="utf-8"))


def problems(document: Any) -> list[str]:
    """What is wrong with a report, each with its place; and what no schema can say: that its numbers fit its rows."""
    found = [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(SCHEMA).iter_errors(document)]
    if found:
        return found
    states = [row["state"] for row in document["rows"]]
    found += [f"counts.{state} is {count}" for state, count in document["counts"].items() if count != states.count(state)]
    keys = [(row["control"], row["target"]) for row in document["rows"]]
    found += ["a row stands there twice"] if len(set(keys)) != len(keys) else []
    targets = {target["name"] for target in document["targets"]}
    found += [f"a row of {target}, which is no target" for _control, target in keys if target not in targets]
    comparison = document["header"]["comparison"]
    named = [
        *document["header"]["left_out"],
        *document["header"]["unseen"],
        *(entry for name in ("new", "resolved", "since") for entry in (comparison or {}).get(name, ())),
    ]
    found += [f"the header names {entry}, which is no row" for entry in named if (entry["control"], entry["target"]) not in keys]
    found += ["comparison and not_compared contradict each other"] if (comparison is None) != bool(document["header"]["not_compared"]) else []
    return found


def main() -> int:
    found = [f"{path}: {problem}" for path in sys.argv[1:] for problem in problems(json.loads(Path(path).read_text(encoding="utf-8")))]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
