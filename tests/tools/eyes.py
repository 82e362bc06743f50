"""What a stranger, a colleague and the administrator get from each site of an inventory.

Looks through the front door (atlassian_url, at the first proxy's address) where it answers, else at atlassian_api_url, and says
which. With --save the view is written down; with --compare it is held against the one written before: strangers must get nothing
any more, colleagues exactly what they had, and the administrator must still administer. Exit code 1 where that does not hold.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import urllib3


@dataclass(frozen=True)
class Product:
    """What is asked of a product's sites. {witness} stands for the colleague's name."""

    group: str
    stranger: dict[str, str]
    things: str
    colleague: tuple[str, ...]
    administrator: str
    administers: Callable[[Any], bool]


PRODUCTS = [
    Product(
        group="jira_sites",
        stranger={
            "projects": "/rest/api/2/project",
            "user picker": "/rest/api/2/user/picker?query=a",
            "dashboards": "/rest/api/2/dashboard",
            "filters": "/secure/ManageFilters.jspa?filterView=popular",
            "sign-up": "/secure/Signup!default.jspa",
            "page": "/secure/Dashboard.jspa",
        },
        things="projects, dashboards and filters",
        colleague=("/rest/api/2/project", "/rest/api/2/dashboard", "/rest/api/2/filter/favourite"),
        administrator="/rest/api/2/mypermissions",
        administers=lambda body: bool(body["permissions"]["SYSTEM_ADMIN"]["havePermission"]),
    ),
    Product(
        group="confluence_sites",
        stranger={
            "who am I": "/rest/api/user/current",
            "a user": "/rest/api/user?username={witness}",
            "spaces": "/rest/api/space",
            "page": "/dashboard.action",
        },
        things="spaces",
        # Of all types; the first 100 of each status, which is enough here.
        colleague=("/rest/api/space?status=current&limit=100", "/rest/api/space?status=archived&limit=100"),
        administrator="/rest/api/permissions",  # only administrators get it
        administers=lambda body: True,
    ),
]


def inventory(path: str) -> dict[str, Any]:
    """The inventory as Ansible itself reads it."""
    out = subprocess.run(["ansible-inventory", "-i", path, "--list"], check=True, capture_output=True, text=True).stdout
    parsed: dict[str, Any] = json.loads(out)
    return parsed


class Eye:
    """One person's view of one site, through one connection pool."""

    def __init__(self, base: str, address: str | None, ca: str | None, headers: dict[str, str]) -> None:
        parts = urlsplit(base)
        self._path = parts.path.rstrip("/")
        self._headers = {"Host": parts.netloc, "User-Agent": "hardening-atlassian-demo", **headers}
        if parts.scheme == "https":
            self._pool: urllib3.HTTPConnectionPool = urllib3.HTTPSConnectionPool(
                address or parts.hostname or "", parts.port or 443, ca_certs=ca, server_hostname=parts.hostname, assert_hostname=parts.hostname
            )
        else:
            self._pool = urllib3.HTTPConnectionPool(address or parts.hostname or "", parts.port or 80)

    def get(self, path: str) -> tuple[int, Any]:
        """Status and body (JSON where it is JSON, else text) of one GET."""
        answer = self._pool.request("GET", self._path + path, headers=self._headers, redirect=False, retries=False, timeout=20)
        try:
            return answer.status, json.loads(answer.data)
        except ValueError:
            return answer.status, answer.data.decode(errors="replace")


def listed(body: Any) -> Any:
    """The list an answer is, or carries; None where there is none."""
    if isinstance(body, dict):
        return next((body[name] for name in ("users", "dashboards", "results") if name in body), None)
    return body if isinstance(body, list) else None


def amount(status: int, body: Any) -> int:
    """How many things an answer gives away; a page counts as one where it is served and not a log-in page."""
    if status != 200 or (isinstance(body, str) and "os_password" in body):
        return 0
    found = listed(body)
    return 1 if found is None else len(found)


