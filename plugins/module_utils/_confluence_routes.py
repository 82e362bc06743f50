# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""The ways to permissions of Confluence that a task may take, in its order, and why others are not among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_global_routes import FormGlobal, GlobalRoute, RestGlobal, RpcGlobal
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_rpc import RemoteApi
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_space_routes import FormSpaces, RestSpaces, RpcSpaces, SpaceRoute
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._session import Session

REST, RPC, FORM = "rest", "jsonrpc", "form"
NO_PASSWORD = "jsonrpc: it needs username and password, since its administrative methods demand a secure administrator session."
NO_FORMS = "form: allow_forms is not set."


@dataclass(frozen=True)
class Ways:
    of_site: Sequence[GlobalRoute]
    of_spaces: Sequence[SpaceRoute]
    unusable: Sequence[str]


def check_routes(routes: Sequence[str]) -> None:
    """Raises AtlassianError where no way is left to read anything."""
    if not routes:
        raise AtlassianError("routes: the list is empty, so nothing could be read. Name at least one of rest, jsonrpc and form.")


def ways(client: Client, session: Session | None, order: Sequence[str], allow_forms: bool) -> Ways:
    """Routes in the order asked for."""
    site: list[GlobalRoute] = []
    spaces: list[SpaceRoute] = []
    unusable: list[str] = []
    for name in dict.fromkeys(order):
        if name == REST:
            site.append(RestGlobal(client))
            spaces.append(RestSpaces(client))
        elif name == RPC and session is None:
            unusable.append(NO_PASSWORD)
        elif name == RPC and session is not None:
            api = RemoteApi(session)
            site.append(RpcGlobal(api))
            spaces.append(RpcSpaces(api))
        elif not allow_forms or session is None:
            unusable.append(NO_FORMS)
        else:
            site.append(FormGlobal(session))
            spaces.append(FormSpaces(session))
    return Ways(site, spaces, unusable)
