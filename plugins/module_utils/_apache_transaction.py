# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""One control's change to httpd as one transaction: compare, test the whole, switch, reload, ask, or all of it undone."""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_marker as marker
from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_versions as versions
from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_vhosts as vhosts
from ansible_collections.hardening.atlassian.plugins.module_utils._apache_httpd import ENTRY, Httpd, Links, build_shadow, entry_text
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError


WAIT_SECONDS = 15.0
PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Wanted:
    """What the control asks for. needs: paths its configuration names (absolute, or inside the version)."""

    name: str
    files: Mapping[str, str]
    modules: Sequence[str] = ()
    modules_absent: Sequence[str] = ()
    links_absent: Sequence[str] = ()
    needs: Sequence[str] = ()


@dataclass(frozen=True)
class Plan:
    """Live state and wanted state, and the steps between them."""

    live: Mapping[str, str]
    after: Mapping[str, str]
    links: Links
    missing: Sequence[str] = field(default=())

    @property
    def files(self) -> list[str]:
        return sorted(path for path in {*self.live, *self.after} if self.live.get(path) != self.after.get(path))

    @property
    def differs_beyond_modules(self) -> bool:
        """Whether there is more to do than to enable modules."""
        return bool(self.files or self.links.disable or self.links.remove)

    def without_links(self) -> Plan:
        return replace(self, links=Links())

    def __bool__(self) -> bool:
        return bool(self.files or self.links)


def make_plan(httpd: Httpd, wanted: Wanted) -> Plan:
    """Read the host and compare. Raises AtlassianError for a module this httpd does not have."""
    live = versions.read_tree(httpd.current)
    after = versions.merged(live, wanted.name, wanted.files)
    modules = httpd.with_dependencies(wanted.modules)
    for name in modules:
        if not httpd.module_available(name):
            raise AtlassianError(f"httpd has no module {name} on this host ({httpd.conf}/mods-available/{name}.load is missing): install its package.")
    enable = [name for name in modules if not httpd.module_enabled(name)]
    # Enabling a module brings the link to its configuration with it, and that may be the very one that must not be there.
    coming = [f"mods-enabled/{name}.conf" for name in enable if os.path.exists(os.path.join(httpd.conf, "mods-available", f"{name}.conf"))]
    links = Links(
        enable=enable,
        disable=[name for name in wanted.modules_absent if httpd.module_enabled(name)],
        remove=[path for path in wanted.links_absent if path in coming or os.path.lexists(os.path.join(httpd.conf, path))],
    )
    missing = [path for path in wanted.needs if not (os.path.exists(path) if path.startswith("/") else path in after)]
    return Plan(live, after, links, missing)


def complaint_about(httpd: Httpd, plan: Plan, workplace: str) -> str:
    """httpd's judgement of the complete configuration as it would be, on a copy; the host stays as it is. Empty if content."""
    copy = tempfile.mkdtemp(prefix="version-", dir=workplace)
    shadow = tempfile.mkdtemp(prefix="root-", dir=workplace)
    versions.write_tree(copy, plan.after, "test")
    build_shadow(httpd, shadow, plan.links, entry_text())
    return httpd.test(shadow, copy).replace(copy + "/", "")


def own_vhosts(httpd: Httpd, base: str) -> list[vhosts.VirtualHost]:
    """Our virtual hosts in the configuration that is on the disk now."""
    found = vhosts.parse(httpd.dump_vhosts(httpd.conf, base))
    return [host for host in found if vhosts.is_ours(host, httpd.base)]


def running_old_version(httpd: Httpd) -> list[marker.Wrong]:
    """Virtual hosts of ours that the running httpd answers from another version than the one on the disk. Empty if httpd is stopped."""
    version = versions.live_id(httpd.current)
    if version is None or httpd.pid() is None:
        return []
    return marker.wrong_answers(own_vhosts(httpd, httpd.current), version)


