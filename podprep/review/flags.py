"""Where the words stand that a flag speaks of: in a chunk's clean text, or in what was removed.

A flag is a sentence of whoever doubted. The words that it names stand in “quotation marks” or after a colon; those that
are found are marked, one that names none is told beside the chunk. Judges nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..cleaned import CleanedChunk
from ..fidelity import words
from ..spans import Span

_MOST = 20  # places of one flag that are marked


@dataclass(frozen=True, slots=True)
class Flag:
    """Why a person should look at a chunk, and where.

    Attributes:
        number: of the chunk's flags, from 1.
        reason: the sentence.
        clean: spans of the clean text that it speaks of.
        source: spans of the document's text that it speaks of, where the words are not in the clean text.
    """

    number: int
    reason: str
    clean: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()


def flags_of(chunk: CleanedChunk, reasons: tuple[str, ...]) -> tuple[Flag, ...]:
    """A chunk's flags as it stands, from the reasons why somebody doubted it."""
    return tuple(_placed(number, reason, chunk) for number, reason in enumerate(reasons, 1))


def _placed(number: int, reason: str, chunk: CleanedChunk) -> Flag:
    start = chunk.chunk.start
    clean, source = _tokens(chunk.text), _tokens(chunk.chunk.text)
    found: list[Span] = []
    for named in _named(reason):
        there = list(_found(named, clean))
        found += there
        if not there and (gone := list(_found(named, source))):
            return Flag(number, reason, tuple(found), tuple((start + a, start + b) for a, b in gone[:1]))
    return Flag(number, reason, tuple(sorted(set(found))[:_MOST]))


def _named(reason: str) -> list[str]:
    """The words that a reason names: quoted, or what comes after its colon, as a whole or else one by one."""
    quoted = re.findall("“([^”]+)”", reason)
    tail = reason.partition(": ")[2]
    return quoted or [part for part in ([tail] if ", " not in tail else tail.split(", ")) if part]


def _tokens(text: str) -> list[tuple[str, Span]]:
    return [(word, match.span()) for match in re.finditer(r"\S+", text) for word in words(match[0])]


def _found(named: str, tokens: list[tuple[str, Span]]) -> Iterator[Span]:
    """Yield where some words stand one after another."""
    wanted = words(named)
    if wanted:
        for i in range(len(tokens) - len(wanted) + 1):
            if [word for word, _ in tokens[i:i + len(wanted)]] == wanted:
                yield tokens[i][1][0], tokens[i + len(wanted) - 1][1][1]
