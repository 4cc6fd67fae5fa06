"""Pair the sentences of a raw text with what became of them, word by word.

Gives rows in difflib's own notation, for `diff` to draw. What the cleaner removed is known by its
place; the words that stay are aligned with the cleaned text, so that no input is slow or deep.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from ..cleaned import CleanedChunk
from ..fidelity import aligned, words
from ..spans import Span
from .flags import Flag
from .pieces import Mark, Piece, kept_words, pieces_of, sentences_of
from .signs import pictured, shown

_LARGEST_TABLE = 1_000_000_000  # pairs of words, one bit of memory each; beyond that nothing is aligned


@dataclass(frozen=True, slots=True)
class Row:
    r"""One row: the raw side, the cleaned side, whether they differ, and the kinds of what is removed.

    A side marks words in difflib's notation: NUL, a sign ("-" removed, "+" added, "^" repaired), the
    text, SOH. The text of a removal known by its place begins with the place and the kind, as
    \2-start-end|kind\3, and with \2=start-end|restored\3 where it was taken back; that of words that a flag speaks
    of with \2!number|flag\3. `span` is where the cleaned side stands in the clean text.
    """

    raw: str
    cleaned: str
    changed: bool
    kinds: tuple[str, ...] = ()
    span: Span | None = field(default=None, compare=False)


def chunk_rows(chunk: CleanedChunk, restored: Sequence[Span] = (), flags: Sequence[Flag] = ()) -> list[Row]:
    """Rows of one chunk.

    Args:
        chunk: the chunk as it stands.
        restored: spans (start, end) of the document that were taken back, to be marked as such.
        flags: the chunk's flags, whose words are to be marked.
    """
    start = chunk.chunk.start
    marks = [Mark(r.start - start, r.end - start, r.kind, r.score) for r in chunk.removals]
    marks += [Mark(a - start, b - start, back=True) for a, b in restored]
    return aligned_rows(chunk.chunk.text, chunk.text, sorted(marks), start, flags)


def aligned_rows(
    raw: str, cleaned: str, marks: Sequence[Mark] = (), offset: int = 0, flags: Sequence[Flag] = ()
) -> list[Row]:
    """Pair raw sentences with cleaned ones, and mark the words that differ.

    A raw sentence that was removed faces an empty one, and so does a cleaned one that aligns with nothing.

    Args:
        raw: the raw text.
        cleaned: what became of it.
        marks: what is known to be removed or taken back, sorted; neighbours of a kind count as one.
        offset: what to add to offsets in `raw` where rows name them.
        flags: flags on words of `cleaned`.
    """
    raw, cleaned = pictured(raw), pictured(cleaned)
    left = [list(pieces_of(raw, span, marks)) for span in sentences_of(raw)]
    sentences = list(sentences_of(cleaned))
    right = [list(_tokens(cleaned, span, flags)) for span in sentences]
    kept = [words(" ".join(key for key, _ in kept_words(pieces))) for pieces in left]
    pairs = _pair(len(left), _partners(kept, [words(" ".join(w for w, _ in tokens)) for tokens in right]))
    return [_row([left[i] for i in a], [w for i in b for w in right[i]], offset,
                 _trimmed(cleaned, sentences[b[0]][0], sentences[b[-1]][1]) if b else None) for a, b in pairs]


def _trimmed(text: str, start: int, end: int) -> Span:
    """A span without the white space at its ends."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def _tokens(cleaned: str, sentence: Span, flags: Sequence[Flag]) -> Iterator[tuple[str, str]]:
    """Yield the words of a sentence of the clean text, each with the mark of a flag that speaks of it."""
    for match in re.finditer(r"\S+", cleaned[slice(*sentence)]):
        first, last = (sentence[0] + edge for edge in match.span())
        flag = next((f for f in flags if any(a < last and first < b for a, b in f.clean)), None)
        yield match[0], f"\2!{flag.number}|flag\3" if flag else ""


def _pair(count: int, partners: Sequence[Span | None]) -> list[tuple[list[int], list[int]]]:
    """Group neighbouring sentences that share words; sentences that share none stand alone."""
    rows: list[tuple[list[int], list[int]]] = []
    at = 0
    for number, partner in enumerate(partners):
        if partner is None:
            rows.append(([], [number]))
            continue
        first, last = partner
        rows += [([skipped], []) for skipped in range(at, first)]
        if first < at and rows:  # what became of a raw sentence may be several
            rows[-1] = ([*rows[-1][0], *range(at, last + 1)], [*rows[-1][1], number])
        else:
            rows.append((list(range(first, last + 1)), [number]))
        at = max(at, last + 1)
    return rows + [([skipped], []) for skipped in range(at, count)]


