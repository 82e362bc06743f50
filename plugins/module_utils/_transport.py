# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""One request over the wire with urllib3, and a sentence for each way in which no answer comes."""

from __future__ import annotations

import os
import ssl
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

try:
    import urllib3
    from urllib3 import exceptions as urllib3_errors
except ImportError:
    URLLIB3_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    URLLIB3_IMPORT_ERROR = None

# ssl.SSLError.verify_code, from OpenSSL's x509_vfy.h.
EXPIRED, NOT_YET_VALID = (10,), (9,)
MISMATCH = (62, 64)  # host name, IP address


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """For messages: without the query, which may hold what somebody typed."""
        return f"{self.method} {self.url.partition('?')[0]}"


@dataclass(frozen=True)
class Response:
    request: Request
    status: int
    headers: Mapping[str, str] = field(repr=False)  # names in lower case
    body: bytes = field(repr=False)
    cookies: tuple[str, ...] = field(default=(), repr=False)  # Set-Cookie lines, as they came

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")


class Transport(Protocol):
    """Sends one request, follows no redirect, repeats nothing. Raises AtlassianError when no answer comes."""

    def send(self, request: Request) -> Response: ...


@dataclass(frozen=True)
class Tls:
    validate_certs: bool = True
    ca_path: str | None = None
    client_cert: str | None = None
    client_key: str | None = None


class PooledTransport:
    """Keep-alive connections, as many as `connections`, shared by threads."""

    def __init__(self, tls: Tls, timeout: float, connections: int) -> None:
        options: dict[str, Any] = {"cert_reqs": "CERT_REQUIRED" if tls.validate_certs else "CERT_NONE"}
        if not tls.validate_certs:
            urllib3.disable_warnings(urllib3_errors.InsecureRequestWarning)
        for option, path in (("ca_path", tls.ca_path), ("client_cert", tls.client_cert), ("client_key", tls.client_key)):
            if path and not os.path.exists(path):
                raise AtlassianError(f"{option}: there is no {path} on the host that runs this task. Correct the path.")
        if tls.ca_path:
            options["ca_cert_dir" if os.path.isdir(tls.ca_path) else "ca_certs"] = tls.ca_path
        if tls.client_cert:
            options.update(cert_file=tls.client_cert, key_file=tls.client_key)
        self._timeout = timeout
        self._pool = urllib3.PoolManager(
            num_pools=2, maxsize=connections, block=True, retries=False, timeout=urllib3.Timeout(connect=timeout, read=timeout), **options
        )

    def send(self, request: Request) -> Response:
        try:
            answer = self._pool.request(
                request.method, request.url, headers=dict(request.headers), body=request.body, redirect=False, retries=False
            )
        except urllib3_errors.HTTPError as exc:
            raise self._explain(request, exc) from exc
        except OSError as exc:  # unreadable CA or client certificate files
            raise AtlassianError(f"{request.label}: a certificate file cannot be used ({exc}). Check ca_path, client_cert and client_key.") from exc
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Response(request, answer.status, headers, answer.data, tuple(answer.headers.getlist("Set-Cookie")))

    def _explain(self, request: Request, exc: Exception) -> AtlassianError:
        certificate = _certificate_error(exc)
        if certificate is not None:
            return AtlassianError(f"{request.label}: {_certificate_sentence(certificate)}")
        if isinstance(exc, urllib3_errors.SSLError):
            return AtlassianError(f"{request.label}: no TLS connection came about ({_short(exc)}). Check that url speaks https at this port.")
        if isinstance(exc, urllib3_errors.NameResolutionError):
            return AtlassianError(f"{request.label}: the host name cannot be resolved. Correct url, or the name service.")
        if isinstance(exc, urllib3_errors.NewConnectionError):  # in some versions a kind of time-out, so it comes first
            return AtlassianError(f"{request.label}: nothing accepts connections there ({_short(exc)}). Check that the product is up.", transient=True)
        if isinstance(exc, urllib3_errors.TimeoutError):
            return AtlassianError(
                f"{request.label}: no answer within {self._timeout:g} seconds. Check that the product is up, or raise timeout.", transient=True
            )
        if isinstance(exc, urllib3_errors.ProtocolError):
            return AtlassianError(f"{request.label}: the connection broke before the answer was complete. Check product and proxy.", transient=True)
        return AtlassianError(f"{request.label}: no answer ({type(exc).__name__}). Check url and the way to it.")


def _certificate_error(exc: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """urllib3 wraps the cause once or twice."""
    while exc is not None:
        if isinstance(exc, ssl.SSLCertVerificationError):
            return exc
        inner = exc.args[0] if exc.args and isinstance(exc.args[0], BaseException) else None
        exc = inner or exc.__cause__ or exc.__context__
    return None


def _certificate_sentence(exc: ssl.SSLCertVerificationError) -> str:
    if exc.verify_code in EXPIRED:
        return "the server's certificate has expired. Renew it; nothing was sent."
    if exc.verify_code in NOT_YET_VALID:
        return "the server's certificate is not valid yet. Check both clocks; nothing was sent."
    if exc.verify_code in MISMATCH:
        return "the server's certificate is for another name. Use the name it was made for in url; nothing was sent."
    return f"the server's certificate is not trusted ({exc.verify_message}). Name its CA in ca_path; nothing was sent."


def _short(exc: BaseException) -> str:
    """The operating system's own words, without urllib3's object addresses."""
    cause = exc.__cause__ or exc.__context__
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return type(cause or exc).__name__
