"""Words of a row by the gaps between its glyphs: glued words come apart, letters spaced out close up.

PDFium sets spaces well where a typesetter kept to the usual; here the rest is mended. Also joins accents that
are drawn apart from their letters. No letter is added or taken away.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from .glyphs import Glyph, Row

_GLUED = 0.13  # of the font size: what a gap is wider than the row's letters stand apart, where a word ends
_SPACED_OUT = 4  # single letters in a row that are a word spaced out, at least
_EVEN = 1.3  # ratio of gaps within a word that is spaced out
_MARKS = {
    "`": "\u0300", "´": "\u0301", "\u02ca": "\u0301", "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303",
    "¯": "\u0304", "˘": "\u0306", "˙": "\u0307", "¨": "\u0308", "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c",
    "¸": "\u0327", "˛": "\u0328",
}
_DOTLESS = {"ı": "i", "ȷ": "j"}


def mend_words(row: Row) -> Row:
    """The row with one space where a word ends, none within a word, and accents on their letters."""
    if any(g.char in _MARKS for g in row):
        row = _join_accents(row)
    row = _single_spaces(row)
    if _letters_apart(row):
        row = _close_up(row)
    return _part_glued(row)


def gap_between(a: Glyph, b: Glyph) -> float:
    """Horizontal distance between two glyphs, in points; negative where they overlap."""
    return max(b.left - a.right, a.left - b.right)


def space_between(a: Glyph, b: Glyph) -> Glyph:
    """A space that fills the gap between two glyphs, in the type of the first."""
    left, right = (a.right, b.left) if a.right <= b.left else (b.right, a.left)
    return Glyph(" ", min(left, right), max(left, right), a.base, a.font)


def _single_spaces(row: Row) -> Row:
    """White space of any kind and width as one space; none at the ends."""
    found: Row = []
    for glyph in row:
        if not glyph.char.isspace():
            found.append(glyph)
        elif found and found[-1].char != " ":
            found.append(glyph if glyph.char == " " else glyph._replace(char=" "))
    if found and found[-1].char == " ":
        found.pop()
    return found


def _letters_apart(row: Row) -> bool:
    """Whether several single letters stand in a row, a space after each."""
    run = 0
    for i, glyph in enumerate(row):
        if glyph.char == " ":
            continue
        alone = (i == 0 or row[i - 1].char == " ") and (i + 1 == len(row) or row[i + 1].char == " ")
        run = run + 1 if alone and glyph.char.isalpha() else 0
        if run == _SPACED_OUT:
            return True
    return False


def _close_up(row: Row) -> Row:
    """Make words of letters that stand apart evenly; where the gap is wider, a word ends."""
    words: list[Row] = []
    letters: list[Row] = []
    for word in (*_words(row), []):
        if len(word) == 1 and word[0].char.isalpha():
            letters.append(word)
            continue
        words += _spelled(letters)
        letters = []
        words.append(word)
    found = words[0][:]
    for word in filter(None, words[1:]):
        found += [space_between(found[-1], word[0]), *word]
    return found


def _words(row: Row) -> Iterator[Row]:
    word: Row = []
    for glyph in row:
        if glyph.char != " ":
            word.append(glyph)
        elif word:
            yield word
            word = []
    if word:
        yield word


def _spelled(letters: Sequence[Row]) -> list[Row]:
    """Single letters as the words they spell, or as they are where their gaps are not those of a spaced-out word."""
    gaps = [gap_between(a[-1], b[0]) for a, b in pairwise(letters)]
    if len(letters) < _SPACED_OUT or not 0 < median(gaps) < letters[0][0].font.size or min(gaps) <= 0:
        return list(letters)
    words = [letters[0][:]]
    for gap, letter in zip(gaps, letters[1:]):
        if gap > _EVEN * median(gaps):
            words.append(letter[:])
        else:
            words[-1] += letter
    return words


def _part_glued(row: Row) -> Row:
    """Put a space into a gap between two letters that is clearly wider than letters of the row stand apart."""
    gaps = {
        i: (b.left - a.right) / a.font.size for i, (a, b) in enumerate(pairwise(row), 1)
        if a.char.isalpha() and b.char.isalpha() and a.font.size == b.font.size > 0 and a.base == b.base
    }
    if not gaps or max(gaps.values()) < _GLUED:
        return row
    usual = median(gaps.values())
    wide = [i for i, gap in gaps.items() if gap > usual + _GLUED and ideograph(row[i - 1]) == ideograph(row[i])]
    for i in reversed(wide):
        row = [*row[:i], space_between(row[i - 1], row[i]), *row[i:]]
    return row


def ideograph(glyph: Glyph) -> bool:
    """Whether a character is of a script that sets no spaces between words."""
    return "\u2e80" <= glyph.char[:1] <= "\ud7ff" or "\uf900" <= glyph.char[:1] <= "\uffef" or glyph.char > "\U0001ffff"


def _join_accents(row: Row) -> Row:
    """Put each accent that stands over or under a letter onto it, and drop the spaces between the two."""
    found: Row = []
    for glyph in row:
        before = next((i for i in range(len(found) - 1, max(len(found) - 4, -1), -1) if found[i].char != " "), None)
        joined = None
        if before is not None and glyph.char in _MARKS:
            joined = _accented(found[before], glyph)
        elif before is not None and found[before].char in _MARKS:
            joined = _accented(glyph, found[before])
        if joined and before is not None:
            found[before:] = [joined]
        else:
            found.append(glyph)
    return found


def _accented(letter: Glyph, accent: Glyph) -> Glyph | None:
    """The letter with the accent on it, or None where they do not stand together or no such letter is known."""
    middle = (accent.left + accent.right) / 2
    if not letter.left < middle < letter.right or abs(letter.base - accent.base) > 0.6 * letter.font.size:
        return None
    char = unicodedata.normalize("NFC", _DOTLESS.get(letter.char, letter.char) + _MARKS[accent.char])
    return letter._replace(char=char) if len(char) == 1 else None
