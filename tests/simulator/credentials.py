# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords and tokens of the simulated users. Compared in constant time, never shown in state, logs or answers."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from .settings import BadSettings

# Prefix in the secrets file -> user name. The first two are required; the others get random values when absent.
ACCOUNTS = {"admin": "automation", "user": "witness", "admin2": "admin2", "guest": "guest", "former": "former"}
REQUIRED = ("admin_password", "admin_token", "user_password", "user_token")
MARK = "<secret>"


class Credentials:
    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)
        for prefix in ACCOUNTS:
            for kind in ("password", "token"):
                self._values.setdefault(f"{prefix}_{kind}", secrets.token_hex(20))

    def password_matches(self, user: str, password: str) -> bool:
        for prefix, name in ACCOUNTS.items():
            if name == user:
                return _same(self._values[f"{prefix}_password"], password)
        return False

    def user_of_token(self, token: str) -> str | None:
        for prefix, name in ACCOUNTS.items():
            if _same(self._values[f"{prefix}_token"], token):
                return name
        return None

    def hide(self, text: str) -> str:
        """The text with every known secret replaced, for the request log."""
        for value in self._secrets():
            text = text.replace(value, MARK)
        return text

    def _secrets(self) -> Iterator[str]:
        return (value for value in self._values.values() if value)


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())


def read_credentials(path: str | None) -> Credentials:
    """From a JSON file. Without a path: random ones, so that nothing logs in by accident."""
    if path is None:
        return Credentials({})
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadSettings(f"SIM_SECRETS is {path!r}, which cannot be read as JSON: {type(error).__name__}.") from error
    if not isinstance(found, dict):
        raise BadSettings(f"SIM_SECRETS is {path!r}; it must hold a JSON object with {', '.join(REQUIRED)}.")
    missing = [name for name in REQUIRED if not isinstance(found.get(name), str) or not found[name]]
    if missing:
        raise BadSettings(f"SIM_SECRETS is {path!r}; it lacks {', '.join(missing)}.")
    return Credentials({str(name): str(value) for name, value in found.items()})


def write_random_credentials(folder: Path) -> Path:
    """A new file with random secrets, mode 0600, for a start by hand. Returns its path."""
    path = folder / "secrets.json"
    values = {f"{prefix}_{kind}": secrets.token_hex(20) for prefix in ACCOUNTS for kind in ("password", "token")}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(values, file, indent=2)
    return path
