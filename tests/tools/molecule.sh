#!/usr/bin/env bash
# The lab by molecule: check, nothing changed, converge, idempotence, drift; then the outside judges and planted drift, by pytest.
# KEEP=1 leaves the lab running. ALL_VERSIONS=1 runs the scenarios of the single roles and the benchmarks of the proxy and its firewall as well.
set -euo pipefail
rm -rf .lab/molecule
# A run that was cut off may have left instances, and molecule the memory of them.
python tests/lab/lab.py down
molecule reset --scenario-name default
molecule test --scenario-name default --destroy=never
python tests/tools/gate.py .lab/molecule/drift/drift-report.json
python tests/tools/predicted.py .lab/molecule
if [ -n "${ALL_VERSIONS:-}" ]; then
    for role in roles/*/; do
        molecule test --scenario-name "$(basename "$role")" --destroy=never
    done
fi
pytest -q --durations=15 --durations-min=30 tests/lab_tests
[ -z "${ALL_VERSIONS:-}" ] || python -m tests.benchmarks.proxy
[ -z "${ALL_VERSIONS:-}" ] || python -m tests.benchmarks.waf
# Last: it kills and rebuilds containers.
pytest -q tests/lab
[ -n "${KEEP:-}" ] || molecule destroy --scenario-name default
