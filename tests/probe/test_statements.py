"""Statements that close an article, and its keywords, told by their headings."""

import numpy as np
import pytest
from make import placed

from podprep.probe.statements import in_keywords, in_statements


def lines(*texts, block=None):
    """Lines below one another; a text that begins with "#" is a heading, and opens a block; so does one after "|"."""
    made, number = [], 0
    for i, text in enumerate(texts):
        number += text[0] in "#|" or not i
        made.append(placed(text.lstrip("#|"), 700 - 12 * i, block=number))
    return made, np.array([text[0] == "#" for text in texts])


def stated(*texts, rules=()):
    made, headings = lines(*texts)
    found = in_statements(made, headings, np.array([i in rules for i in range(len(made))]))
    return [line.text for line, inside in zip(made, found) if inside]


@pytest.mark.parametrize("heading", [
    "Competing interests", "Conflict of Interest", "Authors’ contributions", "Author contributions:", "Abbreviations",
    "Funding", "Acknowledgements", "Supplementary material", "Data availability", "Danksagung", "致谢",
])
def test_a_statement_runs_from_its_heading_to_the_next(heading):
    text = ["#" + heading, "|What the authors say of it,", "and what more they say.", "#Methods", "|We measured."]
    assert stated("|Text before.", *text) == [heading, "What the authors say of it,", "and what more they say."]


def test_one_that_its_name_opens_ends_with_its_block():
    text = ["|Funding: This work was paid for", "by nobody at all.", "|It was a long day."]
    assert stated("|Text before.", *text) == ["Funding: This work was paid for", "by nobody at all."]


def test_a_word_inside_a_sentence_opens_nothing():
    assert stated("|We give funding to all", "Funding: the word stands at a line's start", "and goes on.") == []
    assert stated("|Abbreviations are used below in the text of this article, as always.", "And so on.") == []


@pytest.mark.parametrize("end", ["#References", "|References", "|Received: 1 May 2020", "#Author details"])
def test_references_dates_and_other_headings_end_it(end):
    assert stated("#Competing interests", "|None.", end, "|1. Smith A.") == ["Competing interests", "None."]


def test_a_running_head_inside_is_no_part_of_it_and_does_not_end_it():
    text = ["#Abbreviations", "|One thing;", "|Journal 7", "|another thing."]
    assert stated(*text, rules={2}) == ["Abbreviations", "One thing;", "another thing."]


def test_keywords_are_their_block_or_the_one_after_their_heading():
    def told(*texts):
        made, _ = lines(*texts)
        return [line.text for line, inside in zip(made, in_keywords(made)) if inside]

    assert told("|Abstract text.", "|Keywords: one, two,", "three", "|Introduction") == ["Keywords: one, two,", "three"]
    assert told("#Index Terms", "|one, two,", "three", "|The text.") == ["Index Terms", "one, two,", "three"]
    assert told("|Keywords are words that open doors.", "The text.") == []
