"""Pages typeset for it: the words of every line and the order of lines, exact, with their blocks and columns."""

from functools import partial

import pytest
from make import column, prose, write_coded_pdf, write_pdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from podprep import read_pdf

read_here = partial(read_pdf, limits=None)  # in this process, where coverage sees it

LEFT, MIDDLE, RIGHT = 50, 225, 400
NARROW = {"size": 8}
WORDS = "stone river cloud garden winter letter window market bridge forest silver harbour".split()


def narrow(count, first=0):
    """Lines of a column that is 30 to 40 characters wide, no two alike."""
    return [" ".join(WORDS[(first + 5 * i + k * (k + i)) % 12] for k in range(5)) for i in range(count)]


@pytest.fixture
def page(tmp_path):
    """Write one page of runs and read it."""
    return lambda runs: read_here(write_pdf(tmp_path / "page.pdf", runs)).pages[0]


@pytest.fixture
def drawn(tmp_path):
    """Draw one page with a canvas and read it."""

    def draw(draw_on, **options):
        canvas = Canvas(str(tmp_path / "drawn.pdf"), pagesize=A4, **options)
        draw_on(canvas)
        canvas.save()
        return read_here(tmp_path / "drawn.pdf").pages[0]

    return draw


def shown(page):
    return [line.text for line in page.lines]


def rows(*columns):
    """Runs of several columns drawn row by row, as recognised text often is."""
    return [run for row in zip(*columns) for run in row]


def test_two_columns_drawn_one_after_the_other(page):
    first, second = narrow(20), narrow(20, 3)
    read = page([*column(*first, x=LEFT), *column(*second, x=300)])
    assert shown(read) == first + second
    assert [line.column for line in read.lines] == [1] * 20 + [2] * 20
    assert [line.block for line in read.lines] == [1] * 20 + [2] * 20


def test_two_columns_drawn_row_by_row(page):
    first, second = narrow(20), narrow(20, 3)
    read = page(rows(column(*first, x=LEFT), column(*second, x=300)))
    assert shown(read) == first + second
    assert {line.column for line in read.lines} == {1, 2}


def test_two_columns_with_a_narrow_gutter_as_one_run_a_row(drawn):
    first, second = narrow(20), narrow(20, 3)

    def draw(canvas):
        canvas.setFont("Courier", 8)
        for i, (left, right) in enumerate(zip(first, second)):
            canvas.drawString(LEFT, 700 - 12 * i, f"{left:<42}{right}")

    assert shown(drawn(draw)) == first + second


def test_three_columns_drawn_row_by_row(page):
    parts = [narrow(16, first) for first in (0, 3, 7)]
    read = page(rows(*(column(*part, x=x, **NARROW) for part, x in zip(parts, (LEFT, MIDDLE, RIGHT)))))
    assert shown(read) == [*parts[0], *parts[1], *parts[2]]
    assert [line.column for line in read.lines] == [1] * 16 + [2] * 16 + [3] * 16


def test_a_title_across_two_columns(page):
    first, second = narrow(12), narrow(12, 3)
    title = (LEFT, 790, "A title that runs across both of the columns", {"size": 20})
    read = page([title, *column(*first, x=LEFT, top=740), *column(*second, x=300, top=740)])
    assert shown(read) == [title[2], *first, *second]
    assert [line.column for line in read.lines] == [0] + [1] * 12 + [2] * 12


def test_a_title_drawn_last_is_read_first(page):
    first, second = narrow(12), narrow(12, 3)
    title = (LEFT, 790, "A title that was drawn last", {"size": 20})
    assert shown(page([*column(*first, x=LEFT, top=740), *column(*second, x=300, top=740), title])) == [
        title[2], *first, *second]


def test_a_last_line_drawn_first_is_read_last(page):
    first, second = narrow(10), narrow(10, 3)
    last = (LEFT, 40, "A line of text at the foot of both columns that was drawn before all else", {})
    assert shown(page([last, *column(*first, x=LEFT), *column(*second, x=300)])) == [*first, *second, last[2]]


def test_a_caption_drawn_last_stays_out_of_the_text(page):
    upper, lower = narrow(10), narrow(10, 2)
    right = narrow(24, 5)
    caption = (LEFT, 640, "Figure 1. A caption in the left column, drawn last", {"size": 7})
    runs = [*column(*upper, x=LEFT), *column(*lower, x=LEFT, top=620), *column(*right, x=300), caption]
    assert shown(page(runs)) == [*upper, *lower, *right, caption[2]]


def test_text_drawn_last_goes_to_its_place(page):
    upper, lower, right = narrow(8), narrow(8, 2), narrow(20, 5)
    runs = [*column(*lower, x=LEFT, top=640), *column(*right, x=300), *column(*upper, x=LEFT)]
    assert shown(page(runs)) == [*upper, *lower, *right]


def test_paragraphs_drawn_in_turns_are_read_column_by_column(page):
    parts = [narrow(5, first) for first in range(6)]
    places = [(x, top) for top in (780, 710, 640) for x in (LEFT, 300)]
    runs = [run for part, (x, top) in zip(parts, places) for run in column(*part, x=x, top=top)]
    assert shown(page(runs)) == [line for i in (0, 2, 4, 1, 3, 5) for line in parts[i]]


def test_columns_drawn_from_right_to_left(page):
    first, second = narrow(14), narrow(14, 3)
    assert shown(page([*column(*second, x=300), *column(*first, x=LEFT)])) == first + second


def test_a_sidebar_stays_where_it_was_drawn(page):
    text, side = prose(14), narrow(5, 4)
    read = page([*column(*text, x=LEFT), *column(*side, x=380, top=760, size=8)])
    assert shown(read) == text + side


