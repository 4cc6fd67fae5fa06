"""How fast the review panel opens and answers, measured in a browser, in a real JupyterLab.

    python benchmarks/panel_speed.py paper.podprep

Opening is from the call that makes the panel to its table on the screen, the page's picture apart; a key is measured
from its press to the first frame that shows what follows. Needs what the tests of the panel need: JupyterLab,
Playwright and Chromium.
"""

import json
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from shutil import copy
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from browsing import Lab, chromium, jupyterlab, until

KEYS = ("n", "n", "p", "a", "a", "r", "u", "u", "n", "a", "u", "y", "u", "v", "v", "?", "?")
SOURCE = """from podprep import ReviewPanel, Run
run = Run.open({name!r})
run.cleaned
started = __import__("time").time()
ReviewPanel(run)"""
WATCH = """() => {
  window.times = [];
  const panel = [...document.querySelectorAll(".podprep-panel")].at(-1);
  panel.addEventListener("keydown", () => {
    const start = performance.now();
    const watch = new MutationObserver(() => {
      watch.disconnect();
      requestAnimationFrame(() => window.times.push(performance.now() - start));
    });
    watch.observe(panel, { subtree: true, childList: true, characterData: true, attributes: true });
  }, { capture: true });
}"""
OPENED = """() => new Promise((resolve) => {
  const look = () => document.querySelector(".podprep-panel table.diff") ? resolve(Date.now() / 1000)
    : requestAnimationFrame(look);
  look();
})"""


def main() -> int:
    """Measure, and print what was found."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("work", type=Path, help="the work file of a finished run; a copy of it is reviewed")
    given = parser.parse_args()
    opened, keys = measure(given.work)
    print(f"opened in {opened:.2f} s; {len(keys)} keys: median {median(keys):.0f} ms, slowest {max(keys):.0f} ms")
    return 0


def measure(work: Path) -> tuple[float, list[float]]:
    """Seconds until the panel is there, and milliseconds until each key is answered."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
        copy(work, folder)
        write_notebook(Path(folder) / "panel.ipynb", work.name)
        with jupyterlab(Path(folder), Path(home)) as address, chromium() as browser:
            page = browser.new_page(viewport={"width": 1400, "height": 950})
            lab = Lab(page, address)
            lab.open("panel.ipynb")
            page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells') && 1")
            shown = page.evaluate(OPENED)
            started = told(page)
            page.locator(".stage img[src]").wait_for()
            page.evaluate(WATCH)
            return shown - started, [pressed(page, key) for key in KEYS]


def write_notebook(path: Path, name: str) -> None:
    """A notebook that opens the panel, and says when it began."""
    made: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [{**made, "id": str(number), "source": source}
             for number, source in enumerate((SOURCE.format(name=name), "print('began', started)"))]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    path.write_text(json.dumps({"cells": cells, "metadata": spec, "nbformat": 4, "nbformat_minor": 5}), "utf-8")


def told(page: Any) -> float:
    """When the panel was begun, as its notebook says."""
    line = page.locator(".jp-OutputArea-output", has_text="began").first
    line.wait_for()
    return float(line.text_content().split()[1])


def pressed(page: Any, key: str) -> float:
    """Milliseconds until a key is answered."""
    before = len(page.evaluate("window.times"))
    page.keyboard.press(key)
    until(lambda: len(page.evaluate("window.times")) > before)
    page.wait_for_timeout(400)
    return float(page.evaluate("window.times").pop())


if __name__ == "__main__":
    sys.exit(main())
