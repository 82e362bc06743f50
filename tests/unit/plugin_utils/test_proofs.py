# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every control that is built names a test that exists; nothing is called built on somebody's word."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import Control, load

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("control", [control for control in load().values() if control.status == "built"], ids=lambda control: str(control.id))
def test_a_built_control_names_its_proof(control: Control) -> None:
    assert control.proof, f"{control.id} is built and names no proof"
    for proof in control.proof:
        path, name = proof.split("::", 1)
        text = (ROOT / path).read_text(encoding="utf-8")
        # A pytest function by its definition, a task of a scenario by its name.
        wanted = f"def {name.partition('[')[0]}(" if path.endswith(".py") else name
        assert wanted in text, f"{control.id}: {path} has no {name}"


@pytest.mark.parametrize("control", [control for control in load().values() if control.status == "planned"], ids=lambda control: str(control.id))
def test_a_planned_control_claims_no_proof(control: Control) -> None:
    assert control.proof == ()
