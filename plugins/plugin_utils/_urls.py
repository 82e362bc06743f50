# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""URLs of the inventory, checked and normalised."""

from __future__ import annotations

import re
import urllib.parse
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._networks import is_address

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
# Pages of the products, one of which an address copied from a browser shows: an issue, a project, a space, or a file with one of their endings.
_PAGE = re.compile(
    r"/(?:browse|projects)/[A-Z][A-Z0-9_]+(?:-[0-9]+)?(?:/|$)"
    r"|/display/[A-Z~][^/]*(?:/|$)"
    r"|/(?:(?:secure|pages)/(?:[^/]+/)*)?[^/]+\.(?i:jspa|jsp|action)$"
)
_BRACKETS = "whose host is not a name: write an IPv6 address in brackets, like https://[2001:db8::5]:8080"
_NO_NAME = "whose host name is not a DNS name or an address (write names beyond ASCII in their xn-- form)"


def shown(url: object) -> str:
    """A URL as it may be shown: what stands before an @ may be a password, in which a / was forgotten to be written as %2F."""
    return repr(re.sub(r"//[^\s'\"]*@", "//***@", str(url)))


def _split(url: str) -> urllib.parse.SplitResult:
    try:
        return urllib.parse.urlsplit(url)
    except ValueError as error:
        # A bracket without its other half, or something else than an address in them; beside that, letters that only look like ASCII.
        raise ValueError(_BRACKETS if "[" in url or "]" in url else _NO_NAME) from error


def _authority(parts: urllib.parse.SplitResult) -> tuple[str, int]:
    """(host, port) of a URL; ValueError where there is no host or no such port."""
    if parts.username is not None or parts.password is not None:
        raise ValueError("which carries a user name or password: use atlassian_username and atlassian_password")
    if parts.netloc.count(":") > 1 and "[" not in parts.netloc:
        raise ValueError(_BRACKETS)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError("which has an invalid port") from error
    if port == 0:
        raise ValueError("which has the port 0, on which nothing can be reached")
    if not host:
        raise ValueError("which has no host name")
    if "[" in parts.netloc and not (":" in host and is_address(host)):
        # Which other things Python takes in brackets depends on its version.
        raise ValueError(_BRACKETS)
    if not (_HOST.fullmatch(host) or is_address(host)):
        raise ValueError(_NO_NAME)
    return host, port or _PORTS[parts.scheme]


def _path(path: str, before: str) -> str:
    """The context path without a slash at its end. before is the URL up to the path, for the sentence of the ValueError."""
    path = path.rstrip("/")
    if not _PATH.fullmatch(path) or any(segment in (".", "..") for segment in path.split("/")):
        raise ValueError("whose path must be empty or a plain context path like /jira")
    page = _PAGE.search(path)
    if page:
        raise ValueError(f"whose path is that of a page: write {before}{path[: page.start()]}, the address with nothing but the context path")
    return path


def parse_url(url: object) -> dict[str, Any]:
    """{url, scheme, host, port, path} of an http(s) URL; path is "" or "/context", the URL has no slash at its end.

    Raises ValueError with half a sentence that follows the shown value.
    """
    if not isinstance(url, str) or not url.strip():
        raise ValueError("which is not a URL")
    parts = _split(url.strip())
    if parts.scheme not in _PORTS:
        raise ValueError("which must begin with https:// (or http://)")
    host, port = _authority(parts)
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise ValueError("which must not have a query or a fragment")
    shown_host = f"[{host}]" if ":" in host else host
    before = f"{parts.scheme}://{shown_host}" if port == _PORTS[parts.scheme] else f"{parts.scheme}://{shown_host}:{port}"
    path = _path(parts.path, before)
    return {"url": f"{before}{path}", "scheme": parts.scheme, "host": host, "port": port, "path": path}
