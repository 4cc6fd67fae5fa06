"""Repairs of characters and words: each mends its own fault and touches nothing else."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import PROPERTY, TEXTS, document, letters

from podprep import Line, tidy_text
from podprep.rules import vocabulary_of
from podprep.rules.repairs import close_hyphen, normalise, readable


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("\ufb01rst \ufb02ow o\ufb00er o\ufb03ce shu\ufb04e", "first flow offer office shuffle"),
        ("soft\u00adhyphen zero\u200bwidth word\u2060joiner", "softhyphen zerowidth wordjoiner"),
        ("ＰＤＦ １２", "PDF 12"),
        ("10² m³ ½ H₂O ①", "10² m³ ½ H₂O ①"),
        ("e\u0301te\u0301 A\u030a", "été Å"),
        ("na\u00efve “quoted” – dashed… done", "na\u00efve “quoted” – dashed... done"),
        ("مرحبا 日本語 עברית नमस्ते", "مرحبا 日本語 עברית नमस्ते"),
        ("👩\u200d👩\u200d👧 🇪🇺 👍🏽", "👩\u200d👩\u200d👧 🇪🇺 👍🏽"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("plain ASCII * _ ~ \\ <b>", "plain ASCII * _ ~ \\ <b>"),
        ("", ""),
    ],
    ids="ligatures invisible wide numbers combining punctuation scripts emoji persian ascii empty".split(),
)
def test_normalise_worked_examples(raw, clean):
    assert normalise(raw) == clean


@PROPERTY
@given(TEXTS)
def test_normalise_keeps_every_letter_and_settles_at_once(text):
    clean = normalise(text)
    assert letters(clean) == letters(text)
    assert normalise(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert clean.split() == [normalise(word) for word in text.split() if normalise(word)]


@pytest.mark.parametrize(
    ("text", "raised", "read"),
    [
        ("10 and 106 cells", ((9, 10),), "10 and 10⁶ cells"),
        ("10-9 m s-2", ((2, 4), (8, 10)), "10⁻⁹ m s⁻²"),
        ("the 4th row", ((5, 7),), "the 4th row"),
        ("no marks 12", (), "no marks 12"),
    ],
)
def test_raised_digits_are_read_as_superscripts(text, raised, read):
    assert readable(Line(text, 1, raised=raised)) == read


@pytest.mark.parametrize(
    ("last", "first", "known", "closed"),
    [
        ("work-", "shop", "", "workshop"),
        ("work-", "shop,", "", "workshop,"),
        ("work-", "shop", "workshop work shop", "workshop"),
        ("well-", "known", "well-known", "well-known"),
        ("side-", "effect", "side effect", "side-effect"),
        ("state-of-", "the-art", "of the", "state-of-the-art"),
        ("self-", "made", "", "self-made"),
        ("model-", "based", "", "model-based"),
        ("Jean-", "Paul", "", "Jean-Paul"),
        ("COVID-", "19", "", "COVID-19"),
        ("1990-", "2000", "", "1990-2000"),
        ("Baye\u2010", "sian", "", "Bayesian"),
        ("(co-", "operate)", "", "(cooperate)"),
        ("über-", "mäßig", "", "übermäßig"),
        ("no", "hyphen", "", None),
        ("a -", "dash", "", None),
        ("-", "bullet", "", None),
        ("cut-", "(here)", "", None),
        ("range–", "dash", "", None),
    ],
)
def test_closing_up_worked_examples(last, first, known, closed):
    assert close_hyphen(last, first, Counter(known.split())) == closed


@PROPERTY
@given(st.text(min_size=1).filter(str.strip), st.text(min_size=1).filter(str.strip), st.lists(st.text()).map(Counter))
def test_closing_up_drops_at_most_the_hyphen(last, first, known):
    assert close_hyphen(last, first, known) in (None, last + first, last[:-1] + first)


def test_the_vocabulary_counts_whole_words_and_no_halves():
    words = vocabulary_of(document("The o\ufb03ce work-\nshop is well-known. The\nwork-", "man"))
    assert words == Counter({"the": 2, "office": 1, "is": 1, "well-known": 1})


def test_a_word_cut_at_a_non_breaking_hyphen_is_closed_up():
    assert tidy_text("It is a matter of neu\u2011\ntralization and no more.") == "It is a matter of neutralization and no more."
