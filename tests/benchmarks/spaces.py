# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m tests.benchmarks.spaces: a Confluence with many spaces. Requests, seconds and peak memory of a first, a second and a check run.

Exits with 1 where the second run or the check run changes anything, or where memory grows with the number of spaces.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import urllib3

TESTS = Path(__file__).resolve().parents[1]
SIZES = ((1_000, 20), (10_000, 200))  # spaces, and how many of them grant something to anonymous
MOST_MEGABYTES = 150
MOST_GROWTH = 1.10
PORT = 8093
# The module in a process of its own, as Ansible runs it; its result goes to a file, its peak memory to standard output.
RUN = """
import json, re, sys
from ansible.module_utils.testing import patch_module_args
from ansible_collections.hardening.atlassian.plugins.modules import confluence_anonymous_access
with patch_module_args(json.load(sys.stdin)):
    try:
        confluence_anonymous_access.main()
    except SystemExit:
        pass
print()
# Not getrusage: its peak is inherited from the process that started this one.
print(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
"""


class Wiki:
    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token
        self._http = urllib3.PoolManager(retries=urllib3.Retry(40, backoff_factor=0.1, backoff_max=0.5))

    def control(self, method: str, what: str, body: Any = None) -> Any:
        answer = self._http.request(method, f"{self.url}/__sim__/{what}", json=body)
        if answer.status >= 300:
            raise SystemExit(f"{method} {what}: {answer.status} {answer.data.decode()}")
        return answer.json() if answer.data else None

    def run(self, folder: str, check: bool) -> dict[str, Any]:
        """{changed, requests, seconds, megabytes, rows by state} of one run."""
        self.control("DELETE", "requests")
        options = {"url": self.url, "token": self.token, "connections": 8, "scope": "spaces", "replace_with": "logged_in"}
        options.update(replace_groups=["confluence-users"], restore_path=f"{folder}/restore.json", _ansible_check_mode=check)
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", RUN], input=json.dumps(options), capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - started
        *said, kilobytes = [line for line in done.stdout.splitlines() if line]
        result = json.loads(said[-1])
        if result.get("failed"):
            raise SystemExit(f"the module failed: {result['msg']}")
        changed = sum(row["state"] in ("changed", "drifted") for row in result["settings"])
        count = self.control("GET", "requests")["count"]
        return {"changed": changed, "requests": count, "seconds": seconds, "megabytes": int(kilobytes) / 1024}


@contextmanager
def served() -> Iterator[Wiki]:
    with tempfile.TemporaryDirectory() as folder:
        values = {f"{who}_{kind}": secrets.token_hex(20) for who in ("admin", "user") for kind in ("password", "token")}
        path = Path(folder) / "secrets.json"
        path.write_text(json.dumps(values))
        command = [sys.executable, "-m", "simulator", "--product", "confluence", "--version", "10.2", "--port", str(PORT)]
        process = subprocess.Popen(command, cwd=TESTS, env={**os.environ, "SIM_SECRETS": str(path)}, stdout=subprocess.DEVNULL)
        try:
            yield Wiki(f"http://127.0.0.1:{PORT}", values["admin_token"])
        finally:
            process.terminate()
            process.wait(timeout=20)


def main() -> int:
    wrong = []
    peaks = []
    print(f"{'spaces':>7} {'run':8} {'differs':>8} {'requests':>9} {'seconds':>8} {'peak MB':>8}")
    with served() as wiki:
        for count, anonymous in SIZES:
            wiki.control("POST", "reset")
            wiki.control("POST", "plant", {"spaces": {"count": count, "anonymous": anonymous}})
            with tempfile.TemporaryDirectory() as folder:
                for name, check in (("check", True), ("first", False), ("second", False), ("check", True)):
                    audit = len(wiki.control("GET", "audit"))
                    found = wiki.run(folder, check)
                    written = len(wiki.control("GET", "audit")) - audit
                    print(f"{count:7} {name:8} {found['changed']:8} {found['requests']:9} {found['seconds']:8.1f} {found['megabytes']:8.1f}", flush=True)
                    if written and (check or name == "second"):
                        wrong.append(f"{name} run over {count} spaces wrote {written} times")
                    peaks.append((count, found["megabytes"]))
    small, large = (max(size for count, size in peaks if count == wanted) for wanted, _anonymous in SIZES)
    print(f"peak memory: {large:.1f} MB, {large / small:.3f} of the smaller site's")
    if large > MOST_MEGABYTES or large > MOST_GROWTH * small:
        wrong.append(f"memory: {large:.1f} MB of at most {MOST_MEGABYTES}, and at most {MOST_GROWTH} of {small:.1f}")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
