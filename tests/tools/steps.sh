#!/usr/bin/env bash
# steps.sh TARGET...: runs the make targets one after the other, says how long each took, and stops at the first failure.
set -euo pipefail
total=$SECONDS
summary=()
for target in "$@"; do
    printf '\n\033[1m==> make %s\033[0m\n' "$target"
    start=$SECONDS
    if ! "${MAKE:-make}" --no-print-directory "$target"; then
        printf '\033[1m==> make %s failed after %d s\033[0m\n' "$target" $((SECONDS - start)) >&2
        exit 1
    fi
    summary+=("$(printf '%-14s %5d s' "$target" $((SECONDS - start)))")
done
printf '\n\033[1m==> All steps passed\033[0m\n'
printf '    %s\n' "${summary[@]}" "$(printf '%-14s %5d s' total $((SECONDS - total)))"
if [ -z "${ATLASSIAN_CONTRACTS:-}" ]; then
    echo "    contract tests against the vendor's documents were skipped: ATLASSIAN_CONTRACTS is not set"
fi