def apply(httpd: Httpd, plan: Plan) -> None:
    """Make it so. Raises AtlassianError after having put back everything; what ran before then runs again."""
    if not os.path.lexists(os.path.join(httpd.conf, ENTRY)):
        raise AtlassianError(f"{httpd.conf}/{ENTRY} is missing, so httpd would not read {httpd.base}: run the control PRX-01, which places it.")
    before = versions.live_id(httpd.current)
    version = versions.new_id(plan.after, datetime.datetime.now(datetime.timezone.utc))
    folder = os.path.join(httpd.base, "versions", version)
    running = httpd.pid() is not None
    removed: dict[str, str] = {}
    try:
        versions.write_tree(folder, plan.after, version)
        _modules(httpd, "a2enmod", plan.links.enable)
        _remove_links(httpd, plan.links.remove, removed)
        _modules(httpd, "a2dismod", plan.links.disable)
        versions.switch(httpd.current, version)
        complaint = httpd.test(httpd.conf, httpd.current)
        if complaint:
            raise AtlassianError(f"httpd refuses the configuration: {complaint}")
        if running:
            _reload_and_ask(httpd, version)
    except (AtlassianError, OSError) as exc:
        note = _undo(httpd, plan, before, removed, running)
        shutil.rmtree(folder, ignore_errors=True)
        raise AtlassianError(f"{exc} {note}") from exc
    versions.prune(os.path.join(httpd.base, "versions"), version)


def reload_current(httpd: Httpd) -> None:
    """For a running httpd that has not read what is on the disk."""
    version = versions.live_id(httpd.current)
    complaint = httpd.test(httpd.conf, httpd.current)
    if complaint or version is None:
        raise AtlassianError(f"httpd was not reloaded, it refuses the configuration: {complaint}")
    _reload_and_ask(httpd, version)


def _reload_and_ask(httpd: Httpd, version: str) -> None:
    """A graceful reload takes a moment: ask again until all of ours answer with the new version, within a bound."""
    targets = own_vhosts(httpd, httpd.current)
    httpd.reload()
    end = time.monotonic() + WAIT_SECONDS
    while True:
        time.sleep(PAUSE_SECONDS)
        if httpd.pid() is None:
            raise AtlassianError("httpd accepted the configuration in its test, but went down when it was reloaded (see its error log).")
        wrong = marker.wrong_answers(targets, version)
        if not wrong:
            return
        if time.monotonic() >= end:
            said = "; ".join(item.sentence() for item in wrong)
            raise AtlassianError(f"After the reload not all virtual hosts answer with the new configuration: {said}.")


def _undo(httpd: Httpd, plan: Plan, before: str | None, removed: Mapping[str, str], running: bool) -> str:
    """Put everything back, in an order in which a failing step keeps none of the others from being tried."""
    versions.switch(httpd.current, before)
    for path, target in removed.items():
        os.symlink(target, path)
    trouble = ""
    for tool, names in (("a2dismod", plan.links.enable), ("a2enmod", plan.links.disable)):
        try:
            _modules(httpd, tool, names)
        except AtlassianError as exc:
            trouble = f" But {exc.sentence}"
    if not running:
        return f"Everything was put back.{trouble}"
    if httpd.pid() is None:
        httpd.bring_back()
        return f"The previous configuration was put back and httpd started again.{trouble}"
    httpd.reload()
    return f"The previous configuration was put back and reloaded.{trouble}"


def _modules(httpd: Httpd, tool: str, names: Sequence[str]) -> None:
    """Debian's own tools, so that its record of what an administrator enabled stays right. -f: for modules it calls essential."""
    if not names:
        return
    force = ["-f"] if tool == "a2dismod" else []
    code, out, err = httpd.run([tool, "-q", *force, *names], environ_update={"LC_ALL": "C"})
    if code:
        raise AtlassianError(f"{tool} {' '.join(names)} failed: {httpd.complaint(out + chr(10) + err, httpd.conf)}")


def _remove_links(httpd: Httpd, relative_paths: Sequence[str], removed: dict[str, str]) -> None:
    """Take enabling symlinks away and note in `removed` what they pointed to. A file of someone's own is no link and is never deleted."""
    paths = [os.path.join(httpd.conf, path) for path in relative_paths]
    for path in paths:
        if not os.path.islink(path):
            raise AtlassianError(f"{path} is a file and no link to one in *-available: move it away yourself.")
    for path in paths:
        removed[path] = os.readlink(path)
        os.unlink(path)
