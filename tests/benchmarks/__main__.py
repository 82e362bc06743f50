# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m tests.benchmarks: our client beside bare urllib3 and a loop of ansible.builtin.uri, in one run against one server.

Ratios travel between machines, rates do not: compare columns, not numbers of another day.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import urllib3
from ansible_collections.hardening.atlassian.plugins.module_utils import _credentials
from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import PooledTransport, Tls

from .server import running

CONNECTIONS = 8
REQUESTS = 2000
ROUNDS = 5
URI_ITEMS = 15
PATH = "/rest/x"
TOKEN = "benchmark-only"


def ours(url: str, connections: int) -> float:
    """Requests per second of the collection's client: proof of identity, retries and errors included."""
    transport = PooledTransport(Tls(), 10, connections)
    client = Client(url, _credentials.token(TOKEN), transport, read_only=True, connections=connections)
    started = time.perf_counter()
    answers = client.gather(client.get_json, [PATH] * REQUESTS)
    seconds = time.perf_counter() - started
    failed = [answer for answer in answers if isinstance(answer, AtlassianError)]
    if failed:
        raise SystemExit(f"{len(failed)} requests failed: {failed[0]}")
    return REQUESTS / seconds


def bare(url: str, connections: int) -> float:
    """Requests per second of urllib3 as its documentation shows it."""
    pool = urllib3.PoolManager(maxsize=connections, block=True)

    def get(path: str) -> object:
        return pool.request("GET", url + path, headers={"Authorization": f"Bearer {TOKEN}"}).json()

    started = time.perf_counter()
    with ThreadPoolExecutor(connections) as threads:
        list(threads.map(get, [PATH] * REQUESTS))
    return REQUESTS / (time.perf_counter() - started)


def uri_loop(url: str) -> float:
    """Requests per second inside a loop of uri tasks; the start of Ansible is measured alone and taken off."""
    return URI_ITEMS / (_play(url, URI_ITEMS + 1) - _play(url, 1))


def _play(url: str, items: int) -> float:
    task = {"ansible.builtin.uri": {"url": url + PATH, "headers": {"Authorization": f"Bearer {TOKEN}"}}, "loop": list(range(items))}
    play = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": {"ansible_python_interpreter": sys.executable}, "tasks": [task]}]
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "play.yml"
        book.write_text(json.dumps(play))
        program = Path(sys.executable).parent / "ansible-playbook"
        started = time.perf_counter()
        subprocess.run([str(program), "-i", "localhost,", str(book)], check=True, stdout=subprocess.DEVNULL, env={**os.environ})
        return time.perf_counter() - started


def median(measure: Callable[[], float]) -> float:
    return statistics.median(measure() for attempt in range(ROUNDS))


def main() -> None:
    with running() as url:
        bare(url, CONNECTIONS)  # warm both sides up
        rates = {
            f"hardening.atlassian, {CONNECTIONS} connections": median(lambda: ours(url, CONNECTIONS)),
            f"urllib3 alone, {CONNECTIONS} connections": median(lambda: bare(url, CONNECTIONS)),
            "hardening.atlassian, 1 connection": median(lambda: ours(url, 1)),
            "urllib3 alone, 1 connection": median(lambda: bare(url, 1)),
            "loop of ansible.builtin.uri": uri_loop(url),
        }
    own = next(iter(rates.values()))
    print(f"{'':40} {'requests/s':>12} {'ours / this':>12}")
    for name, rate in rates.items():
        print(f"{name:40} {rate:12.1f} {own / rate:12.2f}")


if __name__ == "__main__":
    main()
