# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m tests.benchmarks.proxy: the hardened proxy beside a plain one as the vendor documents it, before the same static httpd.

All of it runs in the container of the judge's proxy, which must be up and hardened: three httpd of Debian's own, and ab. Rounds alternate, so
that whatever else the machine does meets both. Ratios travel between machines, rates do not.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
LAB = Path(os.environ.get("LAB_DIR", ROOT / ".lab"))
ROUNDS = 5
LEAST = 0.95
# (what, path, requests of one round, connections at a time)
KINDS = [("small GETs over TLS, kept alive", "/small", 3000, 8), ("download of 10 MB over TLS", "/large", 40, 4)]

STATIC = """
ServerRoot /root/bench
DefaultRuntimeDir /root/bench/static
PidFile /root/bench/static/pid
ErrorLog /root/bench/static/error.log
User www-data
Group www-data
ServerName bench.invalid
Listen 9080
Include /etc/apache2/mods-available/mpm_event.load
Include /etc/apache2/mods-available/authz_core.load
DocumentRoot /root/bench/static/www
<Directory /root/bench/static/www>
    Require all granted
</Directory>
"""
# Atlassian, "Proxying Atlassian server applications with Apache HTTP Server (mod_proxy_http)", with TLS at the proxy, in Debian's own installation:
# what its package enables stays enabled, as it does for whoever follows that page.
PLAIN_MODULES = [
    *["access_compat", "alias", "auth_basic", "authn_core", "authn_file", "authz_core", "authz_host", "authz_user", "autoindex", "deflate", "dir", "env"],
    *["filter", "mime", "mpm_event", "negotiation", "reqtimeout", "setenvif", "status", "socache_shmcb", "ssl", "proxy", "proxy_http"],
]
PLAIN = """
<VirtualHost *:9444>
    ServerName bench.invalid
    CustomLog /root/bench/plain/access.log combined
    SSLEngine on
    SSLCertificateFile {certificate}
    SSLCertificateKeyFile {key}
    ProxyRequests Off
    ProxyVia Off
    ProxyPreserveHost On
    <Proxy *>
        Require all granted
    </Proxy>
    ProxyPass / http://127.0.0.1:9080/
    ProxyPassReverse / http://127.0.0.1:9080/
</VirtualHost>
"""
PLAIN_START = r"""
set -e
cp -a /etc/apache2 /root/bench/plain/conf
cd /root/bench/plain/conf
cat > sites.conf
rm -rf hardening-atlassian conf-enabled/* sites-enabled/* mods-enabled/*
ln -s ../sites.conf sites-enabled/plain.conf
for module in {modules}; do
    for file in load conf; do
        [ ! -f "mods-available/$module.$file" ] || ln -s "../mods-available/$module.$file" mods-enabled/
    done
done
echo 'Listen 9444' > ports.conf
sed -e 's#^export APACHE_PID_FILE=.*#export APACHE_PID_FILE=/root/bench/plain/pid#' -e 's#^export APACHE_LOG_DIR=.*#export APACHE_LOG_DIR=/root/bench/plain#' \
    -e 's#^export APACHE_RUN_DIR=.*#export APACHE_RUN_DIR=/root/bench/plain#' -i envvars
. ./envvars
exec apache2 -d "$PWD" -f "$PWD/apache2.conf" -k start
"""
# The live configuration as it is; ports, back ends and places of logs alone are others, and what {change} does to it.
OURS = r"""
set -e
cp -a /etc/apache2 /root/bench/{name}/conf
rm -rf /root/bench/{name}/conf/hardening-atlassian
mkdir /root/bench/{name}/conf/hardening-atlassian
cp -aL /etc/apache2/hardening-atlassian/current /root/bench/{name}/conf/hardening-atlassian/current
cd /root/bench/{name}/conf
echo 'Listen {https}' > ports.conf
{change}
find hardening-atlassian -name '*.conf' -exec sed -i \
    -e 's/\*:80>/*:{http}>/' -e 's/\*:443>/*:{https}>/' -e 's#/var/log/atlassian-proxy#/root/bench/{name}#' \
    -e 's#"http://[^"/]*:[0-9]*#"http://127.0.0.1:9080#' {} +
sed -e 's#^export APACHE_PID_FILE=.*#export APACHE_PID_FILE=/root/bench/{name}/pid#' \
    -e 's#^export APACHE_LOG_DIR=.*#export APACHE_LOG_DIR=/root/bench/{name}#' \
    -e 's#^export APACHE_RUN_DIR=.*#export APACHE_RUN_DIR=/root/bench/{name}#' -i envvars
. ./envvars
exec apache2 -d "$PWD" -f "$PWD/apache2.conf" -C 'Define HARDENING_BASE /root/bench/{name}/conf/hardening-atlassian/current' -k start
"""
# What the firewall costs is measured by tests/benchmarks/waf.py; the ratio here is that of all the rest.
NO_FIREWALL = r"""
rm -rf hardening-atlassian/current/server.d/waf-*.conf hardening-atlassian/current/site.d/*/waf-*.conf hardening-atlassian/current/waf-0*
rm -f mods-enabled/security2.load mods-enabled/security2.conf
"""


