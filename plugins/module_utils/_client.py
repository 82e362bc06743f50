# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""The one way to the wire: who asks, what may be asked in check mode, what is repeated, and what an answer is worth."""

from __future__ import annotations

import email.utils
import ipaddress
import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from ansible_collections.hardening.atlassian.plugins.module_utils import _sentences
from ansible_collections.hardening.atlassian.plugins.module_utils._credentials import Credentials
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError, WriteUncertain
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Request, Response, Transport

Item = TypeVar("Item")
Result = TypeVar("Result")

# Not a browser's name: Jira refuses writes of agents that look like one (reference: Jira KB, REST calls with a browser User-Agent header).
USER_AGENT = "hardening.atlassian (Ansible)"
JSON, PAGE = "application/json", "text/html"
READS = frozenset({"GET", "HEAD"})
# What the products read, or end, by other verbs. Closed: a line here is all that check mode lets through besides READS.
READS_BY_OTHER_VERBS: dict[tuple[str, str], str] = {
    ("POST", "/rest/auth/1/session"): "log-in; Jira REST documentation, auth/1/session",
    ("DELETE", "/rest/auth/1/session"): "end of our own session; Jira REST documentation, auth/1/session",
    ("POST", "/login.jsp"): "log-in by the classic page; Atlassian dc-app-performance-toolkit, jira.jmx",
    ("POST", "/secure/admin/WebSudoAuthenticate.jspa"): "secure administrator session; Atlassian dc-app-performance-toolkit, jira_clients.py",
    ("DELETE", "/rest/auth/1/websudo"): "end of it; Jira REST documentation, auth/1/websudo",
    ("POST", "/dologin.action"): "log-in to Confluence; Atlassian dc-app-performance-toolkit, confluence.jmx",
    ("POST", "/rest/tsv/1.0/authenticate"): "log-in by the newer page; Atlassian dc-app-performance-toolkit, locustio",
    ("POST", "/doauthenticate.action"): "secure administrator session; Atlassian dc-app-performance-toolkit, confluence_clients.py",
    ("POST", "/rpc/json-rpc/confluenceservice-v2/getServerInfo"): "whether the remote API answers; Confluence JSON-RPC documentation",
    ("POST", "/rpc/json-rpc/confluenceservice-v2/getSpacePermissionSets"): "permissions of a space; Confluence JSON-RPC documentation",
}
# Of these, what may be asked again when no answer came: a log-in may not.
REPEATABLE = frozenset(entry for entry in READS_BY_OTHER_VERBS if entry[1].startswith("/rpc/"))
TRANSIENT = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class RetryPolicy:
    """Bounds for repeated reads. Seconds."""

    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 30.0
    total_wait: float = 60.0


RETRY = RetryPolicy()


