"""Measures of a page: body font, leading, the columns' margins."""

import pytest
from make import column, document, paragraph, placed, placed_document, sample, write_pdf

from podprep import Removal, read_pdf
from podprep.rules import measure_layout
from podprep.rules.layout import Margins, line_step


def test_the_body_size_is_what_most_characters_share():
    doc = placed_document(
        placed("A large title", 780, size=18), *paragraph(*["body text here"] * 3), *paragraph(*"x" * 9, size=7)
    )
    assert measure_layout(doc).body_size == 10


def test_removed_lines_do_not_count_as_body():
    doc = placed_document(*paragraph(*["body"] * 3), *paragraph(*["a longer reference"] * 3, top=300, size=8))
    assert measure_layout(doc).body_size == 8
    small = [Removal(start, start + 18, "reference") for start in doc.line_starts[3:]]
    assert measure_layout(doc, small).body_size == 10


def test_leading_is_the_usual_step_of_body_lines():
    doc = placed_document(
        *paragraph(*["body"] * 5, step=13), placed("body", 400), *paragraph(*["note"] * 3, top=100, step=8, size=7)
    )
    assert measure_layout(doc).leading == 13


def test_margins_belong_to_the_column():
    left = [placed("left", 700 - 12 * i, x=60, width=200) for i in range(5)]
    right = [placed("right", 700 - 12 * i, x=320, width=210 - i) for i in range(5)]
    margins = measure_layout(placed_document(*left, *right)).margins
    assert margins[:5] == (Margins(60, 260),) * 5
    assert {m.left for m in margins[5:]} == {320}
    assert all(525 < m.right <= 530 for m in margins[5:])


def test_an_indented_line_belongs_to_its_column():
    lines = [placed("indented", 712, x=72, width=240), *paragraph(*["full line"] * 4, x=60.0, width=252)]
    assert measure_layout(placed_document(*lines)).margins[0] == Margins(60, 312)


def test_without_places_all_answers_are_neutral():
    layout = measure_layout(document("one\ntwo", "three"))
    assert (layout.body_size, layout.leading, layout.margins) == (0.0, 0.0, (None, None, None))
    assert measure_layout(document("")).margins == ()


@pytest.mark.parametrize(
    ("a", "b", "step"),
    [
        (placed("above", 700), placed("below", 686), 14),
        (placed("below", 686), placed("above", 700), 0),
        (placed("left column", 100, x=60), placed("right column", 700, x=320), 0),
        (placed("page one", 100), placed("page two", 90, page=2), 0),
    ],
    ids=["down", "up", "across columns", "across pages"],
)
def test_line_steps(a, b, step):
    assert line_step(a, b) == pytest.approx(step)


def test_a_real_page(tmp_path):
    layout = measure_layout(read_pdf(write_pdf(tmp_path / "made.pdf", column(*["A body line."] * 4, step=14, size=11))))
    assert (layout.body_size, layout.leading) == (11, pytest.approx(14))
    assert layout.margins[0].left == pytest.approx(72)


def test_the_sample_has_two_columns():
    layout = measure_layout(sample().document)
    assert layout.body_size == pytest.approx(9.9)
    assert layout.leading == pytest.approx(13.7, abs=0.3)
    lefts = {round(m.left) for line, m in zip(sample().document.lines, layout.margins) if line.size == layout.body_size}
    assert {52, 307} <= lefts