def front_door(site: dict[str, Any], proxy: str | None, ca: str | None) -> tuple[str, str | None, str | None]:
    """Address to look at: the public one where it answers, else the direct one."""
    public = urlsplit(site["atlassian_url"])
    if proxy and ca and pathlib.Path(ca).exists():
        try:
            socket.create_connection((proxy, public.port or 443), timeout=3).close()
            return site["atlassian_url"], proxy, ca
        except OSError:
            pass
    return site.get("atlassian_api_url", site["atlassian_url"]), None, ca


def login(site: dict[str, Any], prefix: str, token: str) -> dict[str, str]:
    """The header that says who asks: by token where there is one, else by name and password."""
    if site.get(token):
        return {"Authorization": f"Bearer {site[token]}"}
    return urllib3.make_headers(basic_auth=f"{site[f'{prefix}username']}:{site[f'{prefix}password']}")


def look(product: Product, site: dict[str, Any], proxy: str | None) -> dict[str, Any]:
    """The three views of one site."""
    base, address, ca = front_door(site, proxy, site.get("atlassian_ca_path") or site.get("lab_ca_path"))
    stranger = Eye(base, address, ca, {})
    witness = Eye(base, address, ca, login(site, "atlassian_witness_", "atlassian_witness_token"))
    admin = Eye(base, address, ca, login(site, "atlassian_", "atlassian_api_token"))
    view: dict[str, Any] = {"looked at": base, "things": product.things, "stranger": {}}
    for what, path in product.stranger.items():
        status, body = stranger.get(path.format(witness=quote(site["atlassian_witness_username"])))
        view["stranger"][what] = {"status": status, "things": amount(status, body)}
    answers = [witness.get(path) for path in product.colleague]
    bad = [status for status, _body in answers if status != 200]
    view["colleague"] = f"status {bad[0]}" if bad else sorted(thing.get("key") or thing["name"] for _status, body in answers for thing in listed(body))
    status, body = admin.get(product.administrator)
    view["administrator"] = status == 200 and product.administers(body)
    return view


def show(name: str, view: dict[str, Any]) -> None:
    print(f"  {name} at {view['looked at']}")
    for what, seen in view["stranger"].items():
        print(f"    stranger, {what:12} status {seen['status']}, {seen['things'] or 'no'} data")
    print(f"    colleague sees the {view['things']} {', '.join(view['colleague']) if isinstance(view['colleague'], list) else view['colleague']}")
    print(f"    administrator administers: {'yes' if view['administrator'] else 'NO'}")


def verdict(name: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Sentences about what is not as promised."""
    wrong = [f"{name}: a stranger still gets {what}" for what, seen in after["stranger"].items() if seen["things"]]
    if not any(seen["things"] for seen in before["stranger"].values()):
        wrong.append(f"{name}: a stranger got nothing before either, so nothing is shown")
    if before["colleague"] != after["colleague"] or not isinstance(after["colleague"], list):
        wrong.append(f"{name}: the colleague saw {before['colleague']}, and now {after['colleague']}")
    if not after["administrator"]:
        wrong.append(f"{name}: the administrator no longer administers")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inventory", required=True)
    parser.add_argument("--save", type=pathlib.Path)
    parser.add_argument("--compare", type=pathlib.Path)
    args = parser.parse_args()
    world = inventory(args.inventory)
    hosts = world["_meta"]["hostvars"]
    proxies = world.get("atlassian_proxies", {}).get("hosts", [])
    proxy = hosts[proxies[0]].get("lab_address") if proxies else None
    views = {name: look(product, hosts[name], proxy) for product in PRODUCTS for name in world.get(product.group, {}).get("hosts", [])}
    for name, view in views.items():
        show(name, view)
    if args.save:
        args.save.write_text(json.dumps(views, indent=2))
    if args.compare:
        before = json.loads(args.compare.read_text())
        wrong = [sentence for name, view in views.items() for sentence in verdict(name, before[name], view)]
        print("\n".join(f"  NOT AS PROMISED: {sentence}" for sentence in wrong) or "  As promised: strangers get nothing, colleagues what they had.")
        return 1 if wrong else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