class Client:
    """Talks to one product at one address as one user (or as a stranger). Keeps cookies only as a browser session. Safe for threads."""

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        transport: Transport,
        *,
        read_only: bool,
        connections: int = 1,
        allow_http: bool = False,
        retry: RetryPolicy | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """read_only: check mode; anything but a read is refused before it reaches the wire."""
        self.url = checked_url(url, allow_http)
        self.credentials = credentials
        self.read_only = read_only
        self._transport = transport
        self._connections = connections
        self._retry = retry or RETRY
        self._sleep = sleep
        self._locked: AtlassianError | None = None
        self._lock = threading.Lock()

    def get_json(self, path: str) -> Any:
        """The JSON of a 2xx answer, proven not to be an anonymous one. Raises AtlassianError for anything else."""
        response = self.get(path)
        if not 200 <= response.status < 300:
            raise AtlassianError(_sentences.refusal(response, self.credentials), status=response.status)
        return json_of(response)

    def get(self, path: str) -> Response:
        """Any answer to a read that was not refused for its credentials, whatever its status."""
        response = self._request("GET", path)
        self._believe(response)
        return response

    def get_page(self, path: str) -> Response:
        """An HTML page that says the same to everybody. Pages may ignore credentials that REST accepts, so a stranger's answer is no error."""
        return self._request("GET", path, accept=PAGE)

    def submit(self, path: str, fields: Iterable[tuple[str, str]]) -> Response:
        """Post a form, once. Any answer that was not refused for its credentials: what it is worth is for the caller to find out."""
        return self._request("POST", path, urlencode(list(fields)).encode(), accept=PAGE, content_type="application/x-www-form-urlencoded")

    def call(self, path: str, body: Any) -> Response:
        """Post JSON, once; any answer that was not refused for its credentials."""
        response = self._request("POST", path, json.dumps(body).encode())
        self._believe(response)
        return response

    def write(self, method: str, path: str, body: Any = None, also: Iterable[int] = ()) -> Response:
        """One attempt. `also`: statuses outside 2xx that mean success (404 for a DELETE). Raises WriteUncertain where only a re-read can tell."""
        response = self._request(method, path, None if body is None else json.dumps(body).encode())
        self._believe(response)
        if 200 <= response.status < 300 or response.status in also:
            return response
        raise AtlassianError(_sentences.refusal(response, self.credentials), status=response.status)

    def settle(self, write: Callable[[], object], done: Callable[[], bool], attempts: int = 3) -> None:
        """Write; where the outcome is uncertain re-read with `done`, and write again only if it did not happen."""
        uncertain: WriteUncertain | None = None
        for attempt in range(attempts):
            try:
                write()
                return
            except WriteUncertain as exc:
                uncertain = exc
                wait = exc.wait if exc.wait is not None else self._retry.first_wait * 2**attempt
                too_long = wait > self._retry.longest_wait
                if not too_long:
                    self._sleep(wait)
                if done():
                    return
                if too_long:
                    break
        if uncertain is not None:
            raise AtlassianError(f"{uncertain.sentence} A re-read shows that it was not done.", status=uncertain.status)

    def gather(self, function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result | AtlassianError]:
        """function(item) for each item, `connections` at a time, in the order of items; one bad item does not stop the others."""

        def attempt(item: Item) -> Result | AtlassianError:
            try:
                return function(item)
            except AtlassianError as exc:
                return exc

        if self._connections < 2 or len(items) < 2:
            return [attempt(item) for item in items]
        with ThreadPoolExecutor(max_workers=self._connections) as threads:
            return list(threads.map(attempt, items))

    def _request(self, method: str, path: str, body: bytes | None = None, accept: str = JSON, content_type: str = JSON) -> Response:
        if self.read_only and not is_read(method, path):
            raise AtlassianError(f"{method} {path}: refused by the collection itself, since this run must not change anything. Please report this.")
        headers = {"User-Agent": USER_AGENT, "Accept": accept, **self.credentials.headers}
        if body is not None:
            headers["Content-Type"] = content_type
        if method not in READS:
            headers["X-Atlassian-Token"] = "no-check"  # XSRF check of writes (Jira REST documentation, special headers)
        request = Request(method, self.url + path, headers, body)
        response = self._read(request) if method in READS or (method, path) in REPEATABLE else self._write(request)
        self._stop_after_refusal(response)
        return response

    def _send(self, request: Request) -> Response:
        with self._lock:
            if self._locked is not None:
                raise self._locked
        response = self._transport.send(request)
        if self.credentials.cookies is not None:
            with self._lock:
                self.credentials.cookies.take(response.cookies)
        if response.status in TRANSIENT:
            sentence = _sentences.refusal(response, self.credentials)
            raise AtlassianError(sentence, status=response.status, transient=True, wait=retry_after(response))
        return response

    def _read(self, request: Request) -> Response:
        waited = 0.0
        for attempt in range(1, self._retry.attempts + 1):
            try:
                return self._send(request)
            except AtlassianError as exc:
                wait = max(exc.wait or 0.0, self._retry.first_wait * 2 ** (attempt - 1))
                last = attempt == self._retry.attempts
                if not exc.transient or last or wait > self._retry.longest_wait or waited + wait > self._retry.total_wait:
                    raise
                self._sleep(wait)
                waited += wait
        raise AtlassianError(f"{request.label}: not asked, since no attempt is allowed. Please report this.")

    def _write(self, request: Request) -> Response:
        try:
            return self._send(request)
        except AtlassianError as exc:
            if exc.transient:
                raise WriteUncertain(exc.sentence, status=exc.status, wait=exc.wait) from exc
            raise

    def _stop_after_refusal(self, response: Response) -> None:
        """Also where it looks like a success: an empty 200 can be a failed log-in (JRASERVER-41559)."""
        if self.credentials.anonymous:
            return
        # The requests of a browser session carry no password, so a bare 401 says nothing of it: the remote API answers so while it is off.
        judge = _sentences.says_login_failed if self.credentials.cookies is not None else _sentences.is_login_failure
        if judge(response) or _sentences.is_basic_blocked(response, self.credentials):
            self._lock_out(_sentences.refusal(response, self.credentials), response.status)

    def _believe(self, response: Response) -> None:
        """A token the product does not know may simply be ignored: the answer is then the one for anonymous. And a stranger must stay one."""
        user = response.header("X-AUSERNAME")
        if self.credentials.anonymous and self.credentials.cookies is None and user and user.lower() != "anonymous":
            label = response.request.label
            raise AtlassianError(f"{label} was answered as {user} although nobody logged in. Find out what logs strangers in on the way.")
        if not self.credentials.anonymous and user.lower() == "anonymous":
            self._lock_out(
                f"{response.request.label} answered {response.status} as anonymous, although credentials were sent: the product ignored them. "
                f"Correct {self.credentials.option}, and check that the proxy passes the Authorization header.",
                response.status,
            )

    def _lock_out(self, sentence: str, status: int) -> None:
        """After one refused log-in this client sends nothing more."""
        error = AtlassianError(sentence, status=status)
        with self._lock:
            self._locked = error
        raise error


def checked_url(url: str, allow_http: bool) -> str:
    """The base URL without trailing slash. Raises AtlassianError for what must not be sent credentials."""
    try:
        parts = urlsplit(url)
        host, has_user = parts.hostname, "@" in parts.netloc
    except ValueError as exc:
        raise AtlassianError("url: not a valid address. Give it as https://host[:port][/context].") from exc
    if has_user:
        raise AtlassianError("url: holds a user or password. Give them as username and password; a URL ends up in logs.")
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise AtlassianError(f"url: {url} is not a base address. Give it as https://host[:port][/context].")
    if parts.scheme == "http" and not allow_http and not _is_loopback(host):
        raise AtlassianError(f"url: {url} would send credentials in clear text. Use https, or set allow_http for a network you trust.")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_read(method: str, path: str) -> bool:
    """Whether check mode lets the call through."""
    return method in READS or (method, path) in READS_BY_OTHER_VERBS


def json_of(response: Response) -> Any:
    """The body as JSON. Raises AtlassianError with a sentence for pages, emptiness and broken JSON."""
    try:
        return json.loads(response.body)
    except ValueError as exc:
        raise AtlassianError(_sentences.not_json(response), status=response.status) from exc


def retry_after(response: Response) -> float | None:
    """Seconds of a Retry-After header, given as a number or as a date (RFC 9110, 10.2.3); None without one."""
    value = response.header("Retry-After").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
