"""Fails unless every enforced row of a drift report that is built is compliant. Prints the others, and what is only reported."""

from __future__ import annotations

import collections
import json
import pathlib
import sys


def main() -> int:
    report = json.loads(pathlib.Path(sys.argv[1]).read_text())
    enforced = [row for row in report["rows"] if row["mode"] == "enforce" and row["state"] not in ("planned", "off", "accepted")]
    wrong = [row for row in enforced if row["state"] not in ("compliant", "not_applicable")]
    for row in wrong:
        print(f"  {row['control']} {row['target']}: {row['state']}: {row['reason']}")
    counts = collections.Counter(row["state"] for row in enforced)
    print(f"  Enforced rows: {len(enforced)}, of these {dict(sorted(counts.items()))}")
    if not enforced:
        print("  There is no enforced row: nothing was proved.")
    return 1 if wrong or not enforced else 0


if __name__ == "__main__":
    sys.exit(main())
