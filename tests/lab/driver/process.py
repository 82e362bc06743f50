# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands: short ones with their output, long ones with a log and a sign of life."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .errors import LabError

_STARTED = time.monotonic()
_SIGN_OF_LIFE = 15.0  # seconds between two lines while a long command runs
_TAIL = 15  # lines of a failed command's log shown to the person


def say(text: str) -> None:
    """Print one line of progress with the seconds since the start."""
    print(f"[{time.monotonic() - _STARTED:4.0f} s] {text}", flush=True)


def run(command: Sequence[str], *, stdin: bytes | None = None, env: Mapping[str, str] | None = None) -> str:
    """Run a short command and return its standard output; a failure is a LabError that quotes standard error."""
    code, out, err = attempt(command, stdin=stdin, env=env)
    if code:
        raise LabError(f"`{' '.join(command)}` ended with {code}: {err.strip() or out.strip()}")
    return out


def attempt(
    command: Sequence[str], *, stdin: bytes | None = None, env: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """Run a short command and return exit code, standard output and standard error."""
    try:
        done = subprocess.run(command, input=stdin or b"", capture_output=True, env=env, check=False)
    except FileNotFoundError as missing:
        raise LabError(f"`{command[0]}` is not installed") from missing
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def run_long(what: str, command: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None) -> None:
    """Run a long command with its output in `log`; says that it goes on, and shows the log's end if it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env
        )
        while True:
            try:
                code = process.wait(timeout=_SIGN_OF_LIFE)
                break
            except subprocess.TimeoutExpired:
                say(f"{what}: still working")
            except BaseException:
                process.kill()
                process.wait()
                raise
    if code:
        lines = log.read_text(errors="replace").splitlines()[-_TAIL:]
        raise LabError(f"{what} failed with {code}; the end of {log}:\n" + "\n".join(f"  {line}" for line in lines))
