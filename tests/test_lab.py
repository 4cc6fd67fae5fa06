"""A whole review in a real JupyterLab in Chromium: what each step costs, and that nothing is lost or run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from browsing import HOSTILE, grave, until
from make import SAMPLE

from podprep import Review, Run
from podprep.runs import Log

nbformat = pytest.importorskip("nbformat", reason="JupyterLab is not installed")
PDFS = [SAMPLE / "sample.pdf", *map(Path, filter(None, os.environ.get("PODPREP_PDFS", "").split(os.pathsep)))]
"""What is reviewed: the sample, and what PODPREP_PDFS names."""


@pytest.fixture
def make_notebook(lab_folder):
    """A notebook of one cell that ends in a panel."""
    def made(name, source):
        cells = [nbformat.v4.new_code_cell(source), nbformat.v4.new_markdown_cell("The end.")]
        spec = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=spec), lab_folder / name)
        return name

    return made


class Hands:
    """Does things in the panel, and counts clicks and keys; what is typed into a field is not counted."""

    def __init__(self, panel):
        self.panel, self.page, self.count, self.costs = panel, panel.page, 0, {}

    def key(self, key):
        self.page.keyboard.press(key)
        self.count += 1

    def click(self, locator, **more):
        locator.scroll_into_view_if_needed()
        locator.click(**more)
        self.count += 1

    def done(self, name):
        self.costs[name], self.count = self.count, 0

    def head(self):
        return self.panel.locator("h3").text_content()

    def says(self, text):
        until(lambda: text in self.panel.text_content())

    def focused(self):
        return self.panel.evaluate("panel => panel.contains(document.activeElement)")


def notebook_of(make_notebook, folder, pdf):
    """A notebook about the run of a PDF, in which one chunk is flagged; the work file."""
    work = folder / f"{pdf.stem}.podprep"
    work.unlink(missing_ok=True)
    for made in folder.glob(f"{pdf.stem}.reviewed.*"):
        made.unlink()
    Run.start(pdf, work).go()
    source = f"""from dataclasses import replace