def test_footnotes_come_after_both_columns(page):
    first, second = narrow(14), narrow(14, 3)
    note = (LEFT, 80, "1 A footnote of the first column.", {"size": 7})
    assert shown(page([*column(*first, x=LEFT), note, *column(*second, x=300)])) == [*first, *second, note[2]]


def test_narrow_cells_numbers_and_bullets_stay_in_their_rows(page):
    cells = [f"{i}. word" for i in range(1, 9)]
    runs = [run for i, cell in enumerate(cells)
            for run in [(LEFT, 700 - 12 * i, cell, {}), (180, 700 - 12 * i, f"{i} mg", {}), (260, 700 - 12 * i, "yes", {})]]
    assert shown(page(runs)) == [f"{cell} {i} mg yes" for i, cell in enumerate(cells)]
    bullets = [run for i, text in enumerate(prose(8)) for run in
               [(LEFT, 700 - 12 * i, "•", {}), (80, 700 - 12 * i, text, {})]]
    assert shown(page(bullets)) == [f"• {text}" for text in prose(8)]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_is_read_as_seen(tmp_path, degrees):
    first, second = narrow(12), narrow(12, 3)
    canvas = Canvas(str(tmp_path / "turned.pdf"), pagesize=A4)
    canvas.setPageRotation(degrees)
    canvas.translate(*{90: (595, 0), 180: (595, 842), 270: (0, 842)}[degrees])
    canvas.rotate(degrees)
    _columns(canvas, first, second)
    read = read_here(tmp_path / "turned.pdf").pages[0]
    assert shown(read) == first + second
    box = read.lines[0].box
    assert box[2] - box[0] > box[3] - box[1]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_text_that_is_turned_on_its_page_is_read_and_placed(tmp_path, degrees):
    first, second = narrow(12), narrow(12, 3)
    canvas = Canvas(str(tmp_path / "turned.pdf"), pagesize=A4)
    canvas.translate(*{90: (595, 0), 180: (595, 842), 270: (0, 842)}[degrees])
    canvas.rotate(degrees)
    _columns(canvas, first, second)
    read = read_here(tmp_path / "turned.pdf").pages[0]
    assert shown(read) == first + second
    left, bottom, right, top = read.lines[0].box
    assert (right - left > top - bottom) == (degrees == 180)
    assert 0 < left < right < 595
    assert 0 < bottom < top < 842


def _columns(canvas, first, second):
    canvas.setFont("Times-Roman", 10)
    for x, lines in ((60, first), (300, second)):
        for i, line in enumerate(lines):
            canvas.drawString(x, 500 - 12 * i, line)
    canvas.save()


def test_a_spread_is_read_page_by_page(drawn):
    first, second = prose(12), prose(12, 20)

    def draw(canvas):
        canvas.setPageSize((1190, 842))
        for x, lines in ((72, first), (650, second)):
            for i, line in enumerate(lines):
                canvas.drawString(x, 700 - 14 * i, line)

    assert shown(drawn(draw)) == first + second


def test_vertical_japanese_is_read_from_the_right(drawn):
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5", isVertical=True))
    lines = ["吾輩は猫である。名前はまだ無い。", "どこで生れたかとんと見当がつかぬ。", "ニャーニャー泣いていた事だけは"]

    def draw(canvas):
        canvas.setFont("HeiseiKakuGo-W5", 14)
        for i, line in enumerate(lines):
            canvas.drawString(500 - 30 * i, 750, line)

    read = drawn(draw)
    assert shown(read) == lines
    left, bottom, right, top = read.lines[0].box
    assert (round(left), round(right), round(top)) == (486, 500, 750)
    assert bottom < 540


def test_glued_words_come_apart(drawn):
    def draw(canvas):
        canvas.setFont("Times-Roman", 10)
        x = 72
        for word in ("any", "other", "word"):
            canvas.drawString(x, 700, word)
            x += canvas.stringWidth(word) + 1.6

    assert shown(drawn(draw)) == ["any other word"]


def test_spaced_letters_close_up_and_odd_spaces_are_one(drawn):
    def draw(canvas):
        canvas.setFont("Times-Roman", 10)
        text = canvas.beginText(72, 650)
        text.setCharSpace(4)
        text.textOut("THE  ABSTRACT")
        canvas.drawText(text)
        canvas._code.append("0 Tc")
        canvas.drawString(72, 600, "odd   and\u00a0 other spaces")
        canvas.drawString(72, 550, "A B S T R A C T  O F  M I N E and more")
        canvas.drawString(72, 500, "a plan b")

    assert shown(drawn(draw)) == ["THE ABSTRACT", "odd and other spaces", "ABSTRACT OF MINE and more", "a plan b"]


def test_arabic_inside_a_latin_line_keeps_the_order_of_its_letters(tmp_path):
    codes = {"p": "0628", "q": "062A", "r": "062B"}
    line = read_here(write_coded_pdf(tmp_path / "mixed.pdf", "see rqp below", codes)).pages[0].lines[0]
    assert line.text == "see بتث below"


def test_accents_drawn_apart_join_their_letters(drawn):
    def draw(canvas):
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(72, 700, "Mu")
        canvas.drawString(72 + 8.9 + 1, 700, "\u00a8")
        canvas.drawString(72 + 13.9, 700, "ller wrote it")

        text = canvas.beginText(72, 650)
        text.setCharSpace(3)
        text.textOut("caf")
        canvas.drawText(text)
        canvas.drawString(102, 650, "\u00b4e")
        canvas._code.append("0 Tc")
        canvas.drawString(72, 600, "x ^ y ~ z")

    assert shown(drawn(draw))[0] == "Müller wrote it"
    assert shown(drawn(draw))[2] == "x ^ y ~ z"
