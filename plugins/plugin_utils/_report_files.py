# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report: each written whole or not at all, and none of an earlier run left under its name."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Collection, Iterator
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import Catalogue
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_json import as_json

REPORT_NAME = "drift-report.json"
PREVIOUS_NAME = "drift-report.previous.json"
SUMMARY_NAME = "drift-report.summary.txt"

Document = dict[str, Any]
Renderer = Callable[[Document, Catalogue], str]

# Each is imported when it is called: one that cannot be loaded must not take the JSON report with it.


def _html(document: Document, catalogue: Catalogue) -> str:
    from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_html import as_html

    return as_html(document, catalogue)


def _markdown(document: Document, catalogue: Catalogue) -> str:
    from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_markdown import as_markdown

    return as_markdown(document, catalogue)


def _junit(document: Document, catalogue: Catalogue) -> str:
    from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_junit import as_junit

    return as_junit(document, catalogue)


# format: (file, renderer), beside the JSON report
RENDERERS: dict[str, tuple[str, Renderer]] = {
    "html": ("drift-report.html", _html),
    "markdown": ("drift-report.md", _markdown),
    "junit": ("drift-report.junit.xml", _junit),
}


@contextlib.contextmanager
def alone(directory: str) -> Iterator[None]:
    """While no other run writes its report into the directory: two that end at once must not leave a mixture of files."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        # The directory itself is locked, so that no file more lies in it. Not every network file system can do that.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def set_aside(directory: str) -> None:
    """Keep the JSON report of an earlier run under another name and remove its other files, so that none is taken for one of this run."""
    with contextlib.suppress(FileNotFoundError):
        os.replace(os.path.join(directory, REPORT_NAME), os.path.join(directory, PREVIOUS_NAME))
    for name in (SUMMARY_NAME, *(name for name, _renderer in RENDERERS.values())):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(directory, name))


def write_whole(directory: str, name: str, text: str) -> str:
    """Write a file whole or not at all, readable by its owner only; returns its path. Raises OSError, or ValueError for what is no UTF-8."""
    path = os.path.join(directory, name)
    part = f"{path}.part"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(part)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            # Some file systems report a full disk only here.
            os.fsync(stream.fileno())
        os.replace(part, path)
    except (OSError, ValueError):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(part)
        raise
    return path


def write_json(document: Document, directory: str) -> str:
    """The report that the others are made from; returns its path. Raises OSError."""
    return write_whole(directory, REPORT_NAME, as_json(document))


def write_others(
    document: Document, catalogue: Catalogue, as_line: Callable[[Document], str], directory: str, formats: Collection[str]
) -> list[str]:
    """Write the summary line and the formats asked for; returns a sentence for each file that is missing now, whatever the reason."""
    wanted: list[tuple[str, Renderer]] = [(SUMMARY_NAME, lambda found, _catalogue: f"{as_line(found)}\n")]
    wanted += [RENDERERS[name] for name in RENDERERS if name in formats]
    missing = []
    for file, render in wanted:
        try:
            write_whole(directory, file, render(document, catalogue))
        except Exception as error:
            missing.append(f"{file} of this run is missing: {type(error).__name__}: {error}")
    return missing
