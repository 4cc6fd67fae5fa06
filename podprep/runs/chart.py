"""What the entries of a log add up to for one document: each finds its chunks by what they say.

Decisions are bound to what a chunk says, not to its number: to the hash of its raw text and how often that text has
come before, and, to accept a cleaned text, to the hash of that as well. So they find their chunks again after the
cleaner has run anew. Texts are made in `review`, and two logs are put together there.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..cleaned import Cleaned, CleanedChunk
from ..spans import Removal, Span, kept_spans
from .decisions import OPEN, Comment, Decision, Entry, Version

DOINGS = {
    "accept": "accepted", "raw": "kept raw", "edit": "edited", "restore": "restored", "remove": "removed again",
    "strike": "struck out", "kind": "kind changed", "comment": "commented", "conflict": "decided differently",
    "write": "left as written", "say": "said aloud again",
}
"""What an entry does, and what that is called once it is done."""
Key = tuple[str, int]
"""A chunk's id, and how many chunks before it have the same."""
_FINAL = ("accept", "raw", "edit")
_PLACED = ("restore", "remove", "strike", "kind")
_WORDED = {"comment": "text", "kind": "kind", "write": "text", "say": "text"}  # by what an entry says more
_STARTS = 40  # characters of a chunk that the log keeps, to name it should it be gone


@dataclass
class State:
    """What a log adds up to for one cleaned document.

    Attributes:
        decisions: by index of the chunk; chunks that nothing was decided about are left out.
        done: numbers of the entries in force that concern this document, in order.
        undone: numbers of the entries that may be done again, the latest last.
        unapplied: one sentence for each decision that finds no chunk, or another cleaned text.
    """

    decisions: dict[int, Decision] = field(default_factory=dict)
    done: list[int] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)
    unapplied: tuple[str, ...] = ()


class Chart:
    """Finds a document's chunks by what they say."""

    def __init__(self, cleaned: Cleaned) -> None:
        """Hash every chunk and its cleaned text."""
        seen: Counter[str] = Counter()
        self._refs: list[dict[str, Any]] = []
        for chunk in cleaned.chunks:
            identity = chunk.chunk.id
            self._refs.append({
                "id": identity, "nth": seen[identity], "cleaned": _cleaned_hash(chunk),
                "page": chunk.chunk.first_page, "starts": " ".join(chunk.chunk.text.split())[:_STARTS],
            })
            seen[identity] += 1
        self._index = {(ref["id"], ref["nth"]): i for i, ref in enumerate(self._refs)}
        self._starts = [chunk.chunk.start for chunk in cleaned.chunks]
        self._lengths = [len(chunk.chunk.text) for chunk in cleaned.chunks]

    def entry(self, do: str, chunks: Iterable[int], **more: Any) -> Entry:
        """A log entry about some chunks; a `span` is written as offsets within its chunk."""
        chunks = list(chunks)
        if "span" in more:
            more["span"] = [offset - self._starts[chunks[0]] for offset in more["span"]]
        return {"do": do, "chunks": [self._refs[i] for i in chunks], **more}

    def replay(self, entries: Sequence[Entry]) -> State:
        """What the entries add up to: undone ones left out, the others in order."""
        state, lost = State(), dict[Key, str]()
        order, state.undone = in_force(entries)
        for number in order:
            if self._apply(state, entries[number], lost):
                state.done.append(number)
        state.unapplied = tuple(lost.values())
        return state

    def found(self, entry: Entry) -> list[int]:
        """The chunks of this document that an entry is about."""
        indices = (self._index.get((ref["id"], ref["nth"])) for ref in entry["chunks"])
        return [index for index in indices if index is not None]

    def span(self, entry: Entry, index: int) -> Span:
        """Where in the document's text an entry about a chunk applies; the whole chunk where it names no place."""
        first, last = entry.get("span", (0, self._lengths[index]))
        return self._starts[index] + first, self._starts[index] + last

    def _apply(self, state: State, entry: Entry, lost: dict[Key, str]) -> bool:
        """Let one entry take effect; return whether it concerned any chunk here."""
        applied = False
        for ref in entry["chunks"]:
            key = (ref["id"], ref["nth"])
            index = self._index.get(key)
            if index is None:
                lost[key] = _sentence(entry, ref, "the text is no longer cut into this chunk")
            elif entry["do"] == "accept" and state.decisions.get(index, OPEN).status == "edited":
                applied = True  # a person's own words stay until that person takes them back
            elif entry["do"] == "accept" and ref.get("cleaned") != self._refs[index]["cleaned"]:
                lost[key] = _sentence(entry, ref, "it is cleaned differently now")
                state.decisions[index] = replace(state.decisions.get(index, OPEN), status="open", text="")
            else:
                state.decisions[index] = _decided(state.decisions.get(index, OPEN), entry, self.span(entry, index))
                if entry["do"] in _FINAL:
                    lost.pop(key, None)
                applied = True
        return applied