from podprep import Review, ReviewPanel, Run
run = Run.open("{work.name}")
chunks = list(run.cleaned.chunks)
at = next(i for i, c in enumerate(chunks) if c.removals and len(c.text.split()) > 60 and i > 3)
chunks[at] = chunks[at].doubted("worth a look: “" + " ".join(chunks[at].text.split()[8:11]) + "”")
review = Review(replace(run.cleaned, chunks=tuple(chunks)), "{work.name}")
review.run = run
ReviewPanel(review)"""
    return make_notebook(f"{pdf.stem}.ipynb", source), work


@pytest.mark.parametrize("pdf", PDFS, ids=lambda path: path.stem)
@pytest.mark.parametrize(("width", "theme"), [(1280, "Light"), (1600, "Dark")])
def test_a_whole_review_takes_at_most_two_actions_a_step(open_lab, make_notebook, lab_folder, pdf, width, theme):
    name, work = notebook_of(make_notebook, lab_folder, pdf)
    lab = open_lab(width)
    panel = lab.run(name, theme)
    hands, page = Hands(panel), lab.page
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    assert hands.focused()  # keys work as soon as the panel is shown
    while "worth a look" not in hands.head() + panel.locator(".head").text_content():
        before = hands.head()
        hands.key("a")  # a flag of the cleaner's own
        until(lambda before=before: hands.head() != before)
    hands.done("decide a flagged chunk as it is, all")
    hands.key("n")  # the words it speaks of, wherever they are
    mark = panel.locator(".flagged").first
    until(mark.is_visible)
    hands.done("find")
    assert "worth a look" in panel.locator(".head").text_content()
    assert "flag" in mark.text_content()
    hands.done("understand")
    picture = panel.locator(".stage img[src]")
    picture.wait_for()
    on_page = panel.locator(".mark.flag").first
    until(lambda: on_page.evaluate("""mark => { const a = mark.getBoundingClientRect(),
      b = mark.closest('.window').getBoundingClientRect(); return a.top >= b.top - 2 && a.bottom <= b.bottom + 2 && a.width > 3 }"""))
    text, beside = (panel.locator(part).bounding_box() for part in (".text", ".window"))
    assert beside["x"] >= text["x"] + text["width"] - 1  # side by side
    hands.done("compare with the page")
    page.screenshot(path=os.path.join(os.environ["PODPREP_SHOTS"], f"{pdf.stem}-{width}.png")) if "PODPREP_SHOTS" in os.environ else None

    run = panel.locator("[role=button][data-span]").first
    span = run.get_attribute("data-span")
    hands.click(run)
    panel.locator(f".restored[data-span='{span}']").first.wait_for()
    hands.done("restore")

    before = panel.locator("td[data-row]").all_text_contents()
    cell = panel.locator("td[data-row].changed").first
    word = cell.evaluate("cell => cell.lastChild.textContent.trim().split(/\\s+/).pop()")
    cell.scroll_into_view_if_needed()
    box = cell.evaluate("""cell => { const range = document.createRange(), last = cell.lastChild, text = last.textContent.trimEnd();
      range.setStart(last.firstChild || last, Math.max(0, text.length - 4)); range.setEnd(last.firstChild || last, text.length - 2);
      const box = range.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2] }""")
    page.mouse.dblclick(*box)
    hands.count += 1
    hands.says("d strikes them out")
    hands.key("d")
    until(lambda: panel.locator("td[data-row]").all_text_contents() != before)
    assert word
    assert hands.focused()
    hands.done("strike")

    sentence = panel.locator("td[data-row]").filter(has_not=page.locator("textarea")).first
    sentence.scroll_into_view_if_needed()
    sentence.hover()
    hands.key("e")
    field = panel.locator("textarea.edit")
    field.wait_for()
    page.keyboard.insert_text("In other words. ")
    hands.key("Control+Enter")
    hands.says("In other words.")
    assert "edited" in hands.head()  # it stays in view
    assert hands.focused()
    hands.done("edit")

    hands.key("c")
    page.keyboard.insert_text(HOSTILE[0].replace("\0", "").replace("\a", ""))
    hands.key("Control+Enter")
    hands.says("window.hacked = 1")
    hands.done("comment")

    hands.key("A")
    hands.done("accept the rest")
    for _ in range(9):
        page.wait_for_timeout(500)
        if panel.locator(".summary").text_content():
            break
        hands.key("a")
    hands.costs["decide a flagged chunk as it is, all"] += hands.count
    hands.count = 0
    assert "All chunks are decided" in panel.locator(".summary").text_content()

    hands.key("w")
    hands.says("Write 2")
    hands.key("Enter")
    hands.says("Written:")
    hands.done("write")
    assert work.with_suffix(".reviewed.txt").read_text().count("In other words.") == 1
    print(pdf.stem, width, theme, hands.costs)
    hands.costs.pop("decide a flagged chunk as it is, all")  # one each
    assert max(hands.costs.values()) <= 2
    assert page.locator(".jp-Notebook .jp-Cell").count() == 2  # no key made a cell
    assert page.evaluate("window.hacked") is None
    assert not [url for url in asked if not url.startswith(lab.address) and not url.startswith("blob:")]
    panel.locator("details.gone summary").click()
    page.keyboard.press("?")
    assert grave(page, "{include: ['.podprep-panel']}") == []
    page.screenshot(path=os.path.join(os.environ["PODPREP_SHOTS"], f"{pdf.stem}-{width}-end.png")) if "PODPREP_SHOTS" in os.environ else None


def test_all_of_it_by_keyboard_and_focus_is_kept(open_lab, make_notebook, lab_folder):
    name, _ = notebook_of(make_notebook, lab_folder, SAMPLE / "sample.pdf")
    panel = open_lab().run(name)
    hands, page = Hands(panel), panel.page
    assert hands.focused()
    hands.key("n")
    page.keyboard.press("Tab")  # from the flagged words to what comes next
    panel.locator("[role=button][data-span]").first.focus()
    span = page.evaluate("document.activeElement.dataset.span")
    page.keyboard.press("Enter")
    panel.locator(f".restored[data-span='{span}']").first.wait_for()
    assert page.evaluate("document.activeElement.dataset.span") == span
    page.keyboard.press("Enter")
    until(lambda: not panel.locator(f".restored[data-span='{span}']").count())
    assert page.evaluate("document.activeElement.dataset.span") == span
    panel.locator(".box").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    hands.says("d strikes them out")
    before = panel.locator(".gone summary").text_content()
    page.keyboard.press("d")
    until(lambda: panel.locator(".gone summary").text_content() != before)
    assert hands.focused()
    page.keyboard.press("u")
    until(lambda: panel.locator(".gone summary").text_content() == before)
    page.keyboard.press("e")
    field = panel.locator("textarea.edit")
    field.wait_for()
    page.keyboard.insert_text("Never. ")
    page.keyboard.press("Escape")
    until(lambda: not field.count())
    assert "Never." not in panel.text_content()
    assert hands.focused()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("area")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    panel.get_by_text("Comment", exact=True).first.wait_for()
    first = hands.head()
    panel.locator(".chunks [aria-current] button").focus()
    page.keyboard.press("ArrowDown")
    until(lambda: hands.head() != first)
    assert page.evaluate("document.activeElement.closest('.chunks') !== null")
    page.keyboard.press("x")
    panel.get_by_role("button", name="Accept the 1 chosen").click()
    hands.says("1 of ")
    assert hands.focused()
    page.keyboard.press("Escape")
    assert page.locator(".jp-Notebook .jp-Cell").count() == 2


def test_below_1200_pixels_the_page_comes_below_the_text(open_lab, make_notebook, lab_folder):
    name, _ = notebook_of(make_notebook, lab_folder, SAMPLE / "sample.pdf")
    panel = open_lab(1100).run(name)
    text, page = (panel.locator(part).bounding_box() for part in (".text", ".page"))
    assert page["y"] >= text["y"] + text["height"] - 1


def test_state_and_pages_outlive_a_reload_a_kill_a_move_and_a_lost_pdf(open_lab, make_notebook, lab_folder, tmp_path):
    pdf = tmp_path / "mine.pdf"
    shutil.copy(SAMPLE / "sample.pdf", pdf)
    Run.start(pdf, lab_folder / "mine.podprep", cleaner="tidy").go()
    source = "from podprep import ReviewPanel, Run\nReviewPanel(Run.open('{}'))"
    make_notebook("mine.ipynb", source.format("mine.podprep"))
    lab = open_lab()
    panel = lab.run("mine.ipynb")
    hands = Hands(panel)
    for key in ("a", "r", "c"):
        hands.key(key)
        panel.page.wait_for_timeout(300)
    panel.page.keyboard.insert_text("For later.")
    panel.page.keyboard.press("Control+Enter")
    hands.says("For later.")
    (lab_folder / "elsewhere").mkdir(exist_ok=True)
    (lab_folder / "mine.podprep").rename(lab_folder / "elsewhere" / "theirs.podprep")
    pdf.unlink()
    make_notebook("mine.ipynb", source.format("elsewhere/theirs.podprep"))
    panel = lab.run("mine.ipynb")  # a new kernel, the page loaded anew
    hands = Hands(panel)
    hands.says("2 of ")
    hands.says("For later.")
    pages = {page.number for page in Run.open(lab_folder / "elsewhere" / "theirs.podprep").document.pages}
    for number in sorted(pages):
        hands.says(f"Page {number}")
        until(lambda: panel.locator(".stage img").evaluate("image => image.naturalWidth > 500"))
        panel.page.keyboard.press(".")


def test_decisions_in_the_notebook_of_the_course_are_in_its_work_file(open_lab, lab_folder):
    panel = open_lab().run("03_diff_review.ipynb")
    hands = Hands(panel)
    hands.click(panel.get_by_role("button", name="Accept a", exact=True))
    until(lambda: "1 of 26 decided" in panel.locator(".top").text_content())
    assert hands.focused()
    assert [entry["do"] for entry in Log(next(lab_folder.glob("out/*.podprep"))).entries] == ["accept"]


HOSTILE_CELL = """
from podprep import Document, Line, Page, Review, ReviewPanel, clean
lines = {lines!r}
cleaned = clean(Document.from_pages([Page(1, 600, 800, tuple(Line(t, 1) for t in lines))]), cleaner="tidy")
review, other = Review(cleaned, author=lines[1]), Review(cleaned, author=lines[0])
review.comment(0, "\\n".join(lines))
review.edit(0, lines[1])
other.edit(0, lines[0])
review.merge(other)
ReviewPanel(review)
"""


def test_hostile_text_in_every_field_runs_nothing(open_lab, make_notebook):
    panel = open_lab().run(make_notebook("hostile.ipynb", HOSTILE_CELL.format(lines=HOSTILE)))
    hands = Hands(panel)
    hands.says("disputed")
    text = panel.text_content()
    assert "<script>window.hacked = 1</script>" in text
    assert "⟦RLO⟧abc⟦PDF⟧" in text
    hands.key("w")
    hands.says("Write 2")
    panel.get_by_label("File of the text").fill("\"><img src=x onerror=window.hacked=1>/\u202ex")
    panel.page.keyboard.press("Tab")
    hands.says("onerror")
    panel.page.keyboard.press("Escape")
    panel.get_by_role("button", name="Take the version of").first.click()
    until(lambda: "edited" in hands.head())
    assert panel.locator("script, .stage ~ img, table img").count() == 0
    assert panel.page.evaluate("window.hacked") is None


def test_what_was_reviewed_in_code_is_what_the_panel_shows(open_lab, make_notebook, lab_folder):
    name, work = notebook_of(make_notebook, lab_folder, SAMPLE / "sample.pdf")
    review = Review(Run.open(work))
    review.accept_unflagged()
    panel = open_lab().run(name)
    assert "decided" in panel.locator(".top").text_content()
    assert Hands(panel).focused()
