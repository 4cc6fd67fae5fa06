"""The title: the largest lines near the top of the first page that says something, whole; told from a journal's name."""

from dataclasses import replace

import numpy as np
import pytest
from make import placed, prose

from podprep import Document, Page
from podprep.document import Metadata
from podprep.probe.titles import before_title, find_title

BODY = [placed(text, 560 - 12 * i) for i, text in enumerate(prose(20))]


def found(*lines, scores=None, named=None, before=()):
    """The lines that are taken for the title of a page of these lines over a body of 10 points."""
    document = Document.from_pages([*before, Page(1 + len(before), 600, 800, (*lines, *BODY))])
    document = replace(document, metadata=Metadata(title=named))
    chosen = find_title(document, np.array([*(scores or [0.0] * len(lines)), *([5.0] * len(BODY))]), 10.0)
    return [document.lines[at].text for at in chosen]


def large(text, y, size=17):
    return placed(text, y, size=size, font="Large")


def test_the_largest_lines_are_the_title_whole():
    lines = large("The Page and the Ear:", 740), large("What Print Does to a Sentence", 720)
    assert found(*lines, placed("Ann Smith", 690, size=12)) == ["The Page and the Ear:", "What Print Does to a Sentence"]


@pytest.mark.parametrize("title", ["간단한 데비안 역사", "Руководство разработчика", "参考手册入门"])
def test_any_script_will_do(title):
    assert found(large(title, 740)) == [title]


def test_a_journals_name_of_one_word_is_none():
    assert found(large("molecules", 780, 25), large("Bees of the Hill", 720)) == ["Bees of the Hill"]


def test_a_journals_name_that_the_probe_knows_for_one_is_none():
    lines = large("Journal of Everything Else", 780, 25), large("Bees of the Hill", 720)
    assert found(*lines, scores=[-6.0, 1.0]) == ["Bees of the Hill"]


def test_the_title_in_the_document_information_decides_where_it_is_on_the_page():
    lines = large("Everything Else Weekly", 780, 25), large("Bees of the Hill", 720)
    assert found(*lines, named="Bees of the hill") == ["Bees of the Hill"]
    assert found(*lines, named="Microsoft Word - draft2.docx") == ["Everything Else Weekly"]


def test_a_kind_of_article_is_no_part_of_it():
    assert found(large("Research Article", 740), large("Bees of the Hill", 720)) == ["Bees of the Hill"]


def test_a_title_in_the_bodys_size_is_known_above_an_abstract():
    lines = placed("BEES OF THE HILL", 780, size=10, bold=True), placed("Ann Smith", 740), placed("Abstract", 700)
    assert found(*lines) == ["BEES OF THE HILL"]


def before(*lines, kept=False):
    document = Document.from_pages([Page(1, 600, 800, (*lines, *BODY))])
    title = find_title(document, np.zeros(len(document.lines)), 10.0)
    return [document.lines[at].text for at in before_title(document, title, [kept] * len(document.lines))]


def test_few_words_before_the_title_go():
    assert before(placed("RESEARCH Open Access", 780), large("Bees of the Hill", 720)) == ["RESEARCH Open Access"]


def test_a_sentence_before_the_title_does_not():
    said = "The bees of this hill have been counted for a year and more."
    assert before(placed(said, 780), large("Bees of the Hill", 720)) == []


def test_what_is_set_nearly_as_large_and_stays_may_be_its_beginning():
    lines = large("The Hive Server", 780, 14), placed("for many bees", 750), large("User Manual", 720, 17)
    assert before(*lines, kept=True) == []


def test_a_page_that_says_nothing_is_passed_over():
    cover = Page(1, 600, 800, (placed("7", 700, size=40),))
    assert found(placed("Bees of the Hill", 740, page=2, size=17, font="Large"), before=[cover]) == ["Bees of the Hill"]


def test_where_nothing_is_larger_there_is_none():
    assert found(placed("Ann Smith", 700)) == []
    assert list(find_title(Document.from_pages([]), np.zeros(0), 10.0)) == []