def _decided(before: Decision, entry: Entry, span: Span) -> Decision:
    """Where a chunk stands after an entry about a span of it."""
    match entry["do"]:
        case "accept":
            return replace(before, status="accepted", text="", versions=())
        case "raw":
            return replace(before, status="raw", restored=(), struck=(), text="", versions=())
        case "edit":
            return replace(before, status="edited", text=str(entry.get("text", "")), versions=())
        case "restore":
            return replace(before, restored=tuple(dict.fromkeys((*before.restored, span))))
        case "strike":
            rest = [part for back in before.restored for part in kept_spans(*back, [Removal(*span, "")])]
            return replace(before, restored=tuple(rest), struck=tuple(dict.fromkeys((*before.struck, span))))
        case "kind":
            return replace(before, kinds=(*before.kinds, (span, entry["kind"])))
        case "comment":
            return replace(before, comments=(*before.comments, Comment(entry["text"], *signed(entry))))
        case "write":
            return replace(before, as_written=tuple(dict.fromkeys((*before.as_written, entry["text"]))))
        case "say":
            return replace(before, as_written=tuple(key for key in before.as_written if key != entry["text"]))
        case "conflict":
            versions = tuple(Version(**version) for version in entry["versions"])
            return replace(before, status="open", text="", versions=versions)
        case _:
            return replace(before, restored=tuple(kept for kept in before.restored if kept != span))


def signed(entry: Entry) -> tuple[str, str]:
    """By whom an entry was made, and when; a file may hold anything."""
    return str(entry.get("by", "")), str(entry.get("at", ""))


def in_force(entries: Sequence[Entry]) -> tuple[list[int], list[int]]:
    """Numbers of the entries that stand, in order, and of those that were undone last."""
    order: list[int] = []
    undone: list[int] = []
    for number, entry in enumerate(entries):
        do, of = entry.get("do"), entry.get("of")
        if do == "undo" and of in order:
            order.remove(of)
            undone.append(of)
        elif do == "redo" and of in undone:
            undone.remove(of)
            order.append(of)
        elif is_sound(entry):
            order.append(number)
            undone.clear()
    return order, undone


def is_sound(entry: Entry) -> bool:
    """Whether an entry is a decision as `Chart.entry` writes it; a file may hold anything."""
    do, refs = entry.get("do"), entry.get("chunks")
    span = entry.get("span", None if do in _PLACED else [0, 0])
    return (
        isinstance(do, str) and do in DOINGS and isinstance(refs, list)
        and all(isinstance(r, dict) and isinstance(r.get("id"), str) and isinstance(r.get("nth"), int) for r in refs)
        and isinstance(span, list) and [type(offset) for offset in span] == [int, int]
        and (do not in _WORDED or isinstance(entry.get(_WORDED[do]), str))
        and (do not in _PLACED or span[0] < span[1])
        and (do != "conflict" or _are_versions(entry.get("versions")))
    )


def _are_versions(found: object) -> bool:
    """Whether these are versions as `asdict` writes them."""
    names = asdict(Version("", "", "")).keys()
    return isinstance(found, list) and all(
        isinstance(v, dict) and v.keys() == names and all(isinstance(said, str) for said in v.values()) for v in found)


def _cleaned_hash(chunk: CleanedChunk) -> str:
    """First 16 hex digits of the SHA-256 of a cleaned text and what was removed for it."""
    removals = [(r.start - chunk.chunk.start, r.end - chunk.chunk.start, r.kind) for r in chunk.removals]
    return hashlib.sha256(repr((chunk.text, removals)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _sentence(entry: Entry, ref: dict[str, Any], why: str) -> str:
    return f"page {ref.get('page')}, “{ref.get('starts')}…” was {DOINGS[entry['do']]}: {why}."
