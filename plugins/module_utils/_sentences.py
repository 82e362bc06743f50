# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""One place that turns an answer nobody wanted into one sentence. Product texts are translated: status, headers and member names decide."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.hardening.atlassian.plugins.module_utils._credentials import Credentials
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Response

LONGEST_QUOTE = 200
# X-Seraph-LoginReason (Seraph's LoginReason): the password was wrong, or a CAPTCHA is due and it was not even looked at.
FAILED, DENIED = "AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED"
ONE_ATTEMPT = "It was not tried again: repeated failures lock the account behind a CAPTCHA."
BUSY = {
    429: "the product limits the rate of requests",
    502: "the proxy got no answer from the product",
    503: "the product or its proxy is not available",
    504: "the proxy waited too long for the product",
}


def login_reasons(response: Response) -> set[str]:
    """The header may hold several reasons, separated by commas."""
    return {reason.strip() for reason in response.header("X-Seraph-LoginReason").split(",") if reason.strip()}


def says_login_failed(response: Response) -> bool:
    """The product says so itself, by a header."""
    return bool(login_reasons(response) & {FAILED, DENIED} or response.header("X-Authentication-Denied-Reason"))


def is_login_failure(response: Response) -> bool:
    """True where another attempt with these credentials could lock the account. WebSudo's 401 is no log-in failure."""
    return says_login_failed(response) or response.status == 401 and not _asks_websudo(response) and not _is_recognised(response)


def is_basic_blocked(response: Response, credentials: Credentials) -> bool:
    """Jira 8.16+ and Confluence 7.9+ can refuse Basic authentication: 403 and a body with nothing but a (translated) message."""
    return response.status == 403 and credentials.basic and _members(response.body) == {"message"}


def refusal(response: Response, credentials: Credentials) -> str:
    """What to say of an answer with a status that was not wanted."""
    came_back, to_do = _judge(response, credentials)
    words = credentials.redact(product_words(response.body))
    quoted = f' ("{words}")' if words else ""
    return f"{response.request.label} answered {response.status}: {came_back}{quoted}. {to_do}"


def _judge(response: Response, credentials: Credentials) -> tuple[str, str]:
    status = response.status
    reasons = login_reasons(response)
    if DENIED in reasons or response.header("X-Authentication-Denied-Reason"):
        return ("the account is locked behind a CAPTCHA after failed log-ins", "Log in once with a browser as this user, then run again. " + ONE_ATTEMPT)
    if FAILED in reasons:
        return ("the credentials were not accepted", f"Correct {credentials.option}. {ONE_ATTEMPT}")
    if _asks_websudo(response):
        return (
            "this resource wants a secure administrator session (WebSudo)",
            "Give username and password of an administrator instead of a token; Basic authentication passes WebSudo for REST.",
        )
    if status == 401:
        if credentials.anonymous:
            return ("it wants a log-in", "A stranger is turned away here.")
        if not _is_recognised(response):
            return ("the credentials were not accepted", f"Correct {credentials.option}. {ONE_ATTEMPT}")
    if status in (401, 403):
        if is_basic_blocked(response, credentials):
            return ("refused, most likely because Basic authentication is blocked on this site", "Use a token, or add the user to its allow list.")
        return ("the user has no right to do this", "Give the automation account the system administrator's right.")
    if status == 404:
        return ("there is no such thing", "Check that url holds the context path, and that this product version has this interface.")
    if status == 405:
        return ("this version does not offer the call", "Check the product version.")
    if 300 <= status < 400:
        return (f"a redirect to {_target(response)}, which is not followed with credentials", "Put the final address into url.")
    if status in BUSY:
        wait = response.header("Retry-After")
        asked = f" and asks to wait {wait} s" if wait.isdigit() else ""
        return (BUSY[status] + asked, "Try again later, with fewer connections if it stays so.")
    if status >= 500:
        return ("the product failed inside", "Look into its log.")
    return ("the request was refused", "Look at the product's words, and check that this product version has this interface.")


def _target(response: Response) -> str:
    """Scheme, host and path of the redirect; the query may hold anything."""
    target = urlsplit(response.header("Location"))
    return f"{target.scheme}://{target.netloc.rpartition('@')[2]}{target.path}" if target.netloc else target.path or "nowhere"


def not_json(response: Response) -> str:
    """What to say of a success that does not hold JSON."""
    body = response.text.strip()
    if not body:
        what, to_do = "nothing, where JSON was expected", "Check the proxy, and that the log-in works."
    elif body.startswith("<"):
        what = "a page (HTML) instead of JSON"
        to_do = "Check that url is the product itself and no log-in page, portal or error page stands before it."
    else:
        what, to_do = "broken or truncated JSON", "Check proxy and product; nothing of the answer was used."
    return f"{response.request.label} answered {response.status} with {what}. {to_do}"


def product_words(body: bytes) -> str:
    """The product's own words out of the shapes its interfaces use for errors, at most LONGEST_QUOTE characters; pages are never quoted."""
    try:
        words = _words(json.loads(body))
    except ValueError:
        text = body.decode("utf-8", errors="replace").strip()
        words = [] if text.startswith("<") else [text]
    line = " ".join(" ".join(words).split())
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 3] + "..."


def _words(error: Any) -> list[str]:
    if isinstance(error, list):
        return [word for item in error for word in _words(item)]
    if not isinstance(error, dict):
        return []
    found = [str(item) for item in error.get("errorMessages") or []]
    errors = error.get("errors")
    if isinstance(errors, dict):
        found += [f"{name}: {text}" for name, text in sorted(errors.items())]
    elif isinstance(errors, list):
        found += _words(errors)
    return found + [str(error[name]) for name in ("message", "errorMessage", "subCode") if error.get(name)]


def _members(body: bytes) -> set[str]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return set()
    return set(parsed) if isinstance(parsed, dict) else set()


def _is_recognised(response: Response) -> bool:
    """Some resources say 401 to a known user without the right (Jira REST documentation, permissionscheme): the log-in itself worked."""
    return response.header("X-AUSERNAME").lower() not in ("", "anonymous") or "OK" in login_reasons(response)


def _asks_websudo(response: Response) -> bool:
    """REST module: {"message": "This resource requires WebSudo.", "status-code": 401} (fixed text); plugin manager: subCode upm.websudo.error."""
    if response.status != 401:
        return False
    members = _members(response.body)
    return ("status-code" in members or "subCode" in members) and b"websudo" in response.body.lower()
