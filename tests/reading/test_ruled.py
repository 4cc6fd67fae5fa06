"""What rules enclose: tables, boxes and stretches between like rules, however they are drawn."""

import pytest
from make import prose
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from podprep import read_pdf

CELLS = [["Bee", "Hive", "Wax"], ["one", "two", "three"], ["four", "five", "six"]]
LEFT, TOP, WIDTH, HEIGHT = 100, 600, 90, 16


def page(path, draw, cells=CELLS):
    """A page with text, and cells of a table under it; `draw` draws the rules."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    for at, line in enumerate(prose(8)):
        canvas.drawString(72, 780 - 14 * at, line)
    draw(canvas)
    for row, texts in enumerate(cells):
        for at, text in enumerate(texts):
            canvas.drawString(LEFT + 4 + WIDTH * at, TOP - HEIGHT * (row + 1) + 4, text)
    canvas.showPage()
    canvas.save()
    return path


def strokes(canvas):
    canvas.grid([LEFT + WIDTH * at for at in range(4)], [TOP - HEIGHT * at for at in range(4)])


def bars(canvas):
    """Each rule a filled box, as word processors and TeX draw them."""
    for at in range(4):
        canvas.rect(LEFT + WIDTH * at, TOP - 3 * HEIGHT, 0.5, 3 * HEIGHT, stroke=0, fill=1)
        canvas.rect(LEFT, TOP - HEIGHT * at, 3 * WIDTH, 0.5, stroke=0, fill=1)


def one_path(canvas):
    """All cells as one path."""
    path = canvas.beginPath()
    for row in range(3):
        for at in range(3):
            path.rect(LEFT + WIDTH * at, TOP - HEIGHT * (row + 1), WIDTH, HEIGHT)
    canvas.drawPath(path)


def frames(path):
    """The frames of the lines of text and of the cells."""
    lines = read_pdf(path).lines
    inside = [line for line in lines if line.box[3] < TOP + 2]
    return {line.frame for line in lines if line not in inside}, {line.frame for line in inside}


@pytest.mark.parametrize("draw", [strokes, bars, one_path])
def test_cells_of_a_ruled_table_are_told_however_it_is_drawn(tmp_path, draw):
    assert frames(page(tmp_path / "a.pdf", draw)) == ({""}, {"table"})


def test_a_table_inside_a_form_is_told_as_well(tmp_path):
    def draw(canvas):
        canvas.beginForm("grid")
        strokes(canvas)
        canvas.endForm()
        canvas.doForm("grid")
    assert frames(page(tmp_path / "a.pdf", draw)) == ({""}, {"table"})


def test_one_cell_is_a_box(tmp_path):
    def draw(canvas):
        canvas.rect(LEFT, TOP - 3 * HEIGHT, 3 * WIDTH, 3 * HEIGHT)
    assert frames(page(tmp_path / "a.pdf", draw)) == ({""}, {"box"})


def test_what_stands_between_rules_of_one_width_is_told(tmp_path):
    def draw(canvas):
        for at in (0, 1, 3):
            canvas.line(LEFT, TOP - HEIGHT * at, LEFT + 3 * WIDTH, TOP - HEIGHT * at)
    assert frames(page(tmp_path / "a.pdf", draw)) == ({""}, {"rules"})


def test_rules_at_a_pages_head_and_foot_enclose_nothing(tmp_path):
    def draw(canvas):
        canvas.line(72, 810, 500, 810)
        canvas.line(72, 40, 500, 40)
    assert frames(page(tmp_path / "a.pdf", draw)) == ({""}, {""})


def test_curves_and_filled_areas_are_no_rules(tmp_path):
    def draw(canvas):
        canvas.circle(LEFT + 100, TOP - 20, 40)
        canvas.setFillGray(0.9)
        canvas.rect(LEFT, TOP - 3 * HEIGHT, 3 * WIDTH, 3 * HEIGHT, stroke=0, fill=1)
        canvas.setFillGray(0)
    assert frames(page(tmp_path / "a.pdf", draw)) == ({""}, {""})
