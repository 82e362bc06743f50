"""Fails unless every enforced row of a drift report that is built is compliant. Prints the others, and what is only reported."""

from __future__ import annotations

import json
import pathlib
import sys

import jmespath

ENFORCED = jmespath.compile("rows[?mode=='enforce' && !contains(['planned', 'off', 'accepted'], state)]")
WRONG = jmespath.compile("[?!contains(['compliant', 'not_applicable'], state)].[control, target, state, reason]")
REPORTED = jmespath.compile("rows[?mode=='audit' && state=='drifted'].[control, target, reason]")


def main() -> int:
    report = json.loads(pathlib.Path(sys.argv[1]).read_text())
    enforced = ENFORCED.search(report)
    wrong = WRONG.search(enforced)
    for control, target, state, reason in wrong:
        print(f"  {control} {target}: {state}: {reason}")
    for control, target, reason in REPORTED.search(report):
        print(f"  only reported: {control} {target}: {reason}")
    print(f"  {len(enforced)} enforced rows, {len(wrong)} of them not as wanted.")
    if not enforced:
        print("  There is no enforced row: nothing was proved.")
    return 1 if wrong or not enforced else 0


if __name__ == "__main__":
    sys.exit(main())
