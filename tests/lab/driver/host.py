# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine underneath: what the lab needs of it, what it changes there, and how that is put back."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from . import firewall
from .errors import LabError
from .process import attempt, run, run_long, say
from .settings import Lab
from .state import State

# runc: crun refuses machines with hybrid cgroups. iptables: what netavark is told to use (see podman.py).
PACKAGES = [
    "podman",
    "runc",
    "netavark",
    "aardvark-dns",
    "iptables",
    "iproute2",
    "mmdebstrap",
    "debian-archive-keyring",
    "openssh-client",
]

_FORWARDING = "net/ipv{}/conf/{}/forwarding"


def require_root() -> None:
    if os.geteuid() != 0:
        raise LabError("the lab runs containers with systemd and a network of their own: please run it as root")


def install_packages(lab: Lab) -> None:
    """Install the Debian packages that are missing, and nothing if none is."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-query"):
        raise LabError("the lab installs its tools with apt-get and was built for Debian 12 and 13: no apt-get here")
    missing = [name for name in PACKAGES if not _installed(name)]
    if not missing:
        return
    say(f"installing Debian packages on this machine (they stay): {', '.join(missing)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run_long("apt-get update", ["apt-get", "update"], lab.log("host-apt-update"), env=env)
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    run_long("apt-get install", command, lab.log("host-apt-install"), env=env)


def _installed(package: str) -> bool:
    code, out, _error = attempt(["dpkg-query", "--show", "--showformat", "${db:Status-Abbrev}", package])
    return code == 0 and out.startswith("ii")


def boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def remember(state: State) -> None:
    """Write down how the machine was before the lab's first change since it booted."""
    if state.get("forwarding") is None:
        state.set("netavark", _has_netavark_rules())
        state.set("forwarding", {str(path): path.read_text().strip() for path in _forwarding_files()})


def _forwarding_files() -> Iterator[Path]:
    # `all` first: writing it overwrites the interfaces, which are therefore put back after it.
    for family in (4, 6):
        yield Path("/proc/sys") / _FORWARDING.format(family, "all")
        yield Path("/proc/sys") / _FORWARDING.format(family, "default")
        for interface in sorted(Path(f"/proc/sys/net/ipv{family}/conf").iterdir()):
            if interface.name not in ("all", "default"):
                yield interface / "forwarding"


def allow_forwarding() -> None:
    """IPv4 forwarding lets the containers reach the package mirror; netavark sets it, others may have unset it."""
    path = Path("/proc/sys/net/ipv4/ip_forward")
    if path.read_text().strip() != "1":
        path.write_text("1\n")


def restore_ipv6_forwarding(state: State) -> None:
    """Undo netavark's IPv6 forwarding at once: the containers speak IPv6 only on their own network, and a
    machine that forwards stops accepting router advertisements (accept_ra, kernel's ip-sysctl.rst)."""
    _restore(state, 6)


def restore(lab: Lab, state: State) -> None:
    """Put forwarding and firewall back as `remember` found them."""
    if state.get("forwarding") is None:
        return
    _restore(state, 4)
    _restore(state, 6)
    if not state.get("netavark"):
        for family, network in (("iptables", lab.ipv4), ("ip6tables", lab.ipv6)):
            firewall.remove_netavark(family, str(network))
    state.forget("forwarding")


def _restore(state: State, family: int) -> None:
    for name, value in state.get("forwarding").items():
        path = Path(name)
        if f"/ipv{family}/" in name and path.exists() and path.read_text().strip() != value:
            path.write_text(value + "\n")


def _has_netavark_rules() -> bool:
    return any("NETAVARK" in run([f"{family}-save"]) for family in ("iptables", "ip6tables"))


def require_free_network(lab: Lab) -> None:
    """Refuse if an interface of this machine already has the lab's gateway address."""
    for interface in addresses():
        if interface["local"] != lab.gateway:
            continue
        name = interface["name"]
        if name.startswith("podman") and _nothing_hangs_on(name):
            say(f"bridge {name} is left of an earlier lab and nothing hangs on it: removing it")
            run(["ip", "link", "delete", name])
            continue
        raise LabError(
            f"{lab.gateway} is already on interface {name} and not from this lab ({lab.directory}): "
            "if it is another lab's, run `lab.py down` there first"
        )


def _nothing_hangs_on(bridge: str) -> bool:
    """Whether the bridge has no ports; those of containers that just ended go a moment later."""
    for _attempt in range(20):
        if not any(Path(f"/sys/class/net/{bridge}/brif").iterdir()):
            return True
        time.sleep(0.1)
    return False


def serves_network(lab: Lab) -> bool:
    """Whether the gateway address and the rule that lets the containers out are (still) on this machine."""
    rules = run(["iptables-save", "--table", "nat"])
    return f"-s {lab.ipv4} " in rules and any(address["local"] == lab.gateway for address in addresses())


def addresses() -> list[dict[str, str]]:
    """The machine's IP addresses: a list of {name: interface, local: address}."""
    return [
        {"name": link["ifname"], "local": address["local"]}
        for link in json.loads(run(["ip", "-json", "address", "show"]))
        for address in link["addr_info"]
    ]
