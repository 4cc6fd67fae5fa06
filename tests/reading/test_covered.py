"""Words under a box that is drawn over them are set apart and never in the clean text; what is seen is kept."""

import io

import pytest
from make import edit_page, prose, tidied
from PIL import Image, ImageDraw
from reportlab.lib.colors import Color, black, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from podprep import read_pdf

WORDS = "The agent is Aurelia Quux of Paris."
START, END = (72 + stringWidth(WORDS[:at], "Helvetica", 12) for at in (13, 25))  # around the name


def page(path, *steps, under=()):
    """A page that says `WORDS` among other lines; steps come after the text, or before it (`under`)."""
    canvas = Canvas(str(path), pagesize=A4)
    for step in under:
        step(canvas)
    canvas.setFillColor(black)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(72, 700, WORDS)
    for at, line in enumerate(prose(12)):
        canvas.drawString(72, 660 - 14 * at, line)
    for step in steps:
        step(canvas)
    canvas.showPage()
    canvas.save()
    return path


def box(colour=black, left=START, right=END, bottom=696, top=712):
    """A step that draws a filled box, over the name unless told otherwise."""
    def draw(canvas):
        canvas.setFillColor(colour)
        canvas.rect(left, bottom, right - left, top - bottom, stroke=0, fill=1)
    return draw


def picture(shown, left, bottom, width, height, mask=None):
    """A step that draws a picture."""
    def draw(canvas):
        made = io.BytesIO()
        shown.save(made, "PNG")
        canvas.drawImage(ImageReader(io.BytesIO(made.getvalue())), left, bottom, width, height, mask=mask)
    return draw


def asides(path):
    return {line.text: line.aside for line in read_pdf(path).lines if line.aside}


def bar(canvas):
    canvas.setLineWidth(16)
    canvas.line(START, 704, END, 704)


def form(canvas):
    """The box in a form of its own, moved to its place."""
    canvas.beginForm("cover")
    canvas.rect(0, 0, END - START, 16, stroke=0, fill=1)
    canvas.endForm()
    canvas.translate(START, 696)
    canvas.doForm("cover")


COVERS = {
    "black": box(), "white": box(white), "a bar": bar, "a form": form,
    "a picture": picture(Image.new("RGB", (20, 4), "black"), START, 696, END - START, 16),
}
SEEN = {
    "a highlight": box(Color(1, 1, 0, alpha=0.4)), "a rule": box(bottom=698, top=699.5),
    "a frame": lambda canvas: canvas.rect(START, 696, END - START, 16, stroke=1, fill=0),
    "beside it": box(bottom=714, top=730),
    "a mask": picture(Image.new("RGBA", (20, 4), (0, 0, 0, 0)), START, 696, END - START, 16, mask="auto"),
}


@pytest.mark.parametrize("cover", COVERS.values(), ids=COVERS)
def test_words_under_a_cover_are_set_apart_and_not_in_the_clean_text(tmp_path, cover):
    path = page(tmp_path / "a.pdf", cover)
    assert asides(path) == {"Aurelia Quux": "covered"}
    cleaned = tidied(path)
    assert "Aurelia" not in cleaned.text
    assert "Quux" not in cleaned.text
    assert "The agent is of Paris." in cleaned.text
    assert cleaned.words_removed()["covered"] == 2


@pytest.mark.parametrize("step", SEEN.values(), ids=SEEN)
def test_what_shows_through_or_lies_beside_covers_nothing(tmp_path, step):
    assert asides(page(tmp_path / "a.pdf", step)) == {}


def test_a_background_drawn_before_the_text_covers_nothing(tmp_path):
    assert asides(page(tmp_path / "a.pdf", under=[box(Color(0.9, 0.9, 0.9))])) == {}


def test_words_written_over_the_box_are_kept_and_those_below_are_not(tmp_path):
    def over(canvas):
        canvas.setFillColor(black)
        canvas.drawString(START + 10, 700, "nobody known")

    path = page(tmp_path / "a.pdf", box(white), over)
    assert "Aurelia" not in tidied(path).text
    assert "nobody known" in tidied(path).text


def test_a_part_of_a_word_is_covered_and_the_rest_kept(tmp_path):
    path = page(tmp_path / "a.pdf", lambda canvas: canvas.drawString(72, 400, "Account 12345678."),
                box(left=118, right=145, bottom=396, top=412))
    (text, aside), = asides(path).items()
    assert aside == "covered"
    assert "1234".startswith(text)
    assert text not in tidied(path).text


@pytest.mark.parametrize("above", [True, False])
def test_the_text_of_a_scan_is_kept_wherever_the_picture_lies(tmp_path, above):
    """OCR writes invisible text over the picture, or visible text that the picture hides."""
    scan = Image.new("L", (595, 842), "white")
    ImageDraw.Draw(scan).text((72, 132), WORDS, fill=0, font_size=12)
    laid = picture(scan, 0, 0, 595, 842)

    def layer(canvas):
        text = canvas.beginText(72, 700)
        text.setTextRenderMode(3 if above else 0)
        text.textOut(WORDS)
        canvas.drawText(text)

    path = tmp_path / "scan.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    for step in (laid, layer) if above else (layer, laid):
        step(canvas)
    canvas.showPage()
    canvas.save()
    assert [(line.text, line.aside) for line in read_pdf(path).lines] == [(WORDS, "")]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_on_a_turned_page_too(tmp_path, turn):
    path = edit_page(page(tmp_path / "a.pdf", box()), lambda page: page.rotate(turn))
    assert asides(path) == {"Aurelia Quux": "covered"}


def test_it_is_the_same_on_a_second_look_and_without_a_guard(tmp_path):
    path = page(tmp_path / "a.pdf", box())
    assert read_pdf(path).pages == read_pdf(path, limits=None).pages
