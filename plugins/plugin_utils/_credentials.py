# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts of a site: whether each is there, whole, and another than the other. No value of theirs is ever part of a sentence."""

from __future__ import annotations

from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues


def check_credentials(values: HostValues) -> None:
    """The account of the automation: a token, or a name with its password."""
    names = ("atlassian_api_token", "atlassian_username", "atlassian_password")
    token, username, password = (values.present(name) for name in names)
    unread = [name for name in names if values.unreadable(name)]
    if token and username:
        values.problem("atlassian_api_token and atlassian_username are both set: keep one way to log in")
    elif username and not password and "atlassian_password" not in unread:
        values.problem("atlassian_username is set, atlassian_password is missing or empty")
    elif password and not username and not token and "atlassian_username" not in unread:
        values.problem("atlassian_password is set, atlassian_username is missing or empty")
    elif not (token or username or password or unread):
        values.problem("no credentials: set atlassian_api_token, or atlassian_username with atlassian_password (better from a vault)")


def check_witness(values: HostValues) -> None:
    """The witness is a matter of choice; half of one would only be noticed in the middle of the play."""
    names = ("atlassian_witness_token", "atlassian_witness_username", "atlassian_witness_password")
    token, username, password = (values.present(name) for name in names)
    if any(values.unreadable(name) for name in names):
        return
    if token and (username or password):
        values.problem("atlassian_witness_token and atlassian_witness_username or _password are both set: keep one way to log in")
    elif username and not password:
        values.problem("atlassian_witness_username is set, atlassian_witness_password is missing or empty")
    elif password and not username:
        values.problem("atlassian_witness_password is set, atlassian_witness_username is missing or empty")
    else:
        _check_two_accounts(values)


def _check_two_accounts(values: HostValues) -> None:
    """An administrator sees everything before and after, so as a witness it would never miss anything."""
    for witness, own in (("atlassian_witness_token", "atlassian_api_token"), ("atlassian_witness_username", "atlassian_username")):
        if not (values.present(witness) and values.present(own)):
            continue
        first, second = (str(values.get(name)).strip() for name in (witness, own))
        # Both products take names of accounts in any case.
        if first == second or (witness == "atlassian_witness_username" and first.casefold() == second.casefold()):
            values.problem(f"{witness} is the same as {own}: the witness is an ordinary user, not the account of the automation")
