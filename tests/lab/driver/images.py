# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The images: one by mmdebstrap, the others one apt-get run on top. Kept until their recipe changes."""

from __future__ import annotations

import hashlib
import json
import shlex
from pathlib import Path

from . import apt
from .podman import Podman
from .process import run_long, say
from .settings import Lab

_PREFIX = "localhost/atlassian-lab"
_RECIPE = 1  # raise it when a change below has to reach images that are already built
_BASE = "base"


def ensure(lab: Lab, podman: Podman) -> dict[str, str]:
    """Build the images that are not there; returns {image name: tag}."""
    tags = {name: f"{_PREFIX}/{name}:{_fingerprint(lab, name)}" for name in lab.images}
    bases = {suite: _base_tag(lab, suite) for suite in {lab.suite, *lab.suites.values()}}
    for suite, tag in sorted(bases.items()):
        if not podman.succeeds("image", "exists", tag):
            _build_base(lab, podman, suite, tag)
    for name, tag in tags.items():
        if name != _BASE and not podman.succeeds("image", "exists", tag):
            _build_derived(lab, podman, name, tag, bases[lab.suite_of(name)])
    _remove_old(podman, {*tags.values(), *bases.values()})
    return tags


def _base_tag(lab: Lab, suite: str) -> str:
    name = _BASE if suite == lab.suite else f"{_BASE}-{suite}"
    return f"{_PREFIX}/{name}:{_fingerprint(lab, _BASE, suite)}"


def _fingerprint(lab: Lab, name: str, suite: str = "") -> str:
    recipe = [_RECIPE, suite or lab.suite_of(name), lab.images[_BASE], lab.images[name]]
    return hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:12]


def _remove_old(podman: Podman, wanted: set[str]) -> None:
    for tag in podman("images", "--format", "{{.Repository}}:{{.Tag}}").split():
        # In use by a container that is about to be replaced: the next run removes it.
        if tag.startswith(_PREFIX) and tag not in wanted and podman.succeeds("image", "rm", tag):
            say(f"image {tag} is no longer needed: removed")


def _build_base(lab: Lab, podman: Podman, suite: str, tag: str) -> None:
    source = apt.read(suite)
    say(f"image {_BASE}: Debian {suite} by mmdebstrap, about half a minute")
    tar = lab.directory / "tmp" / "base.tar"
    options = lab.directory / "tmp" / "apt-options"
    options.write_text("".join(f"{line}\n" for line in source.options))
    sources = lab.directory / "tmp" / "sources.list"
    sources.write_text("".join(f"{line}\n" for line in source.sources))
    command = ["mmdebstrap", "--variant=minbase", f"--include={','.join(lab.images[_BASE])}"]
    if source.options:
        command.append(f"--aptopt={options}")
    command += [f"--setup-hook={_copy(path, 'etc/apt/auth.conf.d')}" for path in source.credentials]
    command += [
        f"--customize-hook={_copy(path, 'usr/local/share/ca-certificates')}" for path in source.certificates
    ]
    if source.certificates:
        command.append('--customize-hook=chroot "$1" update-ca-certificates')
    run_long("mmdebstrap", [*command, suite, str(tar), str(sources)], lab.log(f"image-base-{suite}"))
    say(f"image {_BASE}: import")
    podman("import", "--change", 'CMD ["/sbin/init"]', str(tar), tag)
    tar.unlink()


def _copy(path: Path, directory: str) -> str:
    """A hook of mmdebstrap that copies one file of this machine into the new system."""
    return f'mkdir -p "$1/{directory}" && cp -p {shlex.quote(str(path))} "$1/{directory}/"'


def _build_derived(lab: Lab, podman: Podman, name: str, tag: str, base: str) -> None:
    packages = lab.images[name]
    say(f"image {name}: {' '.join(packages)}")
    box = f"build-{name}"
    podman("rm", "--force", "--ignore", box)
    # The network of the lab is not needed to build: apt reaches the mirror by way of this machine.
    script = (
        "set -eu; export DEBIAN_FRONTEND=noninteractive; apt-get update; "
        f"apt-get install --yes --no-install-recommends {shlex.join(packages)}; "
        "apt-get clean; rm -rf /var/lib/apt/lists/*"
    )
    command = [str(lab.podman), "run", "--name", box, "--network", "host", base, "sh", "-c", script]
    run_long(f"image {name}", command, lab.log(f"image-{name}"))
    podman("commit", "--change", 'CMD ["/sbin/init"]', box, tag)
    podman("rm", "--force", box)
