"""In a real browser: the report and the notebook's panel, in Chromium, where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from make import document, sample, tidied

from podprep import Document, Line, Page, Removal, Review, write_report
from podprep.runs import Log

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
HOSTILE = [
    "<script>window.hacked = 1</script> &lt;b&gt; \0\a", "</td></tr></table><img src=x onerror=window.hacked=1>",
    "\u202eabc\u202c \u2066x\u2069 \u200b \ufffd end of it.", "A word [1] here. `${window.hacked = 1}` {{7*7}}",
]


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def hostile_document():
    return Document.from_pages([Page(1, 600, 800, tuple(Line(text, 1) for text in HOSTILE))])


@pytest.fixture
def open_report(browser, tmp_path):
    """Open the report of a cleaned or reviewed document."""
    pages = []

    def opened(source, scheme="light"):
        path = write_report(source, tmp_path / f"{len(pages)}.html")
        page = browser.new_page(color_scheme=scheme, viewport={"width": 1200, "height": 900})
        pages.append(page)
        page.goto(path.as_uri())
        return page

    yield opened
    for page in pages:
        page.close()


def grave(page, context="document"):
    """What axe-core finds of serious and critical impact, as (rule, places)."""
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe-core is not installed")
    page.evaluate(axe.AXE_SCRIPT)
    found = page.evaluate(f"axe.run({context}, {{resultTypes: ['violations']}})")["violations"]
    return [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]


def reviewed_sample():
    review = Review(sample())
    index, removal = next((i, c.removals[0]) for i, c in enumerate(sample().chunks) if len(c.removals) > 1)
    review.restore(index, removal)
    review.keep_raw(0)
    review.edit(1, "My own words.")
    return review


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_raises_no_serious_concern(open_report, scheme):
    page = open_report(reviewed_sample(), scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert grave(page) == []


def test_folded_rows_unfold_by_keyboard(open_report):
    same = " ".join(f"Sentence {word} stays." for word in "one two three four five".split())
    page = open_report(tidied(document(f"We saw it [1] here. {same}")))
    row = page.get_by_role("cell", name="Sentence four stays.").first
    assert not row.is_visible()
    page.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    assert row.is_visible()


def test_chunks_fold_and_links_lead_to_them(open_report):
    page = open_report(sample())
    page.get_by_role("link", name="Everything removed").click()
    kind = page.locator("details.chunk:has(table.gone)").first
    kind.locator("summary").press("Enter")
    kind.get_by_role("link").first.click()
    assert page.url.split("#")[1].startswith("chunk-")
    assert page.locator(f"#{page.url.split('#')[1]}").is_visible()


def test_a_hostile_document_shows_whole_and_runs_nothing(open_report):
    page = open_report(Review(tidied(hostile_document())))
    assert page.evaluate("window.hacked") is None
    assert page.locator("main table.diff").count() == 1
    raw = page.locator("table.diff tr:has(td.diff_header) td[dir]:nth-child(3)").all_text_contents()
    for piece in ("<script>window.hacked = 1</script>", "&lt;b&gt;", "␀␇", "</td></tr></table>", "⟦RLO⟧abc⟦PDF⟧", "⟦ZWSP⟧"):
        assert piece in " ".join(raw), piece
    assert page.locator("main script, main img").count() == 0


def test_nothing_is_fetched(browser, tmp_path):
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(write_report(sample(), tmp_path / "r.html").as_uri())
    page.close()
    assert len(asked) == 1


# The notebook in JupyterLab


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A running JupyterLab on a copy of the notebooks: its address and the copy's folder."""
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    folder = tmp_path_factory.mktemp("lab") / "notebooks"
    shutil.copytree(NOTEBOOKS, folder, ignore=shutil.ignore_patterns("out", ".ipynb_checkpoints"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
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
    yield address, folder
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


@pytest.fixture
def notebook(browser, lab):
    """Open notebook 03 and run it from top to bottom, as often as called; gives the panel."""
    address, _ = lab
    context = browser.new_context(viewport={"width": 1400, "height": 1100})
    page = context.new_page()

    def run(name="03_diff_review.ipynb"):
        stop_kernels(address)
        page.goto(f"{address}/lab/tree/{name}?reset")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
        until(lambda: page.evaluate(READY), 90)
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells') && 1")
        panel = page.locator(".podprep-panel").last
        for _ in range(20):
            page.evaluate(SCROLL_TO_PANEL)
            page.wait_for_timeout(3000)
            if panel.count() and panel.locator("table.diff").count():
                break
        panel.scroll_into_view_if_needed()
        return panel

    yield run
    context.close()


def stop_kernels(address):
    """Shut all kernels down, so that nothing lives on in memory."""
    with urllib.request.urlopen(f"{address}/api/kernels") as answer:
        for kernel in json.load(answer):
            urllib.request.urlopen(urllib.request.Request(f"{address}/api/kernels/{kernel['id']}", method="DELETE"))


def log(folder):
    return Log(next(folder.glob("out/*.podprep"))).entries


def until(check, seconds=20):
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def test_decisions_in_the_notebook_outlive_a_reload(notebook, lab):
    panel = notebook()
    head = panel.locator("h3")
    removed = panel.locator("[role=button][data-span]").first
    span = removed.get_attribute("data-span")
    removed.click()
    panel.locator(f".restored[data-span='{span}']").first.wait_for()
    panel.get_by_role("button", name="Accept", exact=True).click()
    until(lambda: "Chunk 2," in head.text_content())
    panel.locator("[aria-label='Chunk, raw and cleaned']").focus()
    panel.page.keyboard.press("e")
    field = panel.locator("textarea")
    until(lambda: field.is_visible() and field.evaluate("e => e === document.activeElement"))
    panel.page.keyboard.press("Control+a")
    panel.page.keyboard.type("a rune of my own")
    panel.get_by_role("button", name="Save").click()
    until(lambda: "Chunk 3," in head.text_content())
    panel.locator("[aria-label='Chunk, raw and cleaned']").focus()
    panel.page.keyboard.press("r")
    until(lambda: "3 of 46 decided" in panel.text_content())
    panel.page.keyboard.press("u")
    until(lambda: "2 of 46 decided" in panel.text_content())
    assert [entry["do"] for entry in log(lab[1])] == ["restore", "accept", "edit", "raw", "undo"]

    panel = notebook()
    assert "2 of 46 decided" in panel.text_content()
    assert "Chunk 3," in panel.locator("h3").text_content()
    panel.get_by_role("button", name="Previous").click()
    until(lambda: "edited" in panel.locator("h3").text_content())
    assert "a rune of my own" in panel.locator("table.diff").text_content()
    panel.get_by_role("button", name="Previous").click()
    panel.locator(f".restored[data-span='{span}']").first.wait_for()
    assert "accepted" in panel.locator("h3").text_content()
    panel.get_by_role("button", name="Page").click()
    panel.get_by_role("button", name="?").click()
    panel.locator("img").wait_for()
    assert grave(panel.page, "{include: ['.podprep-panel']}") == []


def test_keys_show_on_a_question_mark_and_removals_work_by_keyboard(notebook):
    panel = notebook()
    box = panel.locator("[aria-label='Chunk, raw and cleaned']")
    box.focus()
    panel.page.keyboard.press("?")
    panel.get_by_text("keep raw", exact=True).wait_for()
    panel.page.keyboard.press("/")
    search = panel.locator(".podprep-search input")
    until(lambda: search.evaluate("e => e === document.activeElement"))
    before = panel.locator("h3").text_content()
    panel.page.keyboard.type("area")
    assert (search.input_value(), panel.locator("h3").text_content()) == ("area", before)
    search.fill("")
    search.press("Enter")
    until(lambda: panel.locator("[role=button][data-span]").count() > 0)
    mark = panel.locator("[role=button][data-span]").first
    was = mark.get_attribute("aria-pressed")
    span = mark.get_attribute("data-span")
    mark.focus()
    panel.page.keyboard.press("Enter")
    until(lambda: panel.locator(f"[data-span='{span}']").first.get_attribute("aria-pressed") != was)
    assert panel.page.evaluate("document.activeElement.dataset.span") == span


HOSTILE_CELL = """
from podprep import Document, Line, Page, ReviewPanel, clean
lines = {lines!r}
ReviewPanel(clean(Document.from_pages([Page(1, 600, 800, tuple(Line(t, 1) for t in lines))]), cleaner="tidy"))
"""


def test_a_hostile_document_runs_nothing_in_the_panel(notebook, lab):
    nbformat = pytest.importorskip("nbformat")
    cell = nbformat.v4.new_code_cell(HOSTILE_CELL.format(lines=HOSTILE))
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}), lab[1] / "hostile.ipynb")
    panel = notebook("hostile.ipynb")
    assert panel.page.evaluate("window.hacked") is None
    text = panel.locator("table.diff").text_content()
    assert "<script>window.hacked = 1</script>" in text
    assert "⟦RLO⟧abc⟦PDF⟧" in text
    assert panel.locator("table.diff script, table.diff img").count() == 0


def test_a_kind_from_elsewhere_cannot_become_markup(open_report):
    cleaned = tidied(document("We saw it [1] here."))
    chunk = cleaned.chunks[0]
    kind = '"><img src=x onerror=window.hacked=1>'
    from dataclasses import replace
    page = open_report(replace(cleaned, chunks=(replace(chunk, removals=(Removal(9, 13, kind),)),)))
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img").count() == 0
