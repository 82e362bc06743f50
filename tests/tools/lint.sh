#!/usr/bin/env bash
# Style and types: nothing is skipped, nothing is ignored.
set -euo pipefail
echo "-- ansible-lint"
ansible-lint --strict --offline
echo "-- mypy"
# From the root of the collection tree, so that imports resolve as they do under Ansible.
root=$PWD tree=ansible_collections/hardening/atlassian
(cd "$PYTHONPATH" && MYPYPATH=$tree/tests:$tree/tests/lab mypy --config-file "$root/mypy.ini" \
    $tree/plugins $tree/tests/{simulator,lab,contracts/contract,benchmarks,tools,waf,bans,browser})
echo "-- shellcheck"
git ls-files -z --cached --others --exclude-standard "*.sh" .ci/run | xargs -0 shellcheck
echo "-- changelog"
antsibull-changelog lint
