"""Garbage text layers are recognised, and text of every script and kind is not taken for one."""

import pytest
from make import document, truth

from podprep.reading import garbled_pages
from podprep.reading.garble import looks_garbled

SHIFTED = "".join(chr(ord(c) - 29) if " " < c < "~" else c for c in "The bees fly home at noon and sleep. " * 3)
GARBAGE = ["\ufffd\ufffd", '"7+%-', "\ue001\ue002\ue003 \ue004\ue005", "(cid:12)(cid:34)(cid:7)(cid:55) of", SHIFTED,
           "\u0378\u0379 \u0378\u0379 \u0378"]
TEXT = [
    "", "12", "TestString123", "• • •", "One", "مرحبا بالعالم", "你好世界。", "สวัสดีชาวโลก", "こんにちは、世界",
    "नमस्ते दुनिया", "Привет, мир", "THE END OF THE WORLD AND OF ALL THINGS IN IT", "Contents\nI. Bees .......... 3\nII. Wax .......... 9",
    "3.14 2.72 1.41 1.73 5.0% 12/24 10:30", "The value +3 ± 2 °C (p < 0.05) was found in 12 of 15 cases.",
]


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage(text):
    assert looks_garbled(text)


@pytest.mark.parametrize("text", TEXT)
def test_text(text):
    assert not looks_garbled(text)


def test_pages_are_named():
    assert not looks_garbled(truth())
    assert garbled_pages(document(TEXT[-1], SHIFTED, "Fine words.")) == (2,)
