"""What an ear trips over in a cleaned text: each as a reason to look that names the words.

Looks at the text alone; words of six languages tell where a paragraph breaks off. What of it a person should see first
is told in `fidelity`.
"""

import re
from collections.abc import Iterator

_SHOWN = 6  # words
_LONG = 25  # words of a paragraph that is no heading and no item
_OPENING = 8  # words of one that opens in lower case, and is no item
_CUT = re.compile(
    r"(?:[,(–—-]|\b(?:the|an?|of|and|or|in|by|with|to|for|der|die|das|des|und|oder|von|mit|le|la|les|de|et|el|los|y|del|"
    r"il|di|che|и|в|с|на))$"
)
_CITATION = re.compile(
    r"\([A-Z][^()\d]{1,60}(?:et al\.?|&|and)[^()\d]{0,60},?\s(?:19|20)\d\d[a-z]?\b[^()]{0,80}\)|"
    r"\[[A-Z][A-Za-z+]{1,5}\d\d[a-z]?\]"
)
_UNREADABLE = re.compile("(?<!^)[\ufffd\ue000-\uefff\uf100-\uf8ff]")
_CODE = re.compile(r"[{}=;_|<>\\$]|\w\(\)|::|^\w{1,24}[):]")  # and what counts or names an item
_WINDOW, _DENSE = 16, 13  # words, and how many of them may be signs, single letters and numbers
_LETTERS = re.compile(r"[^\W\d_]{2}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def stumbles(text: str) -> tuple[str, ...]:
    """Why a person should look at a text for its own sake, as clauses that show the words."""
    return tuple(dict.fromkeys(_found(text)))


def _found(text: str) -> Iterator[str]:
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    for number, paragraph in enumerate(paragraphs):
        words = paragraph.split()
        lower = number and paragraph[:1].islower() and len(words) > _OPENING
        if lower and not _CODE.search(" ".join(words[:_OPENING])):
            yield f"opens in lower case: {_shown(words)}"
        if number < len(paragraphs) - 1 and len(words) > _LONG and _CUT.search(paragraph):
            yield f"breaks off: {' '.join(words[-_SHOWN:])}"
        for form, said in (_CITATION, "a citation is left"), (_UNREADABLE, "a sign that cannot be read"):
            if match := form.search(paragraph):
                yield f"{said}: {_around(paragraph, match)}"
        if dense := _densest(words):
            yield f"dense with symbols: {dense}"


def _densest(words: list[str]) -> str:
    """The first stretch of words that are nearly all signs, single letters and numbers."""
    bare = [not _LETTERS.search(word) for word in words]
    for start in range(len(words) - _WINDOW + 1):
        if sum(bare[start:start + _WINDOW]) >= _DENSE:
            return _shown(words[start:])
    return ""


def _shown(words: list[str]) -> str:
    return " ".join(words[:_SHOWN]) + (" …" if len(words) > _SHOWN else "")


def _around(text: str, match: re.Match[str]) -> str:
    before, after = text[:match.start()].split()[-3:], text[match.end():].split()[:2]
    return " ".join([*before, *match[0].split(), *after])
