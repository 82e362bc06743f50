# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab: a proxy, a simulated Jira and Confluence, a real Tomcat and a stranger outside, in containers on this machine.

  lab.py up [--fresh NAME]   bring it up, or repair it; --fresh builds that container anew
  lab.py room                exit code 1 if another lab is where this one wants to be
  lab.py status              what runs, and whether it is well (exit code 1 if not)
  lab.py exec NAME COMMAND   run a command in a container
  lab.py down [--purge]      remove it; images stay for the next time unless --purge
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from driver import containers, host, images, inventory, services, ssh
from driver.errors import LabError
from driver.podman import Podman
from driver.process import attempt, say
from driver.settings import Lab, load
from driver.state import State


def main() -> int:
    """Read the command line, run one command; errors of the lab are one sentence on standard error."""
    arguments = _parser().parse_args()
    try:
        lab = load()
        host.require_root()
        if arguments.command == "up":
            return up(lab, set(arguments.fresh))
        if arguments.command == "down":
            return down(lab, arguments.purge)
        if arguments.command == "room":
            return room(lab)
        if arguments.command == "status":
            return status(lab)
        return execute(lab, arguments.name, arguments.argv)
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("lab: interrupted; the next `lab.py up` goes on from here", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("up", help="bring the lab up, or repair it")
    command.add_argument("--fresh", metavar="NAME", action="append", default=[], help="build this container anew")
    command = commands.add_parser("down", help="remove containers and network")
    command.add_argument("--purge", action="store_true", help="the images, secrets and everything else as well")
    commands.add_parser("room", help="whether it can be brought up beside what runs here")
    commands.add_parser("status", help="what runs, and whether it is well")
    command = commands.add_parser("exec", help="run a command in a container")
    command.add_argument("name")
    command.add_argument("argv", nargs=argparse.REMAINDER, metavar="COMMAND")
    return parser


@contextmanager
def _alone(lab: Lab) -> Iterator[State]:
    """The state, held by one lab command at a time."""
    lab.directory.mkdir(parents=True, exist_ok=True)
    with (lab.directory / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another lab command is at work: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield State(lab.directory / "state.json")


def up(lab: Lab, fresh: set[str]) -> int:
    """Bring the lab up; what is up and sound stays as it is."""
    for name in fresh:
        lab.container(name)
    with _alone(lab) as state:
        host.install_packages(lab)
        podman = Podman(lab)
        podman.configure()
        machine = State(lab.machine_state)
        host.remember(machine)
        secrets = inventory.ensure_secrets(lab)
        ssh.ensure_key(lab)
        tags = images.ensure(lab, podman)
        built = containers.ensure(lab, podman, state, machine, tags, fresh)
        ssh.remember_hosts(lab, podman)
        inventory.write(lab, secrets)
        deployed = services.ensure(lab, podman, secrets)
    if not built and not deployed:
        say("the lab was up already: nothing changed")
    say(f"inventory: {lab.inventory}")
    say(f"inventory of the judge (real Tomcat): {lab.judge_inventory}")
    say(f"inventory of the older platform: {lab.older_inventory}")
    return 0


def down(lab: Lab, purge: bool) -> int:
    """Remove the lab from this machine."""
    if not lab.directory.exists() and not lab.run_directory.exists():
        say(f"no lab in {lab.directory}")
        return 0
    with _alone(lab) as state:
        if shutil.which("podman"):
            podman = Podman(lab)
            podman.configure()
            containers.down(lab, podman, state)
            host.restore(lab, State(lab.machine_state))
        shutil.rmtree(lab.run_directory, ignore_errors=True)
        if purge:
            _unmount(lab)
            _remove(lab)
    say("the lab is down" + ("" if purge else f"; its images stay in {lab.storage} (--purge removes them)"))
    return 0


def _unmount(lab: Lab) -> None:
    """podman may leave a mount of its storage on itself, which would keep the folder."""
    mounts = [line.split()[1] for line in open("/proc/mounts", encoding="utf-8")]
    for mount in reversed([path for path in mounts if path.startswith(f"{lab.directory}/")]):
        code, _out, error = attempt(["umount", mount])
        if code:
            raise LabError(f"{mount} cannot be unmounted: {error.strip()}")


def _remove(lab: Lab) -> None:
    """Remove the state folder; of one that is a mount point only what is in it."""
    if not lab.directory.is_mount():
        shutil.rmtree(lab.directory)
        return
    for path in lab.directory.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def room(lab: Lab) -> int:
    """Find another checkout's lab at once, and not when an hour of tests has gone by."""
    mine = lab.podman.exists() and shutil.which("podman") and Podman(lab).containers()
    if not mine and shutil.which("ip"):
        host.require_free_network(lab)
    return 0


def status(lab: Lab) -> int:
    """Print one line a container; not well is exit code 1."""
    if not lab.podman.exists():
        say(f"no lab in {lab.directory}: `lab.py up` makes one")
        return 1
    podman = Podman(lab)
    listed = podman.containers()
    well = True
    for box in lab.containers.values():
        found = listed.get(box.name)
        word = containers.system_state(podman, box.name) if found else "not there"
        print(f"{box.name:<10} {box.ipv4:<16} {box.ipv6:<20} {word}")
        if word == "degraded":
            print(podman.inside(box.name, "systemctl", "--failed", "--no-legend", "--plain").rstrip())
        well = well and word == "running"
    for name, problem in services.problems(lab):
        print(f"{name:<10} {problem}")
        well = False
    print(f"inventory  {lab.inventory}\n           {lab.judge_inventory}")
    return 0 if well else 1


def execute(lab: Lab, name: str, argv: list[str]) -> int:
    """Become `podman exec`: terminal, signals and exit code are the command's own."""
    lab.container(name)
    if not argv:
        raise LabError(f"what shall run in {name}? lab.py exec {name} COMMAND")
    if not lab.podman.exists():
        raise LabError(f"no lab in {lab.directory}: `lab.py up` makes one")
    terminal = ["--tty"] if sys.stdin.isatty() and sys.stdout.isatty() else []
    os.execv(lab.podman, [str(lab.podman), "exec", "--interactive", *terminal, name, *argv])


if __name__ == "__main__":
    sys.exit(main())
