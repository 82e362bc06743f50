#!/usr/bin/env bash
# The HTML report in real Chromium, judged by axe-core; screenshots go to .cache/browser. Says what it installs. More arguments go to pytest.
set -euo pipefail
cache=.cache/browser

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }

missing=()
for package in chromium chromium-driver fonts-dejavu-core; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
command -v npm >/dev/null || missing+=(npm)
if [ "${#missing[@]}" -gt 0 ]; then
    say "Installing ${missing[*]} (Debian packages)"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
mkdir -p "$cache"
if ! cmp -s tests/browser/package-lock.json "$cache/package-lock.json" || [ ! -f "$cache/node_modules/axe-core/axe.min.js" ]; then
    say "Installing axe-core into $cache (npm)"
    cp tests/browser/package.json tests/browser/package-lock.json "$cache"
    (cd "$cache" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
fi
exec pytest -q tests/browser "$@"
