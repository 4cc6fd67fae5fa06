"""Numbers with what they count."""

import pytest

from podprep.counts import counted


@pytest.mark.parametrize(("number", "told"), [
    (0, "0 words"), (1, "1 word"), (1.0, "1 word"), (0.5, "0.5 words"), (21, "21 words"), (1_234_567, "1,234,567 words"),
])
def test_one_alone_is_told_in_the_singular(number, told):
    assert counted(number, "words") == told


def test_what_has_no_plural_stays():
    assert counted(1, "to look at") == "1 to look at"
