# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report in real Chromium: what a person does with it, and what the browser says about it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.remote.webelement import WebElement

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "browser"
AXE = CACHE / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"

PHONE, DESK = 390, 1440
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")

_ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--hide-scrollbars",
)  # fmt: skip


def start(directory: Path) -> Chrome:
    """Chromium with a profile of its own, logging requests and console."""
    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (*_ARGUMENTS, f"--user-data-dir={directory}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return Chrome(options=options, service=Service(DRIVER))


@dataclass
class Page:
    """One report, opened. All numbers are CSS pixels or milliseconds."""

    browser: Chrome
    path: Path

    def open(self, html: str, width: int = DESK, scheme: str = "light", script: bool = True, height: int = 900) -> None:
        self.path.write_text(html, encoding="utf-8")
        self.browser.get("about:blank")
        self.network(), self.console()
        self._cdp("Emulation.setScriptExecutionDisabled", value=not script)
        self._cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width == PHONE)
        self.media("screen", scheme)
        self.browser.get(self.path.as_uri())

    def _cdp(self, command: str, **parameters: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.browser.execute_cdp_cmd(command, parameters)
        return answer

    def media(self, media: str, scheme: str = "light") -> None:
        self._cdp("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def run(self, script: str, *arguments: object) -> Any:
        return self.browser.execute_script(script, *arguments)

    def keys(self, *keys: str) -> None:
        for key in keys:
            ActionChains(self.browser).send_keys(key).perform()

    def press(self, element: WebElement) -> None:
        """A click once the page stands still: rows are laid out as they come into view, which moves what is below them."""
        self.browser.execute_async_script(
            """
            const [element, done] = arguments;
            let last = null;
            const settle = () => {
              element.scrollIntoView({block: "center"});
              const top = element.getBoundingClientRect().top;
              if (top === last) done(); else { last = top; requestAnimationFrame(() => requestAnimationFrame(settle)); }
            };
            settle();
            """,
            element,
        )
        element.click()

    def focused(self) -> str:
        """The id of what has the keyboard, else its tag and text."""
        return str(self.run("const e = document.activeElement; return e.id || e.tagName.toLowerCase() + ' ' + e.textContent.trim().slice(0, 40)"))

    def shown(self) -> list[str]:
        """The ids of the rows a person can see."""
        rows: list[str] = self.run("return [...document.querySelectorAll('#rows > details')].filter(r => r.getClientRects().length).map(r => r.id)")
        return rows

    def status(self) -> str:
        return str(self.run("return document.querySelector('[role=status]').textContent"))

    def choose(self, **values: str) -> None:
        """Set filters by the names of their fields, as typing and choosing do."""
        for name, value in values.items():
            self.run(
                "const e = document.getElementById('by-' + arguments[0]); e.value = arguments[1]; e.dispatchEvent(new Event('input', {bubbles: true}))",
                name, value,
            )  # fmt: skip

    def show_all(self) -> None:
        """Every row open and laid out, also below the window, so that a judge or a picture misses nothing."""
        self.run(
            "document.querySelectorAll('#rows > details').forEach(row => { row.open = true; row.style.contentVisibility = 'visible' });"
            "return document.body.offsetHeight"
        )

    def judge(self) -> dict[str, Any]:
        """What axe-core says: violations, passes, incomplete."""
        self.run(AXE.read_text(encoding="utf-8"))
        result: dict[str, Any] = self.browser.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: arguments[0], resultTypes: ['violations', 'incomplete', 'passes']}).then(done, e => done({error: String(e)}))",
            list(RULES),
        )
        return result

    def _log(self, kind: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.browser.execute("getLog", {"type": kind})["value"]
        return entries

    def network(self) -> list[str]:
        """Addresses asked for since the last call."""
        messages = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        return [message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent"]

    def console(self) -> list[str]:
        """What the browser complained of since the last call."""
        return [entry["message"] for entry in self._log("browser")]

    def names(self) -> list[tuple[str, str]]:
        """(role, accessible name) of everything one can operate, as assistive technology is told."""
        nodes: Sequence[dict[str, Any]] = self._cdp("Accessibility.getFullAXTree")["nodes"]
        operable = {"button", "link", "combobox", "searchbox", "textbox", "DisclosureTriangle"}
        return [
            (node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"] and node["role"]["value"] in operable
        ]

    def pdf(self, name: str) -> bytes:
        paper = base64.b64decode(self._cdp("Page.printToPDF", preferCSSPageSize=True)["data"])
        (CACHE / name).write_bytes(paper)
        return paper

    def picture(self, name: str, height: int = 4_000) -> None:
        """A screenshot from the top, as far as this height."""
        width = int(self.run("return innerWidth"))
        full = min(float(self._cdp("Page.getLayoutMetrics")["cssContentSize"]["height"]), height)
        clip = {"x": 0, "y": 0, "width": width, "height": full, "scale": 1}
        picture = self._cdp("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        (CACHE / name).write_bytes(base64.b64decode(picture["data"]))
