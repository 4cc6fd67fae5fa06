"""Mark with `[…]`, the copy editor's sign for an omission, where a removal leaves a hole in a sentence.

A formula that stood inside a sentence, a listing or a table that it announces ("as follows:"), and a citation or an
address that it needs ("as proved in […]"), leave a mark; others go without one. The sign holds no word, so nothing is
invented.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from ..document import Document, Line
from ..spans import Removal
from .words import PARAGRAPH, Word

HOLE = "[…]"
_NEAR = 6.0  # font sizes from a line to the formula below it, or from that to the next line
_MARKED = ("formula", "citation", "address", "other", "table")
_ENDS = re.compile(r"[.!?。！？][\"'”’»)\]]*$")
_BRACKET = re.compile(r"\s*\[")
_OPENED = ("(", "[", "“", "„", "«", "‘")
_SHORT = frozenset("ref refs cf vgl eq eqs eqn см".split())
HANGING = frozenset(
    "about after against among an and as at before behind below between beyond but by cf during eg for from ie in "
    "into of on onto or over per ref refs reference references see since than that the through to toward towards "
    "under until upon using via vs with within without eq eqs equation equations eqn "
    "an auf aus bei bis durch für gegen gemäß in laut mit nach oder ohne seit siehe über um und unter vgl vom von vor "
    "zu zum zur "
    "à au aux avec chez dans de depuis des du en entre et ou par pour sans selon sous sur vers voir "
    "al con de del desde en entre hacia hasta o para por según sin sobre u véase ver y e "
    "con da dal dalla dei del della di e in nel nella per secondo su sul tra vedi o "
    "com das do dos em na nas no nos ou pela pelo segundo "
    "aan bij door in met naar of op te tot uit van volgens voor zie en "
    "без в во для до за и из или к ко на о об от по под при с см со у".split()
)
"""Prepositions, conjunctions and the like that cannot end a sentence, and words that point to what follows."""


def with_holes(document: Document, words: Sequence[Word], removals: Sequence[Removal]) -> list[Word]:
    """The words with a mark wherever a sentence has a hole.

    Args:
        document: the document as read.
        words: words that the removals leave, in order.
        removals: sorted and disjoint.
    """
    marked = list(words)
    for at, gone in reversed(list(_gaps(removals, words))):
        before, after = words[at - 1], words[at]
        if before.end > gone.start or not _is_hole(document, before, after, gone):
            continue
        joined = after.gap != PARAGRAPH or after.text[0].islower()
        marked[at:at + 1] = [
            Word(HOLE, gone.start, gone.end, "" if before.text.endswith(_OPENED) else " "),
            replace(after, gap=_gap(after) if joined else PARAGRAPH),
        ]
    return marked


def _gaps(removals: Sequence[Removal], words: Sequence[Word]) -> Iterator[tuple[int, Removal]]:
    """Yield where between two words something of the kinds to be marked went: the place of the second, and what."""
    starts = [word.start for word in words]
    of_kind = (removal for removal in removals if removal.kind in _MARKED)
    for at, together in groupby(of_kind, lambda removal: bisect_left(starts, removal.start)):
        gone = list(together)
        if 0 < at < len(words):
            yield at, next((removal for removal in gone if removal.kind == "formula"), gone[0])


def _is_hole(document: Document, before: Word, after: Word, removal: Removal) -> bool:
    """Whether the sentence around two words lacks what went from between them."""
    ends, lower = bool(_ENDS.search(before.text)), after.text[0].islower()
    above, gone, below = (document.lines[document.line_at(at)] for at in (before.start, removal.start, after.start))
    if removal.kind in ("other", "table"):
        return before.text.endswith((":", "：")) and _is_near(above, gone) and after.gap == PARAGRAPH
    if removal.kind == "formula":
        heading = above.bold != below.bold or abs(above.size - below.size) > 0.1 * below.size
        return (lower or not (ends or heading)) and (_is_near(above, gone) or _is_near(gone, below))
    if before.text.strip("([.").lower() in HANGING and not (ends and before.text.strip(".").lower() not in _SHORT):
        return True
    opens = ends and lower and before.text != "al." and after.gap != PARAGRAPH
    return opens and _BRACKET.match(document.text, removal.start) is not None


def _is_near(above: Line, below: Line) -> bool:
    """Whether a line stands a few lines below another in its column, or nothing is known of their places."""
    a, b = above.box, below.box
    if a is None or b is None:
        return True
    beside = min(a[2], b[2]) > max(a[0], b[0]) - 2 * above.size
    return above.page == below.page and beside and -1 < (a[1] - b[1]) / max(above.size, 1.0) < _NEAR


def _gap(after: Word) -> str:
    """What stands between a mark and the word after it."""
    return "" if after.gap == "" and not after.text[0].isalnum() else " "
