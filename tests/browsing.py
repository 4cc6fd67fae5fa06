"""Chromium and JupyterLab for the tests that need them: driven by Playwright, skipped where one is not installed."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
HOSTILE = [
    "<script>window.hacked = 1</script> &lt;b&gt; \0\a", "</td></tr></table><img src=x onerror=window.hacked=1>",
    "\u202eabc\u202c \u2066x\u2069 \u200b \ufffd end of it.", "A word [1] here. `${window.hacked = 1}` {{7*7}}",
]


@contextmanager
def chromium():
    """A browser."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((path for name in names if (path := shutil.which(name))), None)
    if path is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def jupyterlab(folder, home):
    """A running JupyterLab on a folder: its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    paths = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--port-retries=0",
               "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={folder}",
               "--LabApp.expose_app_in_browser=True", "--ip=127.0.0.1"]
    log = (home / "log").open("w")
    server = subprocess.Popen(command, env={**os.environ, **paths}, stdout=log, stderr=log, cwd=folder)
    address = f"http://127.0.0.1:{port}"
    for _ in range(120):
        time.sleep(0.5)
        try:
            urllib.request.urlopen(f"{address}/api/status")
            break
        except OSError:
            assert server.poll() is None, (home / "log").read_text()
    yield address
    server.terminate()
    server.wait()
    log.close()


READY = """() => window.jupyterapp?.commands.isEnabled("notebook:run-all-cells")
  && jupyterapp.shell.currentWidget.sessionContext?.session?.kernel?.status === "idle" """
SCROLL_TO_PANEL = """() => {
  // JupyterLab draws only the cells in sight.
  const notebook = jupyterapp.shell.currentWidget.content;
  const at = notebook.widgets.findIndex((cell) => cell.model.sharedModel.source.includes("ReviewPanel("));
  notebook.scrollToItem(at, "center");
}"""


class Lab:
    """A page in JupyterLab on which notebooks are run."""

    def __init__(self, page, address):
        self.page, self.address = page, address

    def open(self, name):
        """Open a notebook with a new kernel."""
        stop_kernels(self.address)
        self.page.goto(f"{self.address}/lab/tree/{name}?reset")
        self.page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
        until(lambda: self.page.evaluate(READY), 90)

    def run(self, name, theme="Light"):
        """Run a notebook from top to bottom, with a new kernel; gives the panel in it."""
        page = self.page
        self.open(name)
        page.evaluate(f"jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}}) && 1")
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells') && 1")
        panel = page.locator(".podprep-panel").last
        for _ in range(60):
            page.evaluate(SCROLL_TO_PANEL)
            page.wait_for_timeout(500)
            if panel.count() and panel.locator("table.diff").count():
                break
        page.evaluate(SCROLL_TO_PANEL)
        page.wait_for_timeout(500)
        return panel


def stop_kernels(address):
    """Shut all kernels down, so that nothing lives on in memory."""
    with urllib.request.urlopen(f"{address}/api/kernels") as answer:
        for kernel in json.load(answer):
            urllib.request.urlopen(urllib.request.Request(f"{address}/api/kernels/{kernel['id']}", method="DELETE"))


def until(check, seconds=20):
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def grave(page, context="document"):
    """What axe-core finds of serious and critical impact, as (rule, places)."""
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe-core is not installed")
    page.evaluate(axe.AXE_SCRIPT)
    found = page.evaluate(f"axe.run({context}, {{resultTypes: ['violations']}})")["violations"]
    return [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
