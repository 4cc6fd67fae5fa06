"""A run: the cleanup of one PDF, kept in a folder step by step, so that no kill loses it.

Started again with the same PDF and settings it goes on where it stopped, and ends byte for byte as
if it had never stopped; with others it refuses and says what differs. What lies in the folder is in
`run_folder`, what a run is bound to in `manifest`, the cleaning itself in `cleaners`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from tqdm.auto import tqdm

from ..chunks import Chunk, chunk_document
from ..cleaned import Cleaned
from ..cleaners import CleanerOptions, start_cleaner
from ..document import Document
from ..errors import ModelError, OutputError, PageRangeError, PdfError, RunError, SettingsError
from ..output import write_text
from ..reading import (
    DEFAULT_LIMITS,
    Limits,
    Record,
    metadata_record,
    open_pdf,
    page_record,
    pages_beside,
    read_pages,
    require_text,
    select_pages,
)
from .manifest import Reading, default_folder, new_manifest, refuse_differences, require_same
from .sidecar import sidecar_json
from .store import RunFolder, beside_of, chunk_record


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        state: "started", "reading", "cleaning" or "finished".
        done: pages read or chunks cleaned so far.
        total: how many there are, 0 while that is unknown.
    """

    state: str
    done: int
    total: int


class Run:
    """One run and its folder; made by `Run.start` or `Run.open`."""

    def __init__(self, folder: Path, manifest: Record, reading: Reading | None, options: CleanerOptions | None) -> None:
        self._files = RunFolder(folder)
        self._manifest, self._reading, self._options = manifest, reading, options
        self._finished: Cleaned | None = None

    @classmethod
    def start(
        cls,
        pdf: str | Path,
        folder: str | Path | None = None,
        *,
        beside: str | Path = ".",
        engine: str = "pdfium",
        pages: str | Sequence[int] | None = None,
        password: str | None = None,
        limits: Limits | None = DEFAULT_LIMITS,
        **options: Any,
    ) -> Run:
        """Set up a run, or take up the one in the folder; `go` does the work.

        Args:
            pdf: the PDF file.
            folder: the run's folder, new or of a run with the same PDF and settings; by default one
                named after the PDF and its hash.
            beside: the folder in which the default one lies.
            engine: text engine, "pdfium" or "pypdf2".
            pages: pages to read, as "1-3,7" or as numbers from 1; all by default.
            password: the file's password, which is not kept.
            limits: what parsing may take, see `read_pdf`.
            options: `cleaner`, `mode`, `model` and `size`, as for `clean`.

        Raises:
            PdfError: the PDF cannot be read.
            RunError: the folder's run has another PDF or other settings, or it holds no run.
            SettingsError: a setting is unknown.
        """
        chosen = CleanerOptions(**options)
        selected = pages if pages is None or isinstance(pages, str) else ",".join(map(str, pages))
        reading = Reading(Path(pdf), engine, selected, password, limits)
        wanted = new_manifest(reading, chosen)
        if folder is None:
            folder = default_folder(Path(beside), wanted)
        found = RunFolder(Path(folder)).read_manifest()
        if found is not None:
            require_same(Path(folder), found, wanted)
        return cls(Path(folder), found or wanted, reading, chosen)

    @classmethod
    def open(cls, folder: str | Path) -> Run:
        """A run as it lies in its folder, to look at and review.

        Raises:
            RunError: the folder holds no run, or a damaged one.
        """
        if Path(folder).is_file():
            raise RunError(f"{folder} is a file: name the folder of a run, see 'podprep runs'.")
        manifest = RunFolder(Path(folder)).read_manifest()
        if manifest is None:
            raise RunError(f"{folder} holds no run: name the folder of one, see 'podprep runs'.")
        return cls(Path(folder), manifest, None, None)

    @property
    def folder(self) -> Path:
        """Where the run lies."""
        return self._files.path

    @property
    def decisions(self) -> Path:
        """The file of what a person decided in a review of this run; it need not exist."""
        return self._files.decisions

    @property
    def pdf(self) -> Path:
        """The PDF, as it was named when the run was started."""
        return self._reading.pdf if self._reading else Path(self._manifest["pdf"])

    @property
    def settings(self) -> dict[str, str]:
        """Every setting and version that decides the outcome."""
        settings: dict[str, str] = {**self._manifest["settings"], **(self._manifest.get("cleaner") or {})}
        return settings

    @property
    def state(self) -> str:
        """How far the run is in a word, see `Progress`."""
        return self.progress.state

    @property
    def progress(self) -> Progress:
        """How far the run is, from the lines of its files."""
        files, cleaned = self._files, self._files.cleaned.count()
        if files.text.exists():
            return Progress("finished", cleaned, cleaned)
        if files.chunks.path.exists():
            return Progress("cleaning", cleaned, files.chunks.count())
        head = next(iter(files.pages), None)
        if head is None:
            return Progress("started", 0, 0)
        return Progress("reading", files.pages.count() - 1, len(head["numbers"]) + len(beside_of(head)))

    @property
    def document(self) -> Document:
        """The document, as far as it is read.

        Raises:
            RunError: not even its metadata is.
        """
        manifest = self._manifest
        document = self._files.read_document(self.pdf, manifest["sha256"], manifest["settings"]["engine"])
        if document is None:
            raise RunError(f"{self.folder} has read nothing yet: start the run again with the same settings.")
        return document

    @property
    def cleaned(self) -> Cleaned:
        """The cleaned chunks, as far as they are.

        Raises:
            RunError: the document is not even read.
        """
        if self._finished:
            return self._finished
        document = self.document
        chunks = chunk_document(document, self._size)
        cleaned = self._as_cleaned(document, chunks)
        if self.state == "finished":
            self._finished = cleaned
        return cleaned

    @property
    def sidecar(self) -> str:
        """Where each part of a finished run's text comes from, as JSON, see `sidecar`."""
        try:
            return self._files.sidecar.read_text(encoding="utf-8")
        except FileNotFoundError:
            return sidecar_json(self.cleaned)

    def go(self, progress: bool = False) -> Cleaned:
        """Do what is left to do, and give the whole; a finished run is only read.

        Args:
            progress: whether to show progress bars on standard error.

        Raises:
            PdfError: the PDF cannot be read; `NoTextError` if it holds no text.
            PageRangeError: the pages chosen are not in the document.
            ModelError: the model cannot be loaded.
            OutputError: the disk refuses; what is done stays, and the run can go on.
            RunError: another process works on the run, or a setting of the model differs.
        """
        if self.state == "finished":
            return self.cleaned
        if self._reading is None or self._options is None:
            raise RunError(f"{self.folder} was opened to be read: start the run again with the PDF and its settings.")
        fresh = self._files.read_manifest() is None
        try:
            with self._locked():
                self._read(self._reading, progress)
                cleaned = self._clean(self._options, progress)
                self._finish(cleaned)
        except (PdfError, PageRangeError, SettingsError, ModelError):
            if fresh and not self._files.cleaned.count():
                self._files.discard()
            raise
        self._finished = cleaned
        return cleaned

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the run for this process; the system frees it when the process ends, however it ends."""
        self._files.create()
        lock = FileLock(self._files.lock)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise RunError(f"{self.folder} is being worked on by another process: wait for it to end.") from None
        except OSError as error:
            raise OutputError(f"{self.folder} cannot be written ({error.strerror}): choose another folder.") from None
        try:
            self._files.remove_scraps()
            found = self._files.read_manifest()
            if found is None:
                self._files.write_manifest(self._manifest)
            else:
                require_same(self.folder, found, self._manifest)
                self._manifest = found
            yield
        finally:
            lock.release()

    def _read(self, reading: Reading, progress: bool) -> None:
        """Read the pages that are not yet in the folder."""
        files = self._files
        files.pages.mend()
        numbers = files.unread_pages()
        if numbers == []:
            return
        with closing(open_pdf(reading.pdf, reading.engine, reading.password, reading.limits)) as pdf:
            if pdf.sha256 != self._manifest["sha256"]:
                raise RunError(f"{reading.pdf} changed while the run was at work: start another run.")
            if numbers is None:
                chosen = select_pages(pdf, reading.pages)
                beside = pages_beside(chosen, pdf.count)
                head = {"metadata": metadata_record(pdf.metadata()), "numbers": chosen, "beside": beside}
                files.pages.append(head)
                numbers = [*chosen, *beside]
            for page in read_pages(pdf, numbers, progress):
                files.pages.append(page_record(page))
        files.pages.append({"end": True})

    def _clean(self, options: CleanerOptions, progress: bool) -> Cleaned:
        """Clean the chunks that are not yet in the folder."""
        files, document = self._files, require_text(self.document)
        chunks = chunk_document(document, options.size)
        if not files.chunks.path.exists():
            files.write_chunks(chunks)
        files.cleaned.mend()
        done = len(files.read_cleaned(chunks))
        if done < len(chunks):
            work = start_cleaner(document, chunks[done:], options, files.keep_array, progress)
            self._settle(work.settings)
            bar = tqdm(work.chunks, "cleaning", len(chunks), initial=done, disable=not progress, leave=False)
            for cleaned in bar:
                files.cleaned.append(chunk_record(cleaned))
        return self._as_cleaned(document, chunks)

    def _finish(self, cleaned: Cleaned) -> None:
        """Write what a finished run gives: the one place where files of the outcome are made."""
        self._files.remove_arrays()
        write_text(self._files.sidecar, sidecar_json(cleaned), force=True)  # a kill may have come after it
        write_text(self._files.text, cleaned.text)

    def _settle(self, settings: dict[str, str]) -> None:
        """Keep the settings that only the loaded model could tell, or see that they are the same."""
        known = self._manifest.get("cleaner")
        if known is None:
            self._manifest = {**self._manifest, "cleaner": settings}
            self._files.write_manifest(self._manifest)
        else:
            refuse_differences(self.folder, known, settings)

    def _as_cleaned(self, document: Document, chunks: list[Chunk]) -> Cleaned:
        settings = self._manifest.get("cleaner") or {"size": str(self._size)}
        done = tuple(self._files.read_cleaned(chunks))
        return Cleaned(document, self._manifest["settings"]["cleaner"], settings, done)

    @property
    def _size(self) -> int:
        return int(self._manifest["settings"]["size"])


def list_runs(folder: str | Path = ".") -> list[Run]:
    """The runs in a folder, by name; what is no run, or a damaged one, is left out.

    Raises:
        RunError: there is no such folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise RunError(f"{folder} is no folder: name the folder that the runs lie in.")
    found = []
    for manifest in sorted([*folder.glob("manifest.json"), *folder.glob("*/manifest.json")]):
        try:
            found.append(Run.open(manifest.parent))
        except RunError:
            continue
    return found
