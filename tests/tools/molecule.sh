#!/usr/bin/env bash
# The lab by molecule: create, check, converge, idempotence, verify, destroy. KEEP=1 leaves the lab running.
set -euo pipefail
keep=()
[ -n "${KEEP:-}" ] && keep=(--destroy=never)
molecule test --scenario-name default "${keep[@]}"
