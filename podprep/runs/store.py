"""The work file: all that one document's cleanup has made, in one SQLite file.

    facts      what the run is bound to, what is to be read, how it ended
    pdf        the PDF itself, in pieces, unless it was to be left out
    pages      the pages as they were read, with those beside
    chunks     where each chunk begins and ends
    cleaned    the cleaned chunks
    decisions  what people decided in a review: only ever added to

Opening safely is in `database`, finding a row that is not as it was written in `sealed`. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

from ..chunks import Chunk
from ..cleaned import CleanedChunk
from ..document import Document, Metadata, Page
from ..errors import RunError
from ..fidelity import Fidelity
from ..reading import Record
from ..spans import Removal
from .database import check, connected, damaged, is_new, remove
from .sealed import SealedRows, as_json, hash_of

_PIECE = 1 << 22  # bytes of the PDF in one row
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a run is bound to: the PDF as it was named, its hash, every setting and version that decides the outcome."""

    pdf: str
    sha256: str
    settings: dict[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be read: the document information, the pages chosen and those beside them."""

    metadata: Metadata
    numbers: list[int]
    beside: list[int]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a chunk stands in the document's text and on its pages."""

    id: str
    span: tuple[int, int]
    pages: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Row:
    """A cleaned chunk without the raw one, whose text is in the pages."""

    id: str
    text: str
    gap: str
    removals: tuple[Removal, ...]
    fidelity: Fidelity
    stop_reason: str | None
    draft: str | None


class WorkFile(SealedRows):
    """One work file, open; made by `opened`.

    Every method that reads raises `RunError` where the file is damaged, and every one that writes raises
    `OutputError` where the disk refuses.

    Attributes:
        is_made: whether there was no such file before it was opened.
    """

    is_made = False

    @classmethod
    @contextmanager
    def opened(cls, path: Path, alone: bool = False, whole: bool = False) -> Iterator[WorkFile]:
        """Open a work file for as long as the block lasts; what was written stays, however the block ends.

        Nothing is left of a file that was made for it and has nothing in it.

        Args:
            path: the file; made if it is to be worked on and is not there.
            alone: to work on it: no other process can open it meanwhile.
            whole: whether SQLite is to check all its pages.
        """
        if is_new(path) and not alone:
            what = "holds no run" if path.exists() else "does not exist"
            raise RunError(f"{path} {what}: name a work file, see 'podprep runs'.")
        with connected(path, alone) as (database, is_made):
            if whole:
                check(database, path)
            work = cls(path, database)
            work.is_made = is_made
            try:
                yield work
            finally:
                work.end()

    def discard(self) -> None:
        """Remove the file again if this process made it: it is locked until it is closed, so nobody has begun in it."""
        if self.is_made:
            self.remove()

    def remove(self) -> None:
        """Remove the file, which is locked until it is closed."""
        remove(self._database, self.path)

    # Facts

    def fact(self, name: str, kind: type[T]) -> T | None:
        """A fact by its name, None where it is not known."""
        return next((self.parsed(data, kind) for _, data in self.rows("facts", name)), None)

    def keep_fact(self, name: str, value: Any) -> None:
        """Write a fact, in place of what it was before."""
        self.put("facts", name, as_json(value))

    def begin_about(self, manifest: Manifest) -> None:
        """Write what a new file is about, and that nothing is decided yet; all other rows come after."""
        self.keep_fact("manifest", manifest)
        self.keep_fact("last decision", "")

    @property
    def manifest(self) -> Manifest:
        """What the run is bound to."""
        manifest = self.fact("manifest", Manifest)
        if manifest is None:
            raise damaged(self.path, "what it is about is missing")
        return manifest

    # The PDF

    def keep_pdf(self, pdf: Path) -> None:
        """Copy the PDF into the file.

        Raises:
            OSError: the PDF cannot be read.
        """
        with pdf.open("rb") as file:
            for number, piece in enumerate(iter(lambda: file.read(_PIECE), b"")):
                self.put("pdf", number, piece)

    def pdf(self) -> Iterator[bytes]:
        """The pieces of the PDF; none where it was left out."""
        return (data for _, data in self.rows("pdf"))

    # Pages

    def begin_reading(self, plan: Plan) -> None:
        """Write what is to be read; pages that a damaged start left are read anew."""
        with self.together():
            self.clear("pages")
            self.keep_fact("plan", plan)

    def add_page(self, page: Page) -> None:
        """Write a page."""
        self.put("pages", page.number, as_json(page))
        self.save_soon()

    def unread(self, plan: Plan) -> list[int]:
        """The pages still to be read, unless reading has come to its end."""
        read = {key for key, _ in self.rows("pages")}
        return [number for number in (*plan.numbers, *plan.beside) if number not in read]

    def failed_last(self, plan: Plan) -> int:
        """How many pages could not be read, in a row, just before those that are still to be read."""
        failed = {key: bool(self.parsed(data, Page).failure) for key, data in self.rows("pages")}
        read = [failed[number] for number in (*plan.numbers, *plan.beside) if number in failed]
        return len(list(takewhile(bool, reversed(read))))

    def document(self, pdf: Path) -> Document | None:
        """The document as far as it was read, or None where not even the metadata was."""
        plan, manifest = self.fact("plan", Plan), self.manifest
        if plan is None:
            return None
        pages = [self.parsed(data, Page) for _, data in self.rows("pages")]
        chosen = tuple(page for page in pages if page.number not in plan.beside)
        beside = tuple(page for page in pages if page.number in plan.beside and not page.failure)
        engine = manifest.settings.get("engine", "pdfium")
        return Document(pdf, manifest.sha256, engine, plan.metadata, chosen, beside)

    # Chunks

    def keep_chunks(self, chunks: Sequence[Chunk]) -> None:
        """Write where all chunks stand, or see that they stand where they did."""
        rows = [as_json(_Place(c.id, (c.start, c.end), (c.first_page, c.last_page))) for c in chunks]
        found = [data for _, data in self.rows("chunks")]
        if found and found != rows:
            raise damaged(self.path, "its chunks are not those of its pages")
        if not found:
            with self.together():
                for number, row in enumerate(rows):
                    self.put("chunks", number, row)

    def chunks(self, document: Document) -> list[Chunk]:
        """The chunks of a document, each seen to say what it said."""
        found = []
        for index, (_, data) in enumerate(self.rows("chunks")):
            place = self.parsed(data, _Place)
            made = Chunk(index, *place.span, document.text[slice(*place.span)], *place.pages)
            if made.id != place.id:
                raise damaged(self.path, "its chunks are not those of its pages")
            found.append(made)
        return found

    def add_cleaned(self, cleaned: CleanedChunk) -> None:
        """Write a cleaned chunk."""
        made = _Row(cleaned.chunk.id, cleaned.text, cleaned.gap, cleaned.removals, cleaned.fidelity,
                    cleaned.stop_reason, cleaned.draft)
        self.put("cleaned", cleaned.chunk.index, as_json(made))
        self.save_soon()

    def cleaned(self, chunks: Sequence[Chunk]) -> list[CleanedChunk]:
        """The cleaned chunks so far, each seen to give its raw chunk back."""
        found = []
        for expected, (key, data) in enumerate(self.rows("cleaned")):
            row = self.parsed(data, _Row)
            if key != expected or key >= len(chunks) or row.id != chunks[key].id:
                raise damaged(self.path, "its cleaned chunks are not those of its pages")
            made = CleanedChunk(chunks[key], row.text, row.gap, row.removals, row.fidelity, row.stop_reason, row.draft)
            if not _is_tiled(made):
                raise damaged(self.path, f"chunk {key + 1} does not come to what was kept and removed")
            found.append(made)
        return found

    # The end

    def finish(self, text: str) -> None:
        """Say that all is done, and bind the file to the text that it gives."""
        self.keep_fact("finished", {"text": hash_of(text), "rows": self.digest("pages", "chunks", "cleaned")})

    @property
    def finished(self) -> bool:
        """Whether the cleanup is done."""
        return self.fact("finished", Record) is not None

    def require_text(self, text: str) -> None:
        """See that the text of a finished file is the one it was finished with, and that no row is missing."""
        end = self.fact("finished", Record)
        if end is not None and end != {"text": hash_of(text), "rows": self.digest("pages", "chunks", "cleaned")}:
            raise damaged(self.path, "its text is not the one it was finished with")

    # Decisions

    def decisions(self, first: int = 0) -> list[Record]:
        """The log of decisions from an entry on."""
        entries, before = [], ""
        for expected, (key, data) in enumerate(self.rows("decisions")):
            entry = self.parsed(data, Record)
            if key != expected or entry.pop("after", None) != before:
                raise damaged(self.path, "decisions are missing")
            before = hash_of(data)
            entries.append(entry)
        if before != self.fact("last decision", str):
            raise damaged(self.path, "decisions are missing")
        return entries[first:]

    def decide(self, *entries: Record, known: int = 0) -> list[Record]:
        """Add entries to the log, all or none; what was added since `known` entries, these included."""
        with self.together():  # half a decision would make the whole log unreadable
            log = self.decisions()
            for entry in entries:
                data = as_json({**entry, "after": self.fact("last decision", str)})
                self.put("decisions", len(log), data)
                self.keep_fact("last decision", hash_of(data))
                log.append(entry)
        return log[known:]


def _is_tiled(cleaned: CleanedChunk) -> bool:
    """Whether what was kept and what was removed give the raw chunk back: removals in order, inside, apart."""
    edges = [cleaned.chunk.start, *(edge for r in cleaned.removals for edge in (r.start, r.end)), cleaned.chunk.end]
    return edges == sorted(edges) and "".join(part for part, _ in cleaned.segments()) == cleaned.chunk.text
