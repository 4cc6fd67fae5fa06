"""Words for the ear: each rule by examples, every change listed, nothing changed in another language."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import PROPERTY, TEXTS, document, sample

from podprep import Review, ReviewError, tidy_document, words, write_report
from podprep.handover import find_repairs, is_english, spoken

ENGLISH = " It is the way of the words that we know and that are with us, for this is what it is. "


def said(text):
    """A text as it is said, once enough English stands after it."""
    whole = text + "\n\n" + ENGLISH * 3
    parts, at = [], 0
    for repair in find_repairs(whole):
        parts += [whole[at:repair.start], repair.new]
        assert whole[repair.start:repair.end] == repair.old
        at = repair.end
    return ("".join(parts) + whole[at:]).partition("\n\n")[0]


@pytest.mark.parametrize(("text", "expected"), [
    ("birds, e.g. gulls, i.e., large ones", "birds, for example gulls, that is, large ones"),
    ("E.g. gulls", "For example gulls"),
    ("as Lee et al. found", "as Lee and others found"),
    ("as shown by Lee et al. The end", "as shown by Lee and others. The end"),
    ("gulls, terns, etc. The end", "gulls, terns, and so on. The end"),
    ("see Fig. 3 and Eq. (2)", "see Figure 3 and Equation 2"),
    ("see figs. 3 and 4, § 4.1", "see figures 3 and 4, section 4.1"),
    ("4 ± 0.2 mg/kg", "4 plus or minus 0.2 milligrams per kilogram"),
    ("1 mL of 5 µL", "1 millilitre of 5 microlitres"),
    ("p < 0.05, n = 12, x ≤ 3", "p less than 0.05, n equals 12, x at most 3"),
    ("20–25% at 4 °C", "20 to 25 percent at 4 degrees Celsius"),
    ("10⁻³ and 10⁶", "10 to the power of minus 3 and 10 to the power of 6"),
    ("x² of 5 m² in O(n³)", "x squared of 5 square metres in O(n cubed)"),
    ("TNF-α and α1", "TNF-alpha and alpha 1"),
    ("in 1998–2003", "in 1998 to 2003"),
    ("he left […] and came", "he left … and came"),
    ("3 × 4 and ~5", "3 times 4 and about 5"),
])
def test_what_is_said(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize("text", [
    "J. K. Smith of the U.S. and NATO", "Dr. Lee, GPT-4³. In the end", "the 1980s and 5G", "COVID-19, 2-3-4", "C=N",
    "at 10,000 g", "Citrus × bergamia", "pp and no. but never", "rats¹² ate", "λόγος", "vs-code", "Mr. No. The end",
])
def test_what_is_left_alone(text):
    assert said(text) == text


@pytest.mark.parametrize("text", [
    "Das ist z. B. ein Text, in dem 5 mg/kg und § 4 stehen, und er ist nicht auf Englisch geschrieben.", "", "日本語。 5 %",
])
def test_another_language_is_left_alone(text):
    assert not is_english(text)
    assert find_repairs(text) == []


@PROPERTY
@given(TEXTS, st.lists(st.sampled_from("e.g. α 3–4 5% § 4 10⁻³ […] et al. 5 mg/kg Fig. 2".split(" ")), max_size=9).map(" ".join))
def test_repairs_are_apart_and_taken_back_give_the_text(text, more):
    cleaned = tidy_document(document(f"{text}\n{more}{ENGLISH * 4}"))
    repairs = cleaned.repairs
    assert all(a.end <= b.start for a, b in pairwise(repairs))
    assert all(cleaned.text[r.start:r.end] == r.old for r in repairs)
    assert cleaned.to_speech([]) == cleaned.text
    aloud = spoken(cleaned.manuscript, repairs)
    assert words(" ".join(p.text for p in aloud.paragraphs)) == words(aloud.text)


def test_each_repair_of_a_review_is_taken_back_by_itself(tmp_path):
    review = Review(sample())
    first, second, third = review.repairs
    review.leave_written(second)
    assert review.repairs == (first, third)
    with pytest.raises(ReviewError, match="is not said otherwise"):
        review.leave_written(second)
    review.leave_written(first)
    assert review.repairs == (third,)
    review.undo()
    assert review.repairs == (first, third)
    texts = review.texts(tmp_path / "x", ["speech"])
    assert texts[tmp_path / "x.speech.txt"] == sample().to_speech([first, third])
    assert [repair["rule"] for repair in json.loads(texts[tmp_path / "x.json"])["speech"]] == [first.rule, third.rule]
    page = write_report(review, tmp_path / "r.html", speech=True).read_text("utf-8")
    assert page.count("<ins>") == 2
    [index] = [i for i in range(len(review.cleaned.chunks)) if review.decision(i).as_written]
    review.say(index, review.decision(index).as_written[0])
    assert review.repairs == (first, second, third)
    with pytest.raises(ReviewError, match="was not left as written"):
        review.say(index, "x")
