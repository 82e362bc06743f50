# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs in the containers: the simulators, the marker servlets in tomcat1 (two versions of Tomcat), the ACME authority, and SSH."""

from __future__ import annotations

import itertools
import json
import shlex
import ssl
import time
import urllib.error
import urllib.request

from . import ssh
from .deploy import Deployment, deploy
from .errors import LabError
from .podman import Podman
from .settings import LAB_SOURCES, Lab

_SOURCES = LAB_SOURCES.parent / "simulator"
_START_SECONDS = 60
_PORT = 8080
_ACME_PORT = 14000
# {version of Tomcat: port}. The newer one first: until it has its port, both want the one of the package.
_TOMCATS = {11: 8081, 10: 8080}
# A proxy of this machine's environment must not come between the controller and its own containers.
# Nor is the certificate in question that the authority has for itself.
_DIRECT = urllib.request.build_opener(
    urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ssl._create_unverified_context())
)


def ensure(lab: Lab, podman: Podman, secrets: dict[str, str]) -> list[str]:
    """Deploy what changed and wait until all answers; returns the units that were deployed or started."""
    tomcats = [_tomcat(lab, version, port) for version, port in _TOMCATS.items()]
    deployments = [*tomcats, _acme(lab), *(_simulator(name, environment, secrets) for name, environment in lab.simulators.items())]
    deployments += ssh.deployments(lab)
    done = [wanted.unit for wanted in deployments if deploy(podman, wanted)]
    deadline = time.monotonic() + _START_SECONDS
    while found := problems(lab):
        if time.monotonic() > deadline:
            name, problem = found[0]
            raise LabError(f"{name}: {problem}, {_START_SECONDS} s after its start; {_explanation(lab, podman, name)}")
        time.sleep(0.3)
    return done


def problems(lab: Lab) -> list[tuple[str, str]]:
    """What does not answer as it should: (container, sentence)."""
    found = []
    for name in lab.simulators:
        status, body = _get(f"http://{lab.container(name).ipv4}:{_PORT}/status")
        if status != 200 or _state(body) != "RUNNING":
            found.append((name, f"/status answers {status} {body[:200]!r} instead of RUNNING"))
    judge = lab.tomcat["container"]
    for context, port in itertools.product(("", "/jira", "/wiki"), _TOMCATS.values()):
        status, body = _get(f"http://{lab.container(judge).ipv4}:{port}{context}/")
        if status != 200 or '"marker": "/"' not in body:
            found.append((judge, f"{context}/ at port {port} answers {status} {body[:200]!r} instead of its marker"))
    authority = lab.acme["container"]
    status, body = _get(f"https://{lab.container(authority).ipv4}:{_ACME_PORT}/dir")
    if status != 200 or "newOrder" not in body:
        found.append((authority, f"/dir answers {status} {body[:200]!r} instead of an ACME directory"))
    return found + ssh.problems(lab)


def _get(url: str) -> tuple[int | None, str]:
    try:
        with _DIRECT.open(url, timeout=3) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError as error:
        return None, str(error)


def _state(body: str) -> object:
    try:
        return json.loads(body).get("state")
    except (ValueError, AttributeError):
        return None


def _explanation(lab: Lab, podman: Podman, name: str) -> str:
    units = {**dict.fromkeys(lab.simulators, "simulator"), lab.acme["container"]: "pebble", lab.tomcat["container"]: "tomcat10"}
    unit = units.get(name, "ssh")
    _code, journal, _error = podman.attempt("exec", name, "journalctl", "--no-pager", "--lines", "15", "--unit", unit)
    return f"its journal:\n{journal}"


def environment_file(values: dict[str, str]) -> str:
    """Lines of an EnvironmentFile, quoted: systemd.exec(5) reads single quotes as a shell does."""
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())


def _simulator(container: str, environment: dict[str, str], secrets: dict[str, str]) -> Deployment:
    sources = {
        f"/opt/simulator/{path.relative_to(_SOURCES)}": (0o644, path.read_bytes())
        for path in sorted(_SOURCES.rglob("*"))
        if path.is_file() and path.suffix != ".md" and "__pycache__" not in path.parts
    }
    if "/opt/simulator/app.py" not in sources:
        raise LabError(f"{_SOURCES / 'app.py'} is missing: {container} has no simulator to run")
    return Deployment(
        container=container,
        unit="simulator.service",
        owned="/opt/simulator",
        prepare=["systemd-sysusers"],
        files={
            **sources,
            "/etc/simulator/environment": (0o644, environment_file(environment).encode()),
            "/etc/simulator/secrets.json": (0o600, json.dumps(secrets).encode()),
            "/etc/systemd/system/simulator.service": _source("simulator/simulator.service"),
            "/etc/sysusers.d/simulator.conf": _source("simulator/sysusers.conf"),
        },
    )


def _tomcat(lab: Lab, version: int, port: int) -> Deployment:
    folder = "/opt/judge" if version == 10 else f"/opt/judge{version}"
    server = (LAB_SOURCES / "tomcat" / "server.xml").read_text().replace('port="8080"', f'port="{port}"').replace("/opt/judge/", f"{folder}/")
    # Tomcat brings this compiler along for its JSPs. Debian's `ecj` command looks for it in the wrong archive
    # (trixie, 3.35.0: the class was moved to another jar).
    java = "/usr/share/java"
    compile_servlet = ["java", "-cp", f"{java}/eclipse-jdt-core-compiler-batch.jar"]
    compile_servlet += ["org.eclipse.jdt.internal.compiler.batch.Main", "-17", "-proc:none"]
    compile_servlet += ["-classpath", f"{java}/tomcat{version}-servlet-api.jar", "-d", f"{folder}/app/WEB-INF/classes"]
    return Deployment(
        container=lab.tomcat["container"],
        unit=f"tomcat{version}.service",
        owned=folder,
        prepare=[*compile_servlet, f"{folder}/MarkerServlet.java"],
        files={
            f"{folder}/MarkerServlet.java": _source("tomcat/MarkerServlet.java"),
            f"{folder}/app/WEB-INF/web.xml": _source("tomcat/web.xml"),
            f"/etc/default/tomcat{version}": _source("tomcat/default"),
            f"/etc/tomcat{version}/server.xml": (0o644, server.encode()),
        },
    )


def _acme(lab: Lab) -> Deployment:
    name = lab.acme["container"]
    # Its own certificate is a self-signed one, which is handed to who has to trust it.
    own = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650"]
    own += ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name},IP:{lab.container(name).ipv4}"]
    return Deployment(
        container=name,
        unit="pebble.service",
        owned="/opt/acme",
        prepare=[*own, "-keyout", "/opt/acme/key.pem", "-out", "/opt/acme/certificate.pem"],
        files={
            "/opt/acme/pebble.json": _source("acme/pebble.json"),
            "/etc/systemd/system/pebble.service": _source("acme/pebble.service"),
        },
    )


def _source(name: str) -> tuple[int, bytes]:
    return 0o644, (LAB_SOURCES / name).read_bytes()
