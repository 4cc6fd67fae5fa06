"""What lies in a run's folder, and how it is written and read: no decisions about running.

    manifest.json    the PDF's path and hash, every setting and version that decides the outcome
    pages.jsonl      metadata and page numbers, the pages one by one, an end mark
    chunks.jsonl     where each chunk begins and ends
    probe-*.npy      what the model has read so far, for the probe; gone once the run is finished
    cleaned.jsonl    the cleaned chunks one by one
    decisions.jsonl  what a person decided in a review; never written or removed here
    clean.json       where each part of the clean text comes from, see `sidecar`
    clean.txt        the clean text, written in one step at the end
    lock             held by the process at work

A kill at any moment leaves a folder that can be read and gone on with.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..chunks import Chunk
from ..cleaned import CleanedChunk
from ..document import Document
from ..errors import OutputError, RunError
from ..fidelity import Fidelity
from ..output import write_bytes, write_text
from ..reading import Record, metadata_from, page_from
from ..spans import Removal
from .json_lines import JsonLines

if TYPE_CHECKING:  # numpy is imported where the probe runs
    from ..probe import Array

FORMAT = 1  # of the folder


class RunFolder:
    """The files of one run.

    Args:
        path: the folder, which need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pages = JsonLines(path / "pages.jsonl")
        self.chunks = JsonLines(path / "chunks.jsonl")
        self.cleaned = JsonLines(path / "cleaned.jsonl")
        self.text, self.sidecar = path / "clean.txt", path / "clean.json"
        self.decisions, self.lock = path / "decisions.jsonl", path / "lock"
        self._manifest = path / "manifest.json"

    def create(self) -> None:
        """Make the folder.

        Raises:
            OutputError: the disk refuses.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"{self.path} cannot be made ({error.strerror}): choose another folder for the run."
            ) from None

    def discard(self) -> None:
        """Remove a run that came to nothing; a folder with anything else in it stays."""
        for path in (self._manifest, self.pages.path, self.chunks.path, self.lock):
            path.unlink(missing_ok=True)
        with suppress(OSError):
            self.path.rmdir()

    def read_manifest(self) -> Record | None:
        """The manifest, or None where there is no run yet.

        Raises:
            RunError: the folder holds something else, or the manifest is damaged.
        """
        try:
            manifest = json.loads(self._manifest.read_text(encoding="utf-8"))
            if manifest["format"] != FORMAT:
                raise RunError(f"{self.path} was made by another version of podprep: choose another folder.")
            return {**manifest, "settings": dict(manifest["settings"])}
        except (FileNotFoundError, NotADirectoryError):
            if self.path.exists() and not (self.path.is_dir() and self._is_empty()):
                raise RunError(f"{self.path} is there and holds no run: name a new or empty folder.") from None
            return None
        except OSError as error:
            raise RunError(f"{self.path} cannot be read ({error.strerror}): check its permissions.") from None
        except (ValueError, KeyError, TypeError):
            raise RunError(f"{self._manifest} is damaged: choose another folder.") from None

    def write_manifest(self, manifest: Record) -> None:
        """Write the manifest in one step.

        Raises:
            OutputError: the disk refuses.
        """
        write_text(self._manifest, json.dumps({"format": FORMAT, **manifest}, indent=1) + "\n", force=True)

    def read_document(self, path: Path, sha256: str, engine: str) -> Document | None:
        """The document as far as it was read, or None where not even the metadata was."""
        records = iter(self.pages)
        head = next(records, None)
        if head is None:
            return None
        pages, others = [page_from(record) for record in records if "end" not in record], beside_of(head)
        chosen = tuple(page for page in pages if page.number not in others)
        beside = tuple(page for page in pages if page.number in others and not page.failure)
        return Document(path, sha256, engine, metadata_from(head["metadata"]), chosen, beside)

    def unread_pages(self) -> list[int] | None:
        """Page numbers still to be read, or None where reading has not begun."""
        records = iter(self.pages)
        head = next(records, None)
        if head is None:
            return None
        read = {record.get("number", 0) for record in records}
        return [] if 0 in read else [n for n in (*head["numbers"], *beside_of(head)) if n not in read]

    def write_chunks(self, chunks: Sequence[Chunk]) -> None:
        """Write where all chunks stand, in one step.

        Raises:
            OutputError: the disk refuses.
        """
        rows = ({"index": c.index, "id": c.id, "start": c.start, "end": c.end,
                 "first_page": c.first_page, "last_page": c.last_page} for c in chunks)
        write_text(self.chunks.path, "".join(json.dumps(row) + "\n" for row in rows), force=True)

    def read_cleaned(self, chunks: Sequence[Chunk]) -> list[CleanedChunk]:
        """The cleaned chunks so far.

        Raises:
            RunError: they are not those of the chunks.
        """
        found = []
        for chunk, record in zip(chunks, self.cleaned):
            if record["id"] != chunk.id:
                raise RunError(f"{self.cleaned.path} does not belong to this document: choose another folder.")
            found.append(chunk_from(record, chunk))
        return found

    def keep_array(self, number: int, make: Callable[[], Array]) -> Array:
        """An array from its file, or made and put there; nothing in such a file can run."""
        import numpy as np

        path = self.path / f"probe-{number:07}.npy"
        if path.exists():
            kept: Array = np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
            return kept
        made, data = make(), io.BytesIO()
        np.save(data, made, allow_pickle=False)
        write_bytes(path, data.getvalue())
        return made

    def remove_scraps(self) -> None:
        """Remove what a killed process left half-written."""
        for name in ("manifest.json", "chunks.jsonl", "clean.txt", "probe-"):
            for scrap in self.path.glob(f".{name}*"):
                scrap.unlink(missing_ok=True)

    def remove_arrays(self) -> None:
        """Remove what only an unfinished run needs."""
        for path in self.path.glob("probe-*.npy"):
            path.unlink(missing_ok=True)

    def _is_empty(self) -> bool:
        return all(path.name == "lock" or path.name.startswith(".manifest.json.") for path in self.path.iterdir())


def beside_of(head: Record) -> list[int]:
    """Numbers of the pages read beside the chosen ones; runs of the first version have none."""
    return list(head.get("beside", []))


def chunk_record(cleaned: CleanedChunk) -> Record:
    """One cleaned chunk as JSON values; of the raw one its number and its identity, as its text is in the pages."""
    return {
        "index": cleaned.chunk.index, "id": cleaned.chunk.id, "text": cleaned.text, "gap": cleaned.gap,
        "removals": [astuple(removal) for removal in cleaned.removals], "fidelity": asdict(cleaned.fidelity),
        "stop_reason": cleaned.stop_reason, "draft": cleaned.draft,
    }


def chunk_from(record: Record, chunk: Chunk) -> CleanedChunk:
    """The cleaned chunk that `chunk_record` made the record of."""
    removals = tuple(Removal(*values) for values in record["removals"])
    measured: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in record["fidelity"].items()}
    stop, draft = record["stop_reason"], record["draft"]
    return CleanedChunk(chunk, record["text"], record["gap"], removals, Fidelity(**measured), stop, draft)
