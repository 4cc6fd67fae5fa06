"""The sidecar: a JSON file beside the clean text that tells where each part of it comes from.

Title, authors and sections; paragraphs with their pages, removals and what was taken back with their places, and who
decided.
The same text and decisions give the same bytes: no times, no folders. Writing is in `output`.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..cleaned import Cleaned, CleanedChunk
from ..document import Document
from ..fidelity import words
from ..handover import Paragraph, Repair, Section
from ..spans import Removal, without_spans
from .decisions import OPEN, Decision

FORMAT = "podprep provenance 1"
_OWN = Decision("edited")  # a person's own doing, whatever else is decided about the chunk


def sidecar_path(path: str | Path) -> Path:
    """Where the sidecar of a clean text goes: paper.clean.txt has paper.clean.json."""
    path = Path(path)
    return path.with_suffix(".json") if path.suffix == ".txt" else path.with_name(f"{path.name}.json")


def sidecar_json(
    cleaned: Cleaned, result: Cleaned | None = None, decisions: Sequence[Decision] = (), repairs: Sequence[Repair] = (),
) -> str:
    """The sidecar of a cleaned document, as JSON.

    Args:
        cleaned: what the cleaner gave.
        result: what a review made of it; the same by default.
        decisions: one entry a chunk; all open by default.
        repairs: what speech says otherwise, if it goes with the text.
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
        "title": result.title, "authors": result.authors,
        "sections": [_section(section) for section in result.sections],
        "paragraphs": [_paragraph(paragraph, document, decisions) for paragraph in result.manuscript.paragraphs],
        "removals": [_removal(document, r, d if _covers(before, r) else _OWN, i)
                     for i, (before, c, d) in enumerate(zip(cleaned.chunks, result.chunks, decisions))
                     for r in c.removals],
        "restored": [_removal(document, r, _OWN, i) for i, r in _restored(cleaned, result)],
        "speech": [asdict(repair) for repair in repairs],
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


def _section(section: Section) -> dict[str, Any]:
    return {"title": section.title, "level": section.level, "pages": section.pages, "words": section.words}


def _paragraph(paragraph: Paragraph, document: Document, decisions: Sequence[Decision]) -> dict[str, Any]:
    """A paragraph of the clean text: its offsets, what it is, and the pages and span of the source it comes from."""
    first, last = paragraph.pages
    by_person = any(decisions[i].by_person for i in paragraph.chunks)
    return {"start": paragraph.start, "end": paragraph.end, "kind": paragraph.kind, "level": paragraph.level,
            "pages": [page.number for page in document.pages if first <= page.number <= last],
            "source": paragraph.source, "chunks": paragraph.chunks, "by": "person" if by_person else "cleaner"}


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
