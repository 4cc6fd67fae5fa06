"""What the review panel shows of a chunk: its table, flags, removals and comments, and where they stand on the page.

All of it is text that `signs` made visible, for `panel.js` to put in as text, but for the table of `diff`, which is
escaped HTML. Decides nothing.
"""

from dataclasses import asdict
from typing import Any

from ..spans import Removal, joined_removals
from .diff import rows_table
from .flags import Flag, flags_of
from .page_view import page_boxes
from .report import chunk_name
from .review import Review
from .rows import Row, chunk_rows
from .signs import one_line, shown

_STARTS = 60  # characters of a chunk in the list
_LONGEST = 120  # characters of a removal that are shown in the list of removals


def list_row(review: Review, index: int) -> dict[str, Any]:
    """A chunk in the list: its flag, state, pages, first words."""
    before, decision = review.cleaned.chunks[index], review.decision(index)
    first, last = before.chunk.first_page, before.chunk.last_page
    flag = "disputed" if decision.versions else "" if before.fidelity.verdict == "clean" else before.fidelity.verdict
    return {"index": index, "flag": flag, "state": decision.status, "remarks": len(decision.comments),
            "page": str(first) if first == last else f"{first}–{last}",
            "starts": shown(" ".join(before.chunk.text[:2 * _STARTS].split())[:_STARTS])}


def chunk_view(review: Review, index: int) -> tuple[dict[str, Any], list[Row]]:
    """A chunk as the panel shows it, and the rows of its table."""
    chunk, decision, before = review.chunk(index), review.decision(index), review.cleaned.chunks[index]
    flags = flags_of(chunk, before.fidelity.reasons)
    rows = chunk_rows(chunk, decision.restored, flags)
    name = chunk_name(chunk)
    clean = "disputed" if decision.versions else before.fidelity.verdict
    return {
        "index": index, "name": name, "verdict": "" if clean == "clean" else clean, "status": decision.status,
        "flags": [{"number": flag.number, "reason": shown(flag.reason), "placed": bool(flag.clean or flag.source)}
                  for flag in flags],
        "table": rows_table(rows, True, name, flags), "text": chunk.text,
        "sentences": [chunk.text[slice(*row.span)] if row.span else None for row in rows],
        "removals": _removals(review, index, chunk.removals),
        "comments": [{key: shown(value) for key, value in asdict(comment).items()} for comment in decision.comments],
        "versions": [{key: shown(value) for key, value in asdict(version).items()} for version in decision.versions],
        "pages": list(range(chunk.chunk.first_page, chunk.chunk.last_page + 1)),
        "marks": _marks(review, index, flags),
    }, rows


def _removals(review: Review, index: int, removals: tuple[Removal, ...]) -> list[dict[str, Any]]:
    """What is left out of a chunk, neighbours of a kind as one, and what was taken back."""
    text, decision = review.cleaned.document.text, review.decision(index)
    back = [Removal(start, end, "restored") for start, end in decision.restored]
    return [{"span": [r.start, r.end], "kind": shown(r.kind), "certainty": f"{r.score:.2f}",
             "words": one_line(" ".join(text[r.start:r.end].split()))[:_LONGEST]}
            for r in sorted([*joined_removals(text, removals), *back]) if text[r.start:r.end].strip()]


def _marks(review: Review, index: int, flags: tuple[Flag, ...]) -> list[dict[str, Any]]:
    """What to mark on the pages: the chunk's lines, removals, what was taken back, what flags speak of."""
    document, chunk, decision = review.cleaned.document, review.chunk(index), review.decision(index)
    spans = [("lines", f"{chunk.chunk.start}-{chunk.chunk.end}", "", (chunk.chunk.start, chunk.chunk.end))]
    spans += [("gone", f"{r.start}-{r.end}", f"{r.kind}, certainty {r.score:.2f}", (r.start, r.end))
              for r in chunk.removals]
    spans += [("back", f"{start}-{end}", "restored", (start, end)) for start, end in decision.restored]
    for flag in flags:
        places = [*flag.source, *(place for part in flag.clean if (place := review.origin(index, part)))]
        spans += [("flag", f"flag-{flag.number}", f"flag {flag.number}: {flag.reason}", place) for place in places]
    return [{"page": page, "looks": looks, "of": of, "says": shown(says), "box": [round(edge, 4) for edge in box]}
            for looks, of, says, span in spans for page, box in page_boxes(document, *span)]
