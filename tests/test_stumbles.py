"""What an ear trips over is told with its words, and flags its chunk; good text raises nothing."""

import pytest
from hypothesis import given
from make import PROPERTY, TEXTS, sample

from podprep import measure
from podprep.stumbles import stumbles

LONG = "They went up the hill on that day and saw all the bees of the valley, which were many, and then they spoke of what"


@pytest.mark.parametrize(("text", "reasons"), [
    ("They went.\n\nand so it was that all of them came down again.", ["opens in lower case: and so it was that all …"]),
    (f"{LONG} of the\n\nAll was well.", ["breaks off: they spoke of what of the"]),
    (f"{LONG} und\n\nAlles war gut.", ["breaks off: then they spoke of what und"]),
    ("So it is (Smith et al., 2020) here.", ["a citation is left: So it is (Smith et al., 2020) here."]),
    ("As in [KB14] it is.", ["a citation is left: As in [KB14] it is."]),
    ("Then x \ufffd y is so.", ["a sign that cannot be read: Then x \ufffd y is"]),
    ("We have a = b + c − d × e ≤ f ∈ g ∀ h 1 2 of them.", ["dense with symbols: We have a = b + …"]),
])
def test_each_names_its_words(text, reasons):
    assert list(stumbles(text)) == reasons


@pytest.mark.parametrize("text", [
    "One sentence.\n\nAnother one.", "Title of All\n\nThe text of it.", "They saw:\n\n• one thing\n\n• another",
    "\ufffd an item", "In 1, 2 and 3 it is so, at 4 and 5.", "lower case from the start of a chunk, which is none of its own.",
    "他们说。\n\n我们也说。", "It is so (in 2020), and Smith (a man) knew.",
])
def test_good_text_raises_nothing(text):
    assert stumbles(text) == ()


def test_a_stumble_flags_its_chunk():
    text = "Then x \ufffd y is so."
    found = measure(text, text)
    assert (found.verdict, found.reasons) == ("look", stumbles(text))
    assert all(chunk.fidelity.verdict == "clean" for chunk in sample().chunks)


@PROPERTY
@given(TEXTS)
def test_reasons_are_of_one_line_and_stand_alone(text):
    reasons = stumbles(text)
    assert len(set(reasons)) == len(reasons)
    assert not any("\n" in reason for reason in reasons)
