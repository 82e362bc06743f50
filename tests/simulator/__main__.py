# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m simulator --product jira --version 10.3 --port 8080: a simulator on loopback, with random secrets in a file."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from .credentials import write_random_credentials
from .settings import BadSettings, read_settings

ADDRESS = "127.0.0.1"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m simulator", description="Play a product on loopback.")
    parser.add_argument("--product", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--base-url", help="what self links name; default http://127.0.0.1:PORT")
    chosen = parser.parse_args()
    os.environ["SIM_PRODUCT"] = chosen.product
    os.environ["SIM_VERSION"] = chosen.version
    os.environ["SIM_BASE_URL"] = chosen.base_url or f"http://{ADDRESS}:{chosen.port}"
    try:
        settings = read_settings()
    except BadSettings as error:
        print(error, file=sys.stderr)
        return 2
    if settings.secrets_path is None:
        path = write_random_credentials(Path(tempfile.mkdtemp(prefix="simulator-")))
        os.environ["SIM_SECRETS"] = str(path)
    print(f"{settings.product} {settings.version} at {settings.base_url}; secrets in {os.environ['SIM_SECRETS']}", flush=True)
    command = [sys.executable, "-m", "gunicorn", "--workers", "1", "--threads", "8", "--log-level", "warning"]
    # As long as the products' Tomcat. gunicorn's own 2 seconds is as long as a pause between two attempts, so that the second would meet the hang-up.
    command += ["--keep-alive", "20"]
    command += ["--bind", f"{ADDRESS}:{chosen.port}", "simulator.app:create_app()"]
    os.execv(sys.executable, command)  # one process: a signal stops it


if __name__ == "__main__":
    sys.exit(main())
