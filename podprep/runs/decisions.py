"""What a person decides about chunks, as a log of entries, and what the entries add up to.

Entries are added to the log one by one, with time and author, and never changed: in a work file, where once `append`
returns an entry survives a kill and a power cut, or in memory. Decisions are bound to what a chunk says, not to its
number: to the hash of its raw text and how often that text has come before, and, to accept a cleaned text, to the hash
of that as well. So they find their chunks again after the cleaner has run anew. Texts are made in `rebuild`.
"""

import getpass
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..cleaned import Cleaned, CleanedChunk
from ..spans import Span
from .store import WorkFile

Entry = dict[str, Any]
Key = tuple[str, int]
"""A chunk's id, and how many chunks before it have the same."""

_DOINGS = {"accept": "accepted", "raw": "kept raw", "edit": "edited", "restore": "restored", "remove": "removed"}
_FINAL = ("accept", "raw", "edit")
_STARTS = 40  # characters of a chunk that the log keeps, to name it should it be gone


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a chunk stands.

    Attributes:
        status: "open", "accepted", "raw" (kept raw) or "edited".
        restored: spans taken back from the removals, in offsets of the document's text.
        text: the person's own text, where edited.
    """

    status: str = "open"
    restored: tuple[Span, ...] = ()
    text: str = ""

    @property
    def by_person(self) -> bool:
        """Whether the chunk's text is no longer the cleaner's own."""
        return self.status in ("raw", "edited") or bool(self.restored)


OPEN = Decision()


class Log:
    """What people decided about one document, in order.

    Args:
        path: the work file, or None to keep the entries in memory.
        author: who decides; the user's login name by default.
    """

    def __init__(self, path: Path | None = None, author: str | None = None) -> None:
        self.path, self.author = path, author or _login()
        self.entries: list[Entry] = []
        self.refresh()

    def refresh(self) -> None:
        """Read what was added to the file, by this log or another one.

        Raises:
            RunError: the file is damaged or in use.
        """
        if self.path is not None:
            with WorkFile.opened(self.path) as work:
                self.entries += work.decisions(len(self.entries))

    def append(self, entry: Entry) -> None:
        """Add one entry.

        Raises:
            OutputError: the disk refuses; nothing has been decided then.
            RunError: the file is damaged or in use.
        """
        entry = {**entry, "at": datetime.now(UTC).isoformat(timespec="seconds"), "by": self.author}
        if self.path is None:
            self.entries.append(entry)
            return
        with WorkFile.opened(self.path) as work:
            self.entries += work.decide(entry, len(self.entries))


def _login() -> str:
    """The user's login name, where the system tells one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as in some containers
        return "unknown"


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

    def entry(self, do: str, chunks: Iterable[int], **more: Any) -> Entry:
        """A log entry about some chunks; a `span` is written as offsets within its chunk."""
        chunks = list(chunks)
        if "span" in more:
            more["span"] = [offset - self._starts[chunks[0]] for offset in more["span"]]
        return {"do": do, "chunks": [self._refs[i] for i in chunks], **more}

    def replay(self, entries: Sequence[Entry]) -> State:
        """What the entries add up to: undone ones left out, the others in order."""
        state, lost = State(), dict[Key, str]()
        order, state.undone = _in_force(entries)
        for number in order:
            if self._apply(state, entries[number], lost):
                state.done.append(number)
        state.unapplied = tuple(lost.values())
        return state

    def first(self, entry: Entry) -> int | None:
        """The first chunk of this document that an entry is about."""
        found = (self._index.get((ref["id"], ref["nth"])) for ref in entry["chunks"])
        return next((index for index in found if index is not None), None)

    def _apply(self, state: State, entry: Entry, lost: dict[Key, str]) -> bool:
        """Let one entry take effect; return whether it concerned any chunk here."""
        applied = False
        for ref in entry["chunks"]:
            key = (ref["id"], ref["nth"])
            index = self._index.get(key)
            if index is None:
                lost[key] = _sentence(entry, ref, "the text is no longer cut into this chunk")
            elif entry["do"] == "accept" and ref.get("cleaned") != self._refs[index]["cleaned"]:
                lost[key] = _sentence(entry, ref, "it is cleaned differently now")
                state.decisions[index] = replace(state.decisions.get(index, OPEN), status="open", text="")
            else:
                state.decisions[index] = _decided(state.decisions.get(index, OPEN), entry, self._starts[index])
                if entry["do"] in _FINAL:
                    lost.pop(key, None)
                applied = True
        return applied


def _decided(before: Decision, entry: Entry, start: int) -> Decision:
    """Where a chunk that begins at `start` stands after an entry about it."""
    first, last = entry.get("span", (0, 0))
    span = start + first, start + last
    match entry["do"]:
        case "accept":
            return replace(before, status="accepted", text="")
        case "raw":
            return Decision("raw")
        case "edit":
            return replace(before, status="edited", text=str(entry.get("text", "")))
        case "restore":
            return replace(before, restored=tuple(dict.fromkeys((*before.restored, span))))
        case _:
            return replace(before, restored=tuple(kept for kept in before.restored if kept != span))


def _in_force(entries: Sequence[Entry]) -> tuple[list[int], list[int]]:
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
        elif _is_sound(entry):
            order.append(number)
            undone.clear()
    return order, undone


def _is_sound(entry: Entry) -> bool:
    """Whether an entry is a decision as `Chart.entry` writes it; a file may hold anything."""
    refs, placed = entry.get("chunks"), entry.get("do") in ("restore", "remove")
    span = entry.get("span", None if placed else [0, 0])
    return (
        isinstance(entry.get("do"), str) and entry["do"] in _DOINGS and isinstance(refs, list)
        and all(isinstance(r, dict) and isinstance(r.get("id"), str) and isinstance(r.get("nth"), int) for r in refs)
        and isinstance(span, list) and [type(offset) for offset in span] == [int, int]
    )


def _cleaned_hash(chunk: CleanedChunk) -> str:
    """First 16 hex digits of the SHA-256 of a cleaned text and what was removed for it."""
    removals = [(r.start - chunk.chunk.start, r.end - chunk.chunk.start, r.kind) for r in chunk.removals]
    return hashlib.sha256(repr((chunk.text, removals)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _sentence(entry: Entry, ref: dict[str, Any], why: str) -> str:
    return f"page {ref.get('page')}, “{ref.get('starts')}…” was {_DOINGS[entry['do']]}: {why}."
