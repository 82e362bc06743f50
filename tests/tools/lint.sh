#!/usr/bin/env bash
# Style and types: nothing is skipped, nothing is ignored.
set -euo pipefail
echo "-- ansible-lint"
ansible-lint --strict --offline
echo "-- mypy"
# From the tree's root, so that the collection's own imports resolve as they do under Ansible.
root=$PWD
(cd "$PYTHONPATH" && mypy --config-file "$root/mypy.ini" ansible_collections/hardening/atlassian/plugins)
mypy --config-file mypy.ini tests/simulator tests/lab
echo "-- changelog"
antsibull-changelog lint
