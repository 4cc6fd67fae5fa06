"""Recognise a text layer that is garbage: letters without a Unicode map, so that what shows is not what is read.

Looks at characters, words and what letters do, for any script. Addresses, code and tables are no words and no garbage.
Says which pages look so; nothing is repaired, since only OCR can tell what the page shows.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from ..document import Document
from .letters import are_mixed_up

_LEAST_INK = 4  # characters, below which nothing can be said
_LEAST_LETTERS = 16  # for a look at how often letters occur
_CID = re.compile(r"\(cid:\d+\)")
_COMMON = frozenset("etaoinsrhld")  # seven of ten letters of a European language
_SHIFT = 29  # from a font's glyph numbers to ASCII, in fonts that keep the usual order
_MOST_SMALL = 0.2  # share of small letters: moved so far, they become capitals
_LEADERS = re.compile(r"([.·…_=*~–—-])(?:\s?\1){2,}")  # dots and rules between a heading and its page
_CJK_STOPS = str.maketrans(dict.fromkeys("、。・，．：；！？「」『』（）〜", " "))
_BAD_CATEGORIES = ("Co", "Cn", "Cc", "Cs")
_RUN = re.compile(r"[^\W_]{3,}")
_MOSTLY_RUNS = 0.6  # of a token; what has no Unicode map is signs and letters at random
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ.·-][^\W\d_]+)*\d*|\d+(?:[.,:/%–-]?\d+)*\w{0,3}")


def garbled_pages(document: Document) -> tuple[int, ...]:
    """Numbers of the pages whose text layer looks like garbage."""
    return tuple(page.number for page in document.pages if looks_garbled(page.text))


def looks_garbled(text: str) -> bool:
    """Whether a page's text is mostly characters that mean nothing, or letters shifted from what they show."""
    tokens = _LEADERS.sub(" ", text).translate(_CJK_STOPS).split()
    ink = sum(map(len, tokens))
    if ink < _LEAST_INK:
        return ink > 0 and _bad(text) == ink
    unreadable = _bad(text) + sum(len(m[0]) for m in _CID.finditer(text))
    return unreadable > 0.3 * ink or _readable(tokens) < 0.3 * ink or _is_shifted(text) or are_mixed_up(text)


def _bad(text: str) -> int:
    """Characters without a meaning: private use, unassigned, control, replacement."""
    return sum(count for c, count in Counter(text).items()
               if c == "\ufffd" or (not c.isspace() and unicodedata.category(c) in _BAD_CATEGORIES))


def _readable(tokens: Iterable[str]) -> int:
    """Characters in words and numbers, in single marks such as bullets and dashes, and in addresses and code."""
    return sum(len(token) for token in tokens if len(set(token)) == 1 or _is_word(token) or _is_made_of_words(token))


def _is_made_of_words(token: str) -> bool:
    """Whether most of a token are runs of letters and digits, as in addresses, code, names of files and base64."""
    runs = _RUN.findall(token)
    return sum(map(len, runs)) >= _MOSTLY_RUNS * len(token)


def _is_word(token: str) -> bool:
    letters = core = _EDGES.sub("", token)
    if not core.isascii():
        plain = unicodedata.normalize("NFC", core)
        letters = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Mc", "Cf"))  # vowel signs, joiners
    return 2 * len(core) >= len(token) and bool(_WORD.fullmatch(letters))


def _is_shifted(text: str) -> bool:
    """Whether the text reads like a European language once shifted, and does not as it stands."""
    letters = [c for c in text.lower() if "a" <= c <= "z"]
    if len(letters) < _LEAST_LETTERS or sum(map(str.islower, text)) > _MOST_SMALL * len(letters):
        return False
    shifted = "".join(chr(ord(c) + _SHIFT) if 3 <= ord(c) < 98 else " " for c in text)
    others = [c for c in shifted.lower() if "a" <= c <= "z"]
    if len(others) < _LEAST_LETTERS:
        return False
    return _common_share(others) > _common_share(letters) + 0.15 and _common_share(others) > 0.6


def _common_share(letters: list[str]) -> float:
    return sum(c in _COMMON for c in letters) / len(letters)