def _partners(left: Sequence[Sequence[str]], right: Sequence[Sequence[str]]) -> list[Span | None]:
    """For each right sentence, the first and last left sentence that most of its words align with."""
    a = [(w, i) for i, sentence in enumerate(left) for w in sentence]
    b = [(w, j) for j, sentence in enumerate(right) for w in sentence]
    votes: list[Counter[int]] = [Counter() for _ in right]
    for i, j in aligned(*_comparable([w for w, _ in a], [w for w, _ in b])):
        votes[b[j][1]][a[i][1]] += 1
    return [_span(vote) for vote in votes]


def _span(votes: Counter[int]) -> Span | None:
    """The range of sentences with a fair share of the votes."""
    fair = [i for i, n in votes.items() if n >= 0.15 * votes.total()]
    return (min(fair), max(fair)) if fair else None


def _comparable(a: Sequence[str], b: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Two lists of words to be aligned; those too long to compare share nothing."""
    return a, b if len(a) * len(b) < _LARGEST_TABLE else []


def _row(sentences: Sequence[Sequence[Piece]], right: Sequence[tuple[str, str]], offset: int, span: Span | None) -> Row:
    """Mark what differs between some raw sentences and the cleaned words, with their flags, that face them."""
    left = [replace(piece, spaced=True, opens=True) if i == 0 else piece
            for sentence in sentences for i, piece in enumerate(sentence)]
    signs = {i: "^" if piece.stays else "-" for i, piece in enumerate(left) if piece.mark}
    added = _sign_words(kept_words(left), [text for text, _ in right], signs)
    raw = _joined((_name(p.mark, offset), signs.get(i, ""), p.spaced, p.text) for i, p in enumerate(left))
    cleaned = _joined((flag, sign or "^" * bool(flag), True, text) for sign, (text, flag) in zip(added, right))
    kinds = dict.fromkeys(piece.mark.kind for piece in left if piece.mark and not piece.stays)
    return Row(raw, cleaned, bool(signs) or any(added) or any(flag for _, flag in right), tuple(kinds), span)


def _sign_words(kept: Sequence[tuple[str, list[int]]], right: Sequence[str], signs: dict[int, str]) -> list[str]:
    """Add the signs of the pieces that stay to `signs`, and return those of the cleaned words."""
    added = [""] * len(right)
    for gone, (first, last) in _differences([key for key, _ in kept], right):
        come = right[first:last]
        same = "".join(words(" ".join(kept[i][0] for i in gone))) == "".join(words(" ".join(come)))
        for i in gone:
            signs.update(dict.fromkeys(kept[i][1], "^" if same and come else "-"))
        added[first:last] = ["^" if same and gone else "+"] * len(come)
    return added


def _differences(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[range, Span]]:
    """Yield the stretches in which two lists of words differ."""
    i = j = 0
    for end_a, end_b in [*aligned(*_comparable(a, b)), (len(a), len(b))]:
        if i < end_a or j < end_b:
            yield range(i, end_a), (j, end_b)
        i, j = end_a + 1, end_b + 1


def _name(mark: Mark | None, offset: int) -> str:
    if mark is None:
        return ""
    label = mark.kind if mark.back else f"{mark.kind}, certainty {mark.score:.2f}"
    return f"\2{'=' if mark.back else '-'}{mark.start + offset}-{mark.end + offset}|{shown(label)}\3"


def _joined(parts: Iterable[tuple[str, str, bool, str]]) -> str:
    """One side of a row: parts (name, sign, whether spaced, text), neighbours with one name and sign in one mark."""
    made = ""
    for (name, sign), group in groupby(parts, key=lambda part: part[:2]):
        spelled = "".join(" " * spaced + shown(text) for _, _, spaced, text in group)
        inner = spelled.lstrip(" ")
        made += spelled[:len(spelled) - len(inner)] + (f"\0{sign}{name}{inner}\1" if sign else inner)
    return made.strip(" ")
