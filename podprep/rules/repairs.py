"""Repairs of characters and words: ligatures, superscripts, words that a line end cut.

Each is a small function on text; none removes a word. Joining lines is in `paragraphs`.
"""

import re
import unicodedata
from collections import Counter

from ..document import Document, Line

_COMPOUND_HEAD = re.compile("well|self|high|low|non|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety")
_COMPOUND_TAIL = re.compile(
    "based|induced|treated|like|type|dependent|specific|related|sized|mediated|driven|free|level|term|scale|consuming"
)
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PLAIN = "0123456789+-−–"
_SUPERSCRIPT = str.maketrans(_PLAIN, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_OWN_BULLET = re.compile("^[\ufffd\ue000-\uf8ff](?= )")
_KEPT_FORMS = ("<super>", "<sub>", "<fraction>", "<circle>")


def normalise(text: str) -> str:
    """NFKC without what it would misread aloud: ligatures and wide forms go, 10² and ½ stay.

    Soft hyphens and zero-width characters are dropped.
    """
    if text.isascii():
        return text
    text = text.translate(_INVISIBLE)
    return unicodedata.normalize("NFC", "".join(map(_fold, text)))


def _fold(char: str) -> str:
    form = unicodedata.decomposition(char)
    if not form.startswith("<") or form.startswith(_KEPT_FORMS):
        return char
    folded = unicodedata.normalize("NFKC", char)
    return char if any(map(str.isspace, folded)) else folded


def readable(line: Line) -> str:
    """The line's text with raised digits as superscript characters, so that 10⁶ is not read as 106, and a bullet in
    place of a sign of the font's own that opens it.
    """
    text = _OWN_BULLET.sub("•", line.text)
    if not line.raised:
        return text
    chars = list(text)
    for start, end in line.raised:
        if set(line.text[start:end]) <= set(_PLAIN):
            chars[start:end] = line.text[start:end].translate(_SUPERSCRIPT)
    return "".join(chars)


def vocabulary_of(document: Document) -> Counter[str]:
    """How often each word stands whole inside a line: the evidence for closing up or keeping hyphens."""
    words: Counter[str] = Counter()
    cut = False
    for line in document.lines:
        text = normalise(line.text)  # turns a non-breaking hyphen into a plain one
        found = _WORDS.findall(text.lower())
        ends_cut = text.endswith(("-", "\u2010"))
        words.update(found[1 if cut else 0:len(found) - 1 if ends_cut else None])
        cut = ends_cut
    return words


def close_hyphen(last: str, first: str, vocabulary: Counter[str]) -> str | None:
    """Close up a word that a line end cut, or None if it was not cut.

    The hyphen stays where it belongs to the word: before a capital or digit, or where the document
    writes the word with a hyphen elsewhere, or knows both halves but not the whole.
    """
    if not re.search(r"[^\W_][-\u2010]$", last) or not first[0].isalnum():
        return None
    head, tail = last[:-1], re.match(r"[\w]+", first)
    assert tail is not None
    left, right = re.split(r"[\W\d_]", head)[-1].lower(), tail[0].lower()
    if not first[0].islower() or not left or ("-" in head and first[len(tail[0]):][:1] == "-"):
        return last + first
    whole, hyphenated = vocabulary[left + right], vocabulary[f"{left}-{right}"]
    shortest = 2 if "-" in head else 3
    two_words = min(len(left), len(right)) >= shortest and vocabulary[left] and vocabulary[right]
    compound = _COMPOUND_HEAD.fullmatch(left) or _COMPOUND_TAIL.fullmatch(right)
    if hyphenated > whole or (not whole and (two_words or compound)):
        return last + first
    return head + first
