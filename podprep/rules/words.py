"""Words as they are put together again: their text, where they stand in the document, and what is before them."""

from collections.abc import Iterable
from dataclasses import dataclass

PARAGRAPH = "\n\n"


@dataclass(frozen=True, slots=True)
class Word:
    """One kept word (or part of one).

    Attributes:
        text: the repaired text.
        start: offset of its first character in the document's text.
        end: offset after its last character.
        gap: what stands before it: "", a space, or a blank line.
    """

    text: str
    start: int
    end: int
    gap: str


def join_words(words: Iterable[Word]) -> str:
    """The text that the words spell, without the first one's gap."""
    return "".join(w.gap + w.text for w in words).lstrip()
