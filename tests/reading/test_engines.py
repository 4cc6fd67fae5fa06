"""What each text engine tells of a page: lines, places, sizes, superscripts, emphasis, odd characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import PROPERTY, column, edit_page, prose, write_coded_pdf, write_pdf
from PyPDF2.generic import RectangleObject
from reportlab.pdfgen.canvas import Canvas

from podprep import read_pdf
from podprep.reading.engines import clean_characters
from podprep.reading.glyphs import Font, Glyph, _begins_line

BOTH = pytest.mark.parametrize("engine", ["pdfium", "pypdf2"])
BOLD, ITALIC, RAISED = {"font": "Times-Bold"}, {"font": "Times-Italic"}, {"size": 6.5, "rise": 3.5}


@pytest.fixture
def lines(tmp_path):
    """Write pages, read them, and give their lines."""

    def read(*pages, engine="pdfium"):
        return read_pdf(write_pdf(tmp_path / "made.pdf", *pages), engine).lines

    return read


def marked(line, spans):
    return [line.text[a:b] for a, b in spans]


@BOTH
def test_lines_come_one_by_one_with_their_page(lines, engine):
    read = lines(column("First line.", "Second line."), [], column("Third page."), engine=engine)
    assert [(line.text, line.page) for line in read] == [("First line.", 1), ("Second line.", 1), ("Third page.", 3)]


@BOTH
def test_pages_have_their_size(tmp_path, engine):
    page = read_pdf(write_pdf(tmp_path / "made.pdf", column("Text.")), engine).pages[0]
    assert (page.number, round(page.width), round(page.height)) == (1, 595, 842)


def test_pdfium_tells_place_and_size(lines):
    small, large = lines([(72, 700, "Small type here", {}), (100, 600, "Large", {"size": 20})])
    assert (small.size, large.size) == (10, 20)
    left, bottom, right, top = small.box
    assert (left, bottom, top) == pytest.approx((72, 697.5, 707.5))
    assert 120 < right < 150
    assert large.box[:2] == pytest.approx((100, 595))


def test_pypdf2_tells_neither(lines):
    (line,) = lines(column("Some text"), engine="pypdf2")
    assert (line.box, line.size, line.raised, line.emphasis) == (None, 0.0, (), ())


def test_size_counts_what_is_drawn_and_not_what_the_font_says(tmp_path):
    canvas = Canvas(str(tmp_path / "scaled.pdf"))
    canvas.scale(2, 2)
    canvas.setFont("Times-Roman", 6)
    canvas.drawString(50, 300, "Scaled up")
    canvas.save()
    assert read_pdf(tmp_path / "scaled.pdf").lines[0].size == 12


def test_superscripts_are_raised_and_stay_in_their_line(lines):
    parts = [("as shown before", {}), ("12", RAISED), (" and 10", {}), ("6", RAISED), (" cells", {})]
    (line,) = lines([(72, 700, parts, {})])
    assert line.text == "as shown before12 and 106 cells"
    assert marked(line, line.raised) == ["12", "6"]
    assert line.size == 10


def test_subscripts_and_small_type_on_the_line_are_not_raised(lines):
    parts = [("H", {}), ("2", {"size": 6.5, "rise": -2}), ("O and ", {}), ("small", {"size": 7})]
    (line,) = lines([(72, 700, parts, {})])
    assert line.raised == ()


def test_bold_and_italic_are_emphasis(lines):
    (line,) = lines([(72, 700, [("Bold.", BOLD), (" plain and ", {}), ("slanted", ITALIC), (" words", {})], {})])
    assert marked(line, line.emphasis) == ["Bold.", "slanted"]
    assert not line.bold
    (heading,) = lines([(72, 700, "All bold", BOLD)])
    assert heading.bold


@BOTH
def test_line_end_hyphens_are_plain_hyphens_at_the_end_of_their_line(lines, engine):
    read = lines(column("The quick work-", "shop was a well-", "known place."), engine=engine)
    assert [line.text for line in read] == ["The quick work-", "shop was a well-", "known place."]


def test_columns_drawn_one_after_the_other_are_read_so(lines):
    left, right = [f"left row {i} here" for i in range(6)], [f"right row {i} here" for i in range(6)]
    read = lines(column(*left) + column(*right, x=320))
    assert [line.text for line in read] == left + right


def test_words_set_apart_on_one_base_line_are_one_line(lines):
    (line,) = lines([(72, 700, "1.", {}), (84, 700, "Introduction", {})])
    assert line.text == "1. Introduction"


def test_a_line_drawn_twice_is_read_once(lines):
    once = column(*(f"Line {i} of the body goes on here" for i in range(3)))
    assert [line.text for line in lines(once + once[:1])] == [text for _, _, text, _ in once]


def test_text_outside_the_page_or_clipped_away_is_hidden(tmp_path):
    canvas = Canvas(str(tmp_path / "hidden.pdf"))
    canvas.drawString(72, 700, "On the page")
    canvas.drawString(700, 650, "To the right of it")
    canvas.drawString(72, -30, "Below it")
    clip = canvas.beginPath()
    clip.rect(72, 400, 200, 100)
    canvas.clipPath(clip, stroke=0)
    canvas.drawString(80, 450, "In the picture")
    canvas.drawString(80, 350, "Behind its frame")
    canvas.save()
    lines = read_pdf(tmp_path / "hidden.pdf").lines
    assert [line.text for line in lines if not line.aside] == ["On the page", "In the picture"]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_no_text_of_a_turned_page_is_hidden(tmp_path, degrees):
    path = edit_page(write_pdf(tmp_path / "turned.pdf", column(*prose(60), top=800)), lambda page: page.rotate(degrees))
    assert {line.text for line in read_pdf(path).lines if not line.aside} == set(prose(60))


def test_only_the_cropped_part_of_a_page_shows(tmp_path):
    path = write_pdf(tmp_path / "cropped.pdf", column("Above", "Inside", "Below", top=820, step=250))
    edit_page(path, lambda page: setattr(page, "cropbox", RectangleObject((50, 400, 595, 800))))
    assert [line.text for line in read_pdf(path).lines if not line.aside] == ["Inside"]


def test_text_up_the_margin_is_higher_than_wide(tmp_path):
    canvas = Canvas(str(tmp_path / "margin.pdf"))
    canvas.rotate(90)
    canvas.drawString(200, -30, "Downloaded from a server")
    canvas.save()
    left, bottom, right, top = read_pdf(tmp_path / "margin.pdf").lines[0].box
    assert top - bottom > 5 * (right - left)


@BOTH
def test_odd_characters_of_a_file_are_joined_or_shown(tmp_path, engine):
    codes = {"Q": "D83DDE00", "R": "0007", "S": "D83D", "T": "0000", "V": "00650301"}
    text = read_pdf(write_coded_pdf(tmp_path / "coded.pdf", "a Q R S T V z", codes), engine).text
    assert text == "a \U0001f600 \ufffd \ufffd \ufffd e\u0301 z"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("plain\ttext", "plain\ttext"),
        ("nul\0bell\x07", "nul\ufffdbell\ufffd"),
        ("\ud83d\ude00", "\U0001f600"),
        ("lone\ud83d", "lone\ufffd"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("\U0001f469\u200d\U0001f467 e\u0301 العربية 日本", "\U0001f469\u200d\U0001f467 e\u0301 العربية 日本"),
        ("", ""),
    ],
)
def test_clean_characters_worked_examples(raw, clean):
    assert clean_characters(raw) == clean


@PROPERTY
@given(st.text(st.characters(categories=["L", "N", "Cc", "Cs", "So"])))
def test_clean_characters_can_be_stored_and_keep_all_that_is_text(text):
    clean = clean_characters(text)
    clean.encode("utf-8")
    assert clean_characters(clean) == clean
    assert [c for c in clean if c.isalnum()] == [c for c in text if c.isalnum()]


def test_a_row_that_goes_far_back_on_another_base_line_is_two():
    """PDFium misses a line's end now and then, after letters without a meaning."""
    font = Font("Times", 10.0, False, False, 0, (0.0, 0.0, 600.0, 800.0))
    glyph = lambda left, base: Glyph("a", left, left + 5, base, font)
    assert _begins_line(glyph(400, 700), glyph(72, 688))
    assert not _begins_line(glyph(400, 700), glyph(380, 696))
    assert not _begins_line(glyph(72, 700), glyph(77, 700))
