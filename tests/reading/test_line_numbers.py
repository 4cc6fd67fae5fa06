"""Line numbers of manuscripts are set apart and listed; numbers that say something stay in their lines."""

from functools import partial

import pytest
from make import prose, write_pdf

from podprep import clean, read_pdf

read_here = partial(read_pdf, limits=None)  # in this process, where coverage sees it

BODY = [f"{line} of the study," for line in prose(30)]


def numbered(tmp_path, pages, body=BODY, **options):
    """A manuscript whose lines bear the numbers (line, number) given, right-aligned in the margin."""
    runs, left = [], options.get("left", 90)
    for numbers in pages:
        page = [(left, 760 - 24 * i, text, {"size": 12}) for i, text in enumerate(body)]
        marks = [(options.get("at", 70) - 4.5 * len(str(n)), 760 - 24 * i, str(n), {"size": 8}) for i, n in numbers]
        runs.append([*marks, *page] if options.get("first") else sorted([*page, *marks], key=lambda run: (-run[1], run[0])))
    return read_here(write_pdf(tmp_path / "paper.pdf", *runs))


def apart(document):
    return [line.text for line in document.lines if line.aside == "line number"]


def rest(document):
    return [line.text for line in document.lines if not line.aside]


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("numbers", [range(1, 31), range(970, 1000), range(5, 35)])
def test_numbers_of_all_lines(tmp_path, numbers, first):
    document = numbered(tmp_path, [list(enumerate(numbers))], first=first)
    assert apart(document) == list(map(str, numbers))
    assert rest(document) == BODY


def test_numbers_of_every_fifth_line(tmp_path):
    document = numbered(tmp_path, [[(i, i + 1) for i in range(4, 30, 5)]])
    assert apart(document) == ["5", "10", "15", "20", "25", "30"]
    assert rest(document) == BODY


def test_numbers_that_begin_anew_on_each_page(tmp_path):
    document = numbered(tmp_path, [list(enumerate(range(1, 31)))] * 2)
    assert apart(document) == [*map(str, range(1, 31))] * 2


def test_numbers_in_the_right_margin(tmp_path):
    document = numbered(tmp_path, [list(enumerate(range(1, 31)))], at=540)
    assert apart(document) == list(map(str, range(1, 31)))
    assert rest(document) == BODY


def test_numbers_in_both_margins_of_two_columns(tmp_path):
    text = prose(60)
    runs = [run for i in range(30) for run in (
        (40, 760 - 14 * i, f"{i:03d}", {"size": 7}), (72, 760 - 14 * i, text[i][:44], {}),
        (310, 760 - 14 * i, text[30 + i][:44], {}), (545, 760 - 14 * i, f"{30 + i:03d}", {"size": 7}),
    )]
    document = read_here(write_pdf(tmp_path / "review.pdf", runs))
    assert sorted(apart(document)) == [f"{i:03d}" for i in range(60)]
    assert not any(character.isdigit() for line in rest(document) for character in line)


def test_numbers_before_lines_that_begin_with_numbers(tmp_path):
    body = [f"{i * 7} {text}" if i % 3 == 0 else text for i, text in enumerate(BODY)]
    document = numbered(tmp_path, [list(enumerate(range(1, 31)))], body)
    assert rest(document) == body


def test_a_number_that_is_missing_ends_nothing(tmp_path):
    document = numbered(tmp_path, [[(i, i + 1) for i in range(30) if i not in (7, 8, 20)]])
    assert len(apart(document)) == 27
    assert rest(document) == BODY


@pytest.mark.parametrize("cleaner", ["tidy", "probe"])
def test_they_are_listed_and_their_sentences_are_whole(tmp_path, cleaner):
    body = [f"{text[:-1]}-" if i == 9 else text for i, text in enumerate(BODY)]
    body[9], body[10] = "and so the reader of the page learns how the manu-", "script was made and what it is good for,"
    document = numbered(tmp_path, [list(enumerate(range(1, 31)))], body)
    cleaned = clean(document, cleaner)
    assert cleaned.words_removed()["line number"] == 30
    assert "how the manuscript was made" in cleaned.text
    assert not any(character.isdigit() for character in cleaned.text)
    assert "".join(part for chunk in cleaned.chunks for part, _ in chunk.segments()) == document.text


@pytest.mark.parametrize("numbers", [
    [(i, 1900 + 7 * i) for i in range(30)],  # years that do not count lines
    [(i, i) for i in range(3)],  # too few
    [(i, 30 - i) for i in range(30)],  # backwards
])
def test_other_numbers_stay_in_their_lines(tmp_path, numbers):
    assert apart(numbered(tmp_path, [numbers])) == []


def test_numbers_inside_the_text_block_stay(tmp_path):
    document = numbered(tmp_path, [[]], [f"{i}   {text}" if i > 12 else text for i, text in enumerate(BODY)])
    assert apart(document) == []


def test_the_numbers_of_a_table_stay(tmp_path):
    table = [(100, 500 - 14 * i, str(i + 1), {}) for i in range(8)] + [(140, 500 - 14 * i, f"item {i} of it", {}) for i in range(8)]
    body = [(72, 760 - 12 * i, text, {}) for i, text in enumerate(BODY[:20])]
    assert apart(read_here(write_pdf(tmp_path / "table.pdf", [*body, *table]))) == []
