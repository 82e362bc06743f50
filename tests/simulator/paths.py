# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Tomcat reads a path, so that the simulator answers the same odd spellings the product would answer.

Tomcat removes path parameters (;x) from each segment, merges slashes and resolves dot segments before it looks for a servlet
(Apache Tomcat, CoyoteAdapter.postParseRequest and normalize; grade: documented by the Servlet specification and Tomcat's own).
"""

from __future__ import annotations


def normalise(path: str) -> str | None:
    """The path a servlet would see; None where Tomcat answers 400 (a path that leaves the root)."""
    parts: list[str] = []
    segments = [segment.split(";", 1)[0] for segment in path.split("/")]
    for segment in segments:
        if segment in ("", "."):
            continue
        if segment == "..":
            if not parts:
                return None
            parts.pop()
            continue
        parts.append(segment)
    tail = "/" if parts and segments[-1] in ("", ".", "..") else ""
    return "/" + "/".join(parts) + tail
