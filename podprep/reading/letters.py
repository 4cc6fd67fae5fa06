"""Whether letters do what letters do: in every language some are vowels, and stand between the others.

Sukhotin's algorithm finds the vowels of a text from its letters' neighbours alone, whatever the language. Where the
letters that behave as vowels are not the vowels of their alphabet, each letter stands for another one: shifted by any
number, or mixed up. Tells nothing of scripts that write no vowels as letters, and of text of few words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_]{3,20}")  # longer ones are code and sequences
_PATTERN = re.compile(r"(.)\1\1")  # three of a letter are a drawing made of signs, and no word
_FEWEST_WORDS = 60  # different ones
_LEAST_VOWELS = 0.6  # share of the letters that behave as vowels; running text has 0.68 and more
_LEAST_AEI = 0.14  # share of a, e and i among Latin letters; languages have 0.2 and more
_SHIFTED = 0.08  # more of that share, if all letters were moved along the alphabet by one number
_FIRST_MARK = "\u0300"  # of those that stand on letters
_MARKED = 0.2  # share of letters with accents, as in Vietnamese, whose syllables are too short to tell
_ALPHABETS = (
    (re.compile("[a-z\u00df-\u024f]+"), frozenset("aeiouyıæœøə")),
    (re.compile("[\u0370-\u03ff]+"), frozenset("αεηιουω")),
    (re.compile("[\u0400-\u052f]+"), frozenset("аеиоуыэюяіїєөүә")),
)


def are_mixed_up(text: str) -> bool:
    """Whether the letters of a text stand for other letters; False where that cannot be told."""
    apart = unicodedata.normalize("NFD", text.lower())
    plain = "".join(c for c in apart if c < _FIRST_MARK or unicodedata.category(c) != "Mn")
    if len(apart) - len(plain) > _MARKED * sum(map(str.isalpha, plain)):
        return False
    words = {word for word in _WORD.findall(plain) if not _PATTERN.search(word)}
    return any(_mixed_up([word for word in words if letters.fullmatch(word)], vowels) for letters, vowels in _ALPHABETS)


def _mixed_up(words: list[str], vowels: frozenset[str]) -> bool:
    if len(words) < _FEWEST_WORDS:
        return False
    counts = Counter("".join(words))
    found = {letter: counts[letter] for letter in vowels_of(words)}
    right = sum(count for letter, count in found.items() if letter in vowels)
    if right < _LEAST_VOWELS * sum(found.values()):
        return True
    if "a" not in vowels:
        return False
    shares = [sum(counts[chr((ord(letter) - 97 + by) % 26 + 97)] for letter in "aei") / counts.total()
              for by in range(26)]
    return shares[0] < _LEAST_AEI or max(shares) > shares[0] + _SHIFTED


def vowels_of(words: Iterable[str]) -> list[str]:
    """The letters that behave as vowels: the one with the most neighbours, then those that stand beside consonants."""
    neighbours: Counter[tuple[str, str]] = Counter()
    for (first, second), count in Counter(pair for word in words for pair in pairwise(word)).items():
        if first != second:
            neighbours[first, second] += count
            neighbours[second, first] += count
    rest: Counter[str] = Counter()
    for (letter, _), count in neighbours.items():
        rest[letter] += count
    found = []
    while rest and max(rest.values()) > 0:
        vowel = max(rest, key=lambda letter: (rest[letter], letter))
        found.append(vowel)
        del rest[vowel]
        for letter in rest:
            rest[letter] -= 2 * neighbours[vowel, letter]
    return found
