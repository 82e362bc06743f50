# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs in the containers: the simulators, and the marker servlets in tomcat1."""

from __future__ import annotations

import json
import shlex
import time
import urllib.error
import urllib.request

from .deploy import Deployment, deploy
from .errors import LabError
from .podman import Podman
from .settings import LAB_SOURCES, Lab

_SOURCES = LAB_SOURCES.parent / "simulator"
_START_SECONDS = 60
_PORT = 8080
# A proxy of this machine's environment must not come between the controller and its own containers.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ensure(lab: Lab, podman: Podman, secrets: dict[str, str]) -> list[str]:
    """Deploy what changed and wait until all answers; returns the units that were deployed or started."""
    deployments = [_tomcat(lab), *(_simulator(name, environment, secrets) for name, environment in lab.simulators.items())]
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
    for context in ("", "/jira", "/wiki"):
        status, body = _get(f"http://{lab.container(judge).ipv4}:{_PORT}{context}/")
        if status != 200 or '"marker": "/"' not in body:
            found.append((judge, f"{context}/ answers {status} {body[:200]!r} instead of its marker"))
    return found


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
    unit = "simulator" if name in lab.simulators else "tomcat10"
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


def _tomcat(lab: Lab) -> Deployment:
    # Tomcat brings this compiler along for its JSPs. Debian's `ecj` command looks for it in the wrong archive
    # (trixie, 3.35.0: the class was moved to another jar).
    java = "/usr/share/java"
    compile_servlet = ["java", "-cp", f"{java}/eclipse-jdt-core-compiler-batch.jar"]
    compile_servlet += ["org.eclipse.jdt.internal.compiler.batch.Main", "-17", "-proc:none"]
    compile_servlet += ["-classpath", f"{java}/tomcat10-servlet-api.jar", "-d", "/opt/judge/app/WEB-INF/classes"]
    return Deployment(
        container=lab.tomcat["container"],
        unit="tomcat10.service",
        owned="/opt/judge",
        prepare=[*compile_servlet, "/opt/judge/MarkerServlet.java"],
        files={
            "/opt/judge/MarkerServlet.java": _source("tomcat/MarkerServlet.java"),
            "/opt/judge/app/WEB-INF/web.xml": _source("tomcat/web.xml"),
            "/etc/default/tomcat10": _source("tomcat/default"),
            "/etc/tomcat10/server.xml": _source("tomcat/server.xml"),
        },
    )


def _source(name: str) -> tuple[int, bytes]:
    return 0o644, (LAB_SOURCES / name).read_bytes()
