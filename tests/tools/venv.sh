#!/usr/bin/env bash
# venv.sh DIR REQUIREMENTS: a virtual environment with what the project needs. Says what it installs.
set -euo pipefail
dir=$1 requirements=$2 python=${PYTHON:-python3}

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }

"$python" - <<'PY' || { echo "Python 3.11 or newer is needed: set PYTHON=/path/to/python3" >&2; exit 1; }
import sys
sys.exit(sys.version_info < (3, 11))
PY
# Debian ships venv without ensurepip unless python3-venv is installed.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    say "Installing python3-venv (Debian package)"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv
fi
say "Installing the Python packages of $requirements into $dir (a minute or two)"
"$python" -m venv "$dir"
"$dir/bin/pip" install -qq --disable-pip-version-check -r "$requirements"
