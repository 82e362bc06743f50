#!/usr/bin/env bash
# The demonstration: a fresh lab, what a stranger sees, the drift report, the hardening, the drift report again.
set -euo pipefail
start=$SECONDS
inventory=.lab/inventory/hosts.yml
report=.lab/demo
mkdir -p "$report"

say() { printf '\n\033[1m==> [%3d s] %s\033[0m\n' $((SECONDS - start)) "$*"; }

say "Bringing up a fresh lab (containers with systemd: Apache host, simulated Jira and Confluence, Tomcat, an outside client)"
python tests/lab/lab.py down
python tests/lab/lab.py up

say "What strangers and colleagues get before the hardening"
python tests/tools/eyes.py --inventory "$inventory" --save "$report/before.json"

say "Drift report before the hardening (read-only)"
ansible-playbook -i "$inventory" hardening.atlassian.drift -e "atlassian_report_directory=$PWD/$report/drift-before" | tee "$report/drift-before.log" | tests/tools/tail_of_play.sh

say "Hardening with playbooks/site.yml"
ansible-playbook -i "$inventory" hardening.atlassian.site -e "atlassian_report_directory=$PWD/$report/site" | tee "$report/site.log" | tests/tools/tail_of_play.sh

say "Drift report after the hardening (site.yml --check)"
ansible-playbook -i "$inventory" hardening.atlassian.site --check -e "atlassian_report_directory=$PWD/$report/drift-after" | tee "$report/drift-after.log" | tests/tools/tail_of_play.sh

say "What strangers and colleagues get after the hardening"
python tests/tools/eyes.py --inventory "$inventory" --compare "$report/before.json"

python tests/tools/gate.py "$report/drift-after/drift-report.json"
say "Done. The report to read in a browser: $report/drift-after/drift-report.html, and before the hardening $report/drift-before/drift-report.html.
    All reports and full logs: $report; the lab stays up (make lab-down removes it); its inventory: $inventory"
