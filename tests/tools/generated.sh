#!/usr/bin/env bash
# Writes the generated files again; the unit tests fail where one is stale.
set -euo pipefail
for generator in action_groups controls_doc refusals_doc waf_doc role_docs; do
    python "tests/tools/$generator.py"
done
git status --short
