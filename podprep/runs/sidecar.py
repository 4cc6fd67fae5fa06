"""The sidecar: a JSON file beside the clean text that tells where each part of it comes from.

Paragraphs with their pages, removals and what was taken back with their places, and who decided.
The same text and decisions give the same bytes: no times, no folders. Writing is in `output`.
"""

import hashlib
import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..cleaned import Cleaned, CleanedChunk
from ..document import Document
from ..fidelity import aligned, words
from ..rules import PARAGRAPH
from ..spans import Removal, Span, without_spans
from .decisions import OPEN, Decision

FORMAT = "podprep provenance 1"
_OWN = Decision("edited")  # a person's own doing, whatever else is decided about the chunk
Place = tuple[int, Span]
"""Offset in the clean text, and the span of the document's text that the word there comes from."""


def sidecar_path(path: str | Path) -> Path:
    """Where the sidecar of a clean text goes: paper.clean.txt has paper.clean.json."""
    path = Path(path)
    return path.with_suffix(".json") if path.suffix == ".txt" else path.with_name(f"{path.name}.json")


def sidecar_json(cleaned: Cleaned, result: Cleaned | None = None, decisions: Sequence[Decision] = ()) -> str:
    """The sidecar of a cleaned document, as JSON.

    Args:
        cleaned: what the cleaner gave.
        result: what a review made of it; the same by default.
        decisions: one entry a chunk; all open by default.
    """
    result = result or cleaned
    decisions = decisions or [OPEN] * len(cleaned.chunks)
    text, document = result.text, cleaned.document
    made = {
        "format": FORMAT,
        "source": {"file": document.path.name, "sha256": document.sha256, "engine": document.engine,
                   "pages": [page.number for page in document.pages], "characters": len(document.text)},
        "cleaner": {"name": cleaned.cleaner, "settings": cleaned.settings},
        "text": {"sha256": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), "characters": len(text)},
        "chunks": [_chunk(c, d) for c, d in zip(cleaned.chunks, decisions)],
        "paragraphs": list(_paragraphs(result, decisions)),
        "removals": [_removal(document, r, d if _covers(before, r) else _OWN, i)
                     for i, (before, c, d) in enumerate(zip(cleaned.chunks, result.chunks, decisions))
                     for r in c.removals],
        "restored": [_removal(document, r, _OWN, i) for i, r in _restored(cleaned, result)],
    }
    return _lines(made)


def _lines(made: dict[str, Any]) -> str:
    """JSON with one line for each paragraph, removal and chunk, so that two files can be compared by line."""
    parts = []
    for key, value in made.items():
        dumped = _dump(value)
        if isinstance(value, list) and value:
            dumped = "[\n  " + ",\n  ".join(map(_dump, value)) + "\n ]"
        parts.append(f" {_dump(key)}: {dumped}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _chunk(chunk: CleanedChunk, decision: Decision) -> dict[str, Any]:
    fidelity = chunk.fidelity
    return {
        "id": chunk.chunk.id, "start": chunk.chunk.start, "end": chunk.chunk.end, "verdict": fidelity.verdict,
        "reasons": list(fidelity.reasons), "stop_reason": chunk.stop_reason, "decision": decision.status,
    }


def _removal(document: Document, removal: Removal, decision: Decision, index: int) -> dict[str, Any]:
    return {
        **asdict(removal), "chunk": index, "by": _by(decision), "text": document.text[removal.start:removal.end],
        "places": [{"page": line.page, "box": box and [round(edge, 1) for edge in box]}
                   for line, box in document.boxes(removal.start, removal.end)],
    }


def _paragraphs(result: Cleaned, decisions: Sequence[Decision]) -> Iterator[dict[str, Any]]:
    """Yield each paragraph of the clean text: its offsets, and the pages and span of the source it comes from."""
    text, document = result.text, result.document
    spans, at = _chunk_spans(result), 0
    places = [place for c, (start, _) in zip(result.chunks, spans) for place in _places(c, start)]
    offsets = [offset for offset, _ in places]
    for paragraph in re.split(f"({PARAGRAPH}\n*)", text.rstrip("\n")):
        end = at + len(paragraph)
        if paragraph.strip():
            of = [i for i, (a, b) in enumerate(spans) if a < end and at < b]
            inside = [span for _, span in places[bisect_left(offsets, at):bisect_left(offsets, end)]]
            inside = inside or [(result.chunks[i].chunk.start, result.chunks[i].chunk.end) for i in of]
            start, stop = min(a for a, _ in inside), max(b for _, b in inside)
            pages = sorted({document.page_at(offset) for a, b in inside for offset in (a, b - 1)})
            yield {"start": at, "end": end, "pages": pages, "source": [start, stop], "chunks": of,
                   "by": "person" if any(decisions[i].by_person for i in of) else "cleaner"}
        at = end


def _chunk_spans(result: Cleaned) -> list[Span]:
    """Where each chunk's text stands in the clean text."""
    joined = "".join(c.gap + c.text for c in result.chunks if c.text)
    at = len(joined.lstrip()) - len(joined)  # what stands before the first chunk is not in the text
    spans = []
    for chunk in result.chunks:
        at += len(chunk.gap) if chunk.text else 0
        spans.append((at, at + len(chunk.text)))
        at += len(chunk.text)
    return spans


def _places(chunk: CleanedChunk, start: int) -> Iterator[Place]:
    """Yield the words of a chunk's text that align with its source; `start` is the text's own offset."""
    source, text = _words(chunk.chunk.text, chunk.chunk.start), _words(chunk.text, start)
    for i, j in aligned([w for w, _ in source], [w for w, _ in text]):
        yield text[j][1][0], source[i][1]


def _words(text: str, offset: int) -> list[tuple[str, Span]]:
    return [(w, (offset + m.start(), offset + m.end())) for m in re.finditer(r"\S+", text) for w in _compared(m[0])]


@lru_cache(maxsize=4096)
def _compared(token: str) -> tuple[str, ...]:
    """A token's words as they are compared; most tokens come several times, raw and clean."""
    return tuple(words(token))


def _restored(cleaned: Cleaned, result: Cleaned) -> Iterator[tuple[int, Removal]]:
    """Yield the removals, or parts of them, that the cleaner made and the result does not hold."""
    for index, (before, after) in enumerate(zip(cleaned.chunks, result.chunks)):
        for removal in without_spans(before.removals, [(r.start, r.end) for r in after.removals]):
            if words(cleaned.document.text[removal.start:removal.end]):
                yield index, removal


def _covers(chunk: CleanedChunk, removal: Removal) -> bool:
    """Whether the cleaner removed all of what is removed now."""
    return not without_spans([removal], [(r.start, r.end) for r in chunk.removals])


def _by(decision: Decision) -> str:
    """Who decided: a person, once the chunk is decided, or else the cleaner alone."""
    return "cleaner" if decision.status == "open" else "person"
