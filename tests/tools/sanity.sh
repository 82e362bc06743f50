#!/usr/bin/env bash
# ansible-test sanity on a copy of what git knows (tracked, and untracked but not ignored): ansible-test needs the path
# .../ansible_collections/hardening/atlassian inside a checkout of its own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy=$work/ansible_collections/hardening/atlassian
mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    [ -e "$file" ] && printf '%s\0' "$file"
done | tar --null -T - -cf - | tar -xf - -C "$copy"
git -C "$copy" -c init.defaultBranch=main init --quiet
git -C "$copy" add -A
# ansible-test fetches pip's bootstrap script from the internet; this stand-in installs the pip version it names from the
# package index that pip is configured for.
# Kept, so that the environments of the single tests are built once.
HOME=$PWD/.cache/ansible-test
export HOME
mkdir -p "$HOME/.ansible/test/cache"
version=$(python - <<'PY'
import sys, types
from ansible_test._internal.python_requirements import get_venv_packages
print(get_venv_packages(types.SimpleNamespace(version="%d.%d" % sys.version_info[:2]))["pip"])
PY
)
cat > "$HOME/.ansible/test/cache/get_pip_${version//./_}.py" <<PY
import subprocess, sys
subprocess.check_call([sys.executable, "-m", "ensurepip"])
subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", "pip==$version"])
PY
cd "$copy"
ansible-test sanity --color no --python "$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
if [ -d tests/sanity ]; then
    echo "tests/sanity exists: there must be no ignore file" >&2
    exit 1
fi
