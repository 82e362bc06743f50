# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of module_utils/_argspec.py CONNECTION, one to one."""

    DOCUMENTATION = r"""
options:
  url:
    description:
      - Base address of the product, with its context path, for example V(https://jira.example.com) or V(https://example.com/jira).
      - Redirects are not followed. Plain C(http) is refused unless it leads to the loopback address or O(allow_http) is set.
    type: str
  token:
    description:
      - Personal access token. Mutually exclusive with O(username) and O(password).
    type: str
  username:
    description:
      - User for Basic authentication, sent with each request. Requires O(password).
    type: str
  password:
    description:
      - Password of O(username).
    type: str
  validate_certs:
    description:
      - Whether the server's certificate must be trusted, valid and made for the name in O(url).
    type: bool
    default: true
  ca_path:
    description:
      - File or folder with the certificates of the authorities to trust instead of the system's.
    type: path
  client_cert:
    description:
      - File with the client certificate to present, in PEM format; it may hold the key as well.
    type: path
  client_key:
    description:
      - File with the key of O(client_cert). Requires O(client_cert).
    type: path
  timeout:
    description:
      - Seconds to wait for a connection, and for each part of an answer.
    type: int
    default: 30
  connections:
    description:
      - How many requests may be under way at the same time where there is much to read, V(1) to V(32).
    type: int
    default: 4
  allow_http:
    description:
      - Whether credentials may be sent in clear text to an O(url) that starts with C(http://) and is not the loopback address.
    type: bool
    default: false
requirements:
  - urllib3 >= 2.0 on the host that runs the task
notes:
  - Reads are repeated, within bounds, when a connection breaks or the answer is 429, 502, 503 or 504, with regard to C(Retry-After).
    A write is repeated only after a new read has shown that it did not happen. Nothing is repeated after 401 or 403.
  - Before anything else the module asks once who the product takes it for. A token the product ignores, which would otherwise be answered
    as anonymous, is an error.
"""

    JIRA = r"""
options: {}
notes:
  - If none of O(url), O(token), O(username) and O(password) is given, all of them are taken from the environment variables C(JIRA_URL),
    C(JIRA_TOKEN), C(JIRA_USERNAME) and C(JIRA_PASSWORD) of the host that runs the task. If one is given, none comes from the environment.
"""

    CONFLUENCE = r"""
options: {}
notes:
  - If none of O(url), O(token), O(username) and O(password) is given, all of them are taken from the environment variables C(CONFLUENCE_URL),
    C(CONFLUENCE_TOKEN), C(CONFLUENCE_USERNAME) and C(CONFLUENCE_PASSWORD) of the host that runs the task. If one is given, none comes from
    the environment.
"""
