"""Side by side: raw text on the left, cleaned on the right, sentence by sentence.

`difflib.HtmlDiff` draws the table; the rows it gets are aligned here beforehand, so that a row
shows one sentence and what became of it, with whole words marked, and so that no input is slow or
deep. Everything is escaped. Pages around the tables are in `report`.
"""

from __future__ import annotations

import difflib
import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rapidfuzz.distance import LCSseq

from .chunks import split_sentences
from .cleaned import CleanedChunk
from .fidelity import words

_LONGEST_ROW = 400  # characters of raw text without a sentence end, as in tables and lists

DIFF_STYLE = """<style>
table.diff { border-collapse: collapse; width: 100%; table-layout: fixed; font: 0.9rem/1.45 system-ui, sans-serif; }
table.diff td { vertical-align: top; text-align: left; padding: 0.25em 0.6em; }
table.diff td, table.diff th { overflow-wrap: anywhere; white-space: normal; text-align: left !important; }
table.diff tr { border-top: 1px solid rgba(128, 128, 128, 0.3); background: transparent !important; }
table.diff colgroup, table.diff .diff_next, table.diff .diff_header[id] { display: none; }
table.diff .diff_sub { background: rgba(218, 60, 50, 0.22); text-decoration: line-through; }
table.diff .diff_add { background: rgba(40, 150, 70, 0.25); text-decoration: underline; }
table.diff .diff_chg { background: rgba(210, 150, 20, 0.25); text-decoration: underline dotted; }
</style>"""

Row = tuple[str, str, bool]
"""Raw sentence, cleaned sentence, whether they differ; marks are difflib's (NUL, a sign, text, SOH)."""


def diff_table(cleaned: CleanedChunk) -> str:
    """HTML table of one chunk: raw sentences on the left, what became of them on the right."""
    rows = aligned_rows(cleaned.chunk.text, cleaned.text)
    table = _AlignedHtmlDiff(rows).make_table([], [], fromdesc="raw", todesc="cleaned")
    return table.replace(' colspan="2"', "")  # the columns for line numbers and links are not shown


def aligned_rows(raw: str, cleaned: str) -> list[Row]:
    """Pair raw sentences with cleaned ones and mark the words that differ.

    A raw sentence that was removed faces an empty one; a cleaned sentence that aligns with nothing
    faces an empty one too.
    """
    left, right = _sentences(raw), _sentences(cleaned)
    return [_marked(" ".join(a), " ".join(b)) for a, b in _pair(left, right)]


def _sentences(text: str) -> list[str]:
    """Sentences on one line each, without the control characters that difflib's marks use."""
    text = re.sub(r"[\x00-\x08\x0b-\x1f]", "\ufffd", text)
    parts = (block[a:b] for block in text.split("\n\n") for a, b in split_sentences(block, _LONGEST_ROW))
    return [" ".join(part.split()) for part in parts if part.strip()]


def _pair(left: Sequence[str], right: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """Group neighbouring sentences that share words; sentences that share none stand alone."""
    rows: list[tuple[list[str], list[str]]] = []
    at = 0
    for sentence, partner in zip(right, _partners(left, right)):
        if partner is None:
            rows.append(([], [sentence]))
            continue
        first, last = partner
        rows += [([skipped], []) for skipped in left[at:first]]
        if first < at and rows:  # what became of a raw sentence may be several
            rows[-1] = ([*rows[-1][0], *left[at:last + 1]], [*rows[-1][1], sentence])
        else:
            rows.append((list(left[first:last + 1]), [sentence]))
        at = max(at, last + 1)
    return rows + [([skipped], []) for skipped in left[at:]]


def _partners(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int] | None]:
    """For each right sentence, the first and last left sentence that most of its words align with."""
    a = [(w, i) for i, s in enumerate(left) for w in words(s)]
    b = [(w, j) for j, s in enumerate(right) for w in words(s)]
    votes: list[Counter[int]] = [Counter() for _ in right]
    for op in LCSseq.opcodes([w for w, _ in a], [w for w, _ in b]):
        if op.tag == "equal":
            for k in range(op.src_end - op.src_start):
                votes[b[op.dest_start + k][1]][a[op.src_start + k][1]] += 1
    return [_span(vote) for vote in votes]


def _span(votes: Counter[int]) -> tuple[int, int] | None:
    """The range of sentences with a fair share of the votes."""
    fair = [i for i, n in votes.items() if n >= 0.15 * votes.total()]
    return (min(fair), max(fair)) if fair else None


def _marked(a: str, b: str) -> Row:
    """Mark the words of two sentences that differ, in difflib's own notation."""
    if not a or not b:
        return _mark(a, "-"), _mark(b, "+"), True
    left, right = re.findall(r"\s*\S+", a), re.findall(r"\s*\S+", b)
    out_a, out_b, gone, come = "", "", "", ""
    for op in LCSseq.opcodes([w.strip() for w in left], [w.strip() for w in right]):
        one, two = "".join(left[op.src_start:op.src_end]), "".join(right[op.dest_start:op.dest_end])
        if op.tag != "equal":
            gone, come = gone + one, come + two
            continue
        out_a, out_b = out_a + _mark(gone, "^" if come else "-") + one, out_b + _mark(come, "^" if gone else "+") + two
        gone = come = ""
    return out_a + _mark(gone, "^" if come else "-"), out_b + _mark(come, "^" if gone else "+"), a != b


def _mark(text: str, sign: str) -> str:
    return f"\0{sign}{text}\1" if text else ""


class _AlignedHtmlDiff(difflib.HtmlDiff):
    """An `HtmlDiff` that draws rows aligned beforehand.

    The hook for wrapping lines is where a subclass may replace the rows; wrapping itself is left
    to the browser.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__(wrapcolumn=1)
        self._rows = rows

    def _line_wrapper(self, diffs: Any) -> Iterator[tuple[tuple[int, str], tuple[int, str], bool]]:
        for number, (a, b, changed) in enumerate(self._rows, 1):
            yield (number, a), (number, b), changed

    def _format_line(self, side: int, flag: bool, linenum: int, text: str) -> str:
        prefix = self._prefix[side]  # type: ignore[attr-defined]
        return f'<td class="diff_header" id="{prefix}{linenum}"></td><td>{html.escape(text.rstrip())}</td>'
