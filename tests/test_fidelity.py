"""Measures of cleaned text against its source, with answers known beforehand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import PROPERTY, TEXTS

from podprep import measure
from podprep.fidelity import words
from podprep.stumbles import stumbles

SOURCE = "The quick brown fox jumps over the lazy dog while twelve other animals look on in the evening sun of 1999"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Quick, brown fox!", ["the", "quick", "brown", "fox"]),
        ("well-known co\u2010op soft\u00adhyphen", ["wellknown", "coop", "softhyphen"]),
        ("bro-\nken bro- ken", ["broken", "bro", "ken"]),
        ("\ufb01rst 10²", ["first", "102"]),
        ("snake_case don't 3.5", ["snake", "case", "don", "t", "3", "5"]),
        ("مرحبا 日本語 é e\u0301", ["مرحبا", "日本語", "é", "é"]),
        ("--- *** 👩\u200d👧 §", []),
        ("", []),
    ],
)
def test_words_as_they_are_compared(text, expected):
    assert words(text) == expected


@PROPERTY
@given(TEXTS)
def test_a_text_is_faithful_to_itself(text):
    fidelity = measure(text, text, expected=text)
    assert (fidelity.kept, fidelity.invented, fidelity.repeated, fidelity.numbers) == (1.0, (), 0, ())
    assert fidelity.reasons == stumbles(text)
    assert fidelity.verdict == ("look" if stumbles(text) else "clean")
    assert fidelity.source_words == fidelity.cleaned_words == len(words(text))


@PROPERTY
@given(st.lists(st.sampled_from(SOURCE.split())), st.data())
def test_leaving_words_out_is_never_inventing(source, data):
    keep = data.draw(st.lists(st.booleans(), min_size=len(source), max_size=len(source)))
    cleaned = [word for word, kept in zip(source, keep) if kept]
    fidelity = measure(" ".join(source), " ".join(cleaned))
    assert (fidelity.invented, fidelity.numbers, fidelity.verdict) == ((), (), "clean")
    assert fidelity.kept == pytest.approx(len(cleaned) / len(source) if source else 1)


@PROPERTY
@given(TEXTS, TEXTS)
def test_measures_stay_in_their_bounds(source, cleaned):
    fidelity = measure(source, cleaned)
    assert 0 <= fidelity.kept <= 1
    assert len(fidelity.invented) <= fidelity.cleaned_words
    assert (fidelity.verdict == "clean") == (not fidelity.reasons)
    assert measure(source, cleaned) == fidelity


def test_share_of_words_kept():
    assert measure("one two three four", "two four").kept == 0.5
    assert measure("one two", "").kept == 0
    assert measure("", "").kept == 1


def test_order_counts():
    fidelity = measure("one two three", "three one two")
    assert fidelity.invented == ("three",)
    assert fidelity.kept == pytest.approx(2 / 3)


def test_an_invented_word_is_named_and_to_be_looked_at():
    fidelity = measure(SOURCE, SOURCE.replace("brown", "purple"))
    assert fidelity.invented == ("purple",)
    assert fidelity.verdict == "look"
    assert len(fidelity.reasons) == 1
    assert "not in the source" in fidelity.reasons[0]


def test_many_invented_words_are_a_failure():
    fidelity = measure(SOURCE, "Here is the text that you asked me for: " + SOURCE)
    assert fidelity.verdict == "failed"
    assert "words are not in the source" in fidelity.reasons[0]


def test_a_changed_number_is_named():
    fidelity = measure(SOURCE, SOURCE.replace("1999", "1998"))
    assert fidelity.numbers == ("1998",)
    assert "numbers changed: 1998" in fidelity.reasons


def test_a_word_cut_at_a_line_end_and_closed_up_is_not_invented():
    assert measure("a bro-\n12 ken word", "a broken word").invented == ()
    assert measure("a bro ken word", "a broken word").invented == ("broken",)


def test_a_loop_is_a_failure_unless_the_source_loops():
    line = "round and round the garden goes the teddy bear. "
    fidelity = measure(line, line * 5)
    assert fidelity.repeated > 3
    assert fidelity.verdict == "failed"
    assert any(reason.startswith("repeats itself") for reason in fidelity.reasons)
    assert measure(line * 5, line * 5).repeated == 0


@pytest.mark.parametrize("reason", ["length", "loop", "too long"])
def test_text_that_was_cut_short_is_a_failure(reason):
    fidelity = measure(SOURCE, SOURCE, stop_reason=reason)
    assert (fidelity.verdict, fidelity.reasons) == ("failed", (f"stopped early ({reason})",))


def test_text_that_ended_by_itself_is_fine():
    assert measure(SOURCE, SOURCE, stop_reason="end").verdict == "clean"


@pytest.mark.parametrize(("count", "verdict"), [(20, "clean"), (17, "look"), (10, "failed"), (0, "failed")])
def test_text_that_lacks_what_was_expected(count, verdict):
    shorter = " ".join(SOURCE.split()[:count])
    assert measure(SOURCE, shorter, expected=SOURCE).verdict == verdict
    assert measure(SOURCE, shorter).verdict == "clean"


def test_a_summary_is_caught():
    fidelity = measure(SOURCE, "A fox leaps while several beasts watch", expected=SOURCE)
    assert fidelity.verdict == "failed"
    assert len(fidelity.reasons) == 2
