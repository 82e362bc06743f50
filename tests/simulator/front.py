# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outermost layer: paths as Tomcat reads them, faults, the lock around the state, and the log of requests."""

from __future__ import annotations

import errno
import io
import json
import socket
import struct
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from werkzeug.wrappers import Request, Response

from .credentials import MARK, Credentials
from .faults import Fault, Faults
from .journal import Journal
from .paths import normalise, raw_target
from .product import Product

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTROL = "/__sim__"
SECRET_WORDS = ("password", "token", "secret")


@dataclass(frozen=True)
class Captcha:
    """How the product refuses a log-in while the CAPTCHA is due."""

    status: int
    url: str


class Front:
    def __init__(self, inner: WSGIApplication, faults: Faults, journal: Journal, credentials: Credentials, product: Product) -> None:
        self._inner = inner
        self._faults = faults
        self._journal = journal
        self._credentials = credentials
        self._context_path = product.settings.context_path
        self._captcha = Captcha(product.denied_status, f"{product.settings.base_url}{product.login_path}")
        self._lock = threading.RLock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        if path == CONTROL or path.startswith(f"{CONTROL}/"):
            with self._lock:
                return Response.from_app(self._inner, environ, buffered=True)(environ, start_response)
        response = self._product(environ, path)
        return response(environ, start_response)

    def _product(self, environ: WSGIEnvironment, raw_path: str) -> Response:
        method = str(environ["REQUEST_METHOD"])
        body = _read_body(environ)
        environ["simulator.notes"] = {}  # filled by the product; a dictionary, because the inner layer gets a copy of environ
        path = normalise(raw_target(environ))
        if path is not None and self._context_path:
            path = _below(path, self._context_path)
            environ["SCRIPT_NAME"] = self._context_path
        with self._lock:
            fault = self._faults.take(method, path or raw_path, body)
            life = self._journal.life
        if fault is not None and fault.kind == "slow" and not fault.after_effect:
            time.sleep(fault.delay)
        with self._lock:
            if self._journal.life != life:  # set back while this one slept: it belongs to what was before, and its caller has long gone
                return Response("", 503)
            response = self._answer(environ, path, fault)
            entry = self._entry(environ, method, path or raw_path, body, response, fault)
            self._journal.request(entry)
        if fault is not None and fault.after_effect:
            time.sleep(fault.delay)
        if fault is not None and fault.kind == "reset":
            _reset(environ)
        return response

    def _answer(self, environ: WSGIEnvironment, path: str | None, fault: Fault | None) -> Response:
        if fault is not None and not fault.lets_through:
            environ["simulator.notes"]["login"] = "denied" if fault.kind == "captcha" else "none"
            return fault_answer(fault, self._captcha)
        if path is None:
            return Response("Bad request", 400, content_type="text/html;charset=utf-8")
        environ["PATH_INFO"] = path
        environ["simulator.number"] = str(self._journal.count + 1)
        environ["simulator.anonymous"] = fault is not None and fault.kind == "anonymous_200"
        response = Response.from_app(self._inner, environ, buffered=True)
        return response if fault is None else _altered(response, fault, self._captcha)

    def _entry(self, environ: WSGIEnvironment, method: str, path: str, body: bytes, response: Response, fault: Fault | None) -> dict[str, Any]:
        return {
            "method": method,
            "path": path,
            "query": parse_qsl(str(environ.get("QUERY_STRING", "")), keep_blank_values=True),
            "content_type": environ.get("CONTENT_TYPE") or None,
            "body": self._shown_body(body),
            "user_agent": environ.get("HTTP_USER_AGENT"),
            "xsrf_header": environ.get("HTTP_X_ATLASSIAN_TOKEN"),
            "sent_credentials": "HTTP_AUTHORIZATION" in environ or "HTTP_COOKIE" in environ,
            "user": environ["simulator.notes"].get("user"),
            "auth": environ["simulator.notes"].get("auth", "none"),
            "login": environ["simulator.notes"].get("login", "none"),
            "status": response.status_code,
            "fault": fault.kind if fault is not None else None,
        }

    def _shown_body(self, body: bytes) -> Any:
        """The body for the log: JSON as data, else text; values of secret members and known secrets replaced."""
        text = self._credentials.hide(body.decode("utf-8", "replace"))
        if not text:
            return None
        try:
            return _without_secrets(json.loads(text))
        except ValueError:
            return text if "assword" not in text else MARK


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: MARK if any(word in str(key).lower() for word in SECRET_WORDS) else _without_secrets(item) for key, item in value.items()}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value


def _read_body(environ: WSGIEnvironment) -> bytes:
    """The body, and put back for the product."""
    request = Request(environ)
    body = request.get_data(cache=True, parse_form_data=False)
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ.pop("wsgi.input_terminated", None)
    environ.pop("werkzeug.request", None)
    return body


def _below(path: str, context_path: str) -> str:
    """The path below the context path; outside of it nothing is deployed, and no product path starts like this."""
    if path == context_path:
        return "/"
    return path[len(context_path) :] if path.startswith(f"{context_path}/") else "/__outside__"


def fault_answer(fault: Fault, captcha: Captcha) -> Response:
    html = "text/html;charset=UTF-8"
    if fault.kind == "429":
        # KRL (doc): the headers of Data Center's rate limiting.
        response = Response('{"message":"Too many requests"}', 429, content_type="application/json")
        limits = {"Limit": "20", "Remaining": "0", "FillRate": "10", "Interval-Seconds": "1"}
        response.headers.update({f"X-RateLimit-{name}": value for name, value in limits.items()})
        response.headers["Retry-After"] = str(1 if fault.retry_after is None else fault.retry_after)
        return response
    if fault.kind == "captcha":
        response = Response("<html><body>Basic Authentication Failure - Reason : AUTHENTICATION_DENIED</body></html>", captcha.status, content_type=html)
        response.headers["X-Seraph-LoginReason"] = "AUTHENTICATION_DENIED"
        response.headers["X-Authentication-Denied-Reason"] = f"CAPTCHA_CHALLENGE; login-url={captcha.url}"
        return response
    if fault.kind == "websudo":
        return Response('{"message":"This resource requires WebSudo.","status-code":401}', 401, content_type="application/json")
    if fault.kind == "html_login":
        return Response('<html><body><form action="/login"><input type="password"></form></body></html>', 200, content_type=html)
    if fault.kind == "empty_200":
        response = Response(b"", 200)
        response.headers["X-Seraph-LoginReason"] = "AUTHENTICATED_FAILED"  # JRA-41559
        return response
    if fault.kind == "reset":
        return Response(b"", 500)  # never sent: the connection is cut
    response = Response(f"<html><body><h1>HTTP Status {fault.kind}</h1></body></html>", int(fault.kind), content_type=html)
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


def _altered(response: Response, fault: Fault, captcha: Captcha) -> Response:
    if fault.kind in ("slow", "anonymous_200"):
        return response
    if fault.kind == "truncated_json":
        response.set_data(response.get_data()[: len(response.get_data()) // 2])
        return response
    if fault.kind == "wrong_content_type":
        response.content_type = "text/plain;charset=UTF-8"
        return response
    return fault_answer(fault, captcha)


def _reset(environ: WSGIEnvironment) -> None:
    """Cut the connection: RST on gunicorn's socket; without one (in a test) the exception a client would see."""
    connection = environ.get("gunicorn.socket")
    if isinstance(connection, socket.socket):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    raise ConnectionResetError(errno.ECONNRESET, "the simulator cut the connection, as asked")