def start_ours(name: str, http: int, https: int, change: str) -> str:
    """The script that starts a copy of the live configuration in /root/bench/<name>, which is there. change: what is done to the copy before."""
    # Not by str.format: the script has braces of its own.
    script = OURS.replace("{change}", change).replace("{http}", str(http)).replace("{https}", str(https))
    return script.replace("{name}", name)


def inside(proxy: str, script: str, text: str = "") -> str:
    done = subprocess.run([str(LAB / "podman"), "exec", "-i", proxy, "sh", "-c", script], input=text, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise SystemExit(f"in {proxy}: {script}: {done.stdout}{done.stderr}")
    return done.stdout


def build(proxy: str, host: str) -> None:
    inside(proxy, "rm -rf /root/bench; mkdir -p /root/bench/static/www /root/bench/plain /root/bench/ours && chmod 755 /root /root/bench")
    inside(proxy, "cd /root/bench/static/www && head -c 1000 /dev/urandom | base64 > small && head -c 10000000 /dev/urandom > large")
    tls = inside(proxy, f"cat /etc/apache2/hardening-atlassian/current/https.d/{host}/tls-02.conf")
    files = dict(re.findall(r'^(SSLCertificate\w*File) "(.*)"', tls, re.MULTILINE))
    inside(proxy, "cat > /root/bench/static.conf && apache2 -f /root/bench/static.conf -k start", STATIC)
    site = PLAIN.format(certificate=files["SSLCertificateFile"], key=files["SSLCertificateKeyFile"])
    inside(proxy, PLAIN_START.replace("{modules}", " ".join(PLAIN_MODULES)), site)
    inside(proxy, start_ours("ours", 9081, 9443, NO_FIREWALL))


def rate(proxy: str, host: str, port: int, path: str, requests: int, connections: int) -> float:
    """Requests a second. One that fails or is answered otherwise than with 200 ends the benchmark."""
    out = inside(proxy, f"ab -q -k -n {requests} -c {connections} -H 'Host: {host}' https://127.0.0.1:{port}{path}")
    failed = re.search(r"Failed requests:\s+(\d+)", out)
    found = re.search(r"Requests per second:\s+([\d.]+)", out)
    if "Non-2xx" in out or failed is None or failed[1] != "0" or found is None:
        raise SystemExit(f"requests failed at port {port}:\n{out}")
    return float(found[1])


def host_of(group: dict[str, Any]) -> str:
    """The name of the first site of a group of the inventory that has no context path."""
    return str(next(url for url in (site["atlassian_url"] for site in group["hosts"].values()) if url.count("/") == 2)).removeprefix("https://")


def remove(proxy: str) -> None:
    """Every httpd of the benchmark, and its files."""
    stop = "for pid in /root/bench/*/pid; do [ ! -f $pid ] || kill $(cat $pid); done; sleep 1"
    inside(proxy, f"{stop}; rm -rf /root/bench; chmod 700 /root")


def main() -> None:
    judge = LAB / "judge" / "hosts.yml"
    if not judge.exists():
        print("proxy benchmark left out: the lab is not up (make lab)")
        return
    groups = yaml.safe_load(judge.read_text())["all"]["children"]
    (proxy,) = groups["atlassian_proxies"]["hosts"]
    host = host_of(groups["jira_sites"])
    try:
        build(proxy, host)
        bad = []
        for what, path, requests, connections in KINDS:
            pairs = [[rate(proxy, host, port, path, requests, connections) for port in (9443, 9444)] for _round in range(ROUNDS)]
            ratio = statistics.median(ours / plain for ours, plain in pairs)
            ours, plain = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
            print(f"{what}: hardened {ours:.0f}/s, plain {plain:.0f}/s, ratio {ratio:.2f} (median of {ROUNDS} rounds; at least {LEAST} is wanted)")
            bad += [what] if ratio < LEAST else []
    finally:
        remove(proxy)
    if bad:
        sys.exit(f"too slow: {', '.join(bad)}")


if __name__ == "__main__":
    main()
