"""A run: the cleanup of one PDF, kept in a work file step by step, so that no kill loses it.

Started again with the same PDF and settings it goes on where it stopped, and ends byte for byte as
if it had never stopped; with others it refuses and says what differs. What the file holds is in
`store`, what a run is bound to in `manifest`, the cleaning itself in `cleaners`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path
from typing import Any

from ..chunks import chunk_document
from ..cleaned import Cleaned
from ..cleaners import CleanerOptions, Loaded
from ..document import Document
from ..errors import ModelError, OcrError, PageRangeError, PdfError, RunError, SettingsError
from ..progress import with_bar
from ..reading import (
    DEFAULT_LIMITS,
    Limits,
    Ocr,
    open_pdf,
    pages_beside,
    read_pages,
    recognise_pages,
    require_text,
    select_pages,
)
from .database import is_new
from .manifest import Reading, default_file, new_manifest, pdf_of, refuse_differences, require_same
from .stage import NOT_BEGUN, Progress, progress_of
from .store import Manifest, Plan, WorkFile


class NothingReadError(RunError):
    """A work file in which not even the metadata is."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} has read nothing yet: start the run again with the same settings.")


class Run:
    """One run and its work file; made by `Run.start` or `Run.open`."""

    def __init__(self, path: Path, manifest: Manifest, reading: Reading | None = None,
                 cleaner: Loaded | None = None, keep_pdf: bool = True) -> None:
        self.path = path
        self._manifest, self._reading, self._cleaner, self._keep_pdf = manifest, reading, cleaner, keep_pdf
        self._finished: Cleaned | None = None

    @classmethod
    def start(
        cls, pdf: str | Path, file: str | Path | None = None, *, beside: str | Path = ".", engine: str = "pdfium",
        pages: str | Sequence[int] | None = None, password: str | None = None, limits: Limits | None = DEFAULT_LIMITS,
        keep_pdf: bool = True, ocr: str = "never", language: str = "eng",
        loaded: Loaded | None = None, address: str = "", sha256: str = "", **options: Any,
    ) -> Run:
        """Set up a run, or take up the one in the work file; `go` does the work.

        Args:
            pdf: the PDF file.
            file: the work file, new or of a run with the same PDF and settings; by default one named
                after the PDF.
            beside: the folder in which the default one lies.
            engine: text engine, "pdfium" or "pypdf2".
            pages: pages to read, as "1-3,7" or as numbers from 1; all by default.
            password: the PDF's password, which is not kept.
            limits: what parsing may take, see `read_pdf`.
            keep_pdf: whether a new work file holds the PDF itself, to show its pages wherever it goes.
            ocr: which pages are recognised in their picture, "auto", "always" or "never", see `read_pdf`.
            language: the language to recognise, see `read_pdf`.
            loaded: a cleaner that is there already, in place of options.
            address: where the PDF was fetched from; it stands for the path, which may be gone later.
            sha256: the PDF's, where that is gone already: a finished run needs no more of it.
            options: the settings of `Cleaner`: `cleaner`, `mode`, `model`, `size`, `prompt` and so on.

        Raises:
            PdfError: the PDF cannot be read.
            RunError: the file's run has another PDF or other settings, or the file is damaged or in use.
            SettingsError: a setting is unknown.
            OcrError: the language is none by its form.
        """
        cleaner = loaded or Loaded(CleanerOptions(**options))
        selected = pages if pages is None or isinstance(pages, str) else ",".join(map(str, pages))
        reading = Reading(Path(pdf), engine, selected, password, limits, Ocr(ocr, language), address, sha256)
        wanted = new_manifest(reading, cleaner.options)
        path = Path(file) if file is not None else default_file(Path(beside), wanted)
        if not is_new(path):
            with WorkFile.opened(path, whole=True) as work:
                require_same(path, work.manifest, wanted)
                wanted = work.manifest
        return cls(path, wanted, reading, cleaner, keep_pdf)

    @classmethod
    def open(cls, file: str | Path, pdf: str | Path | None = None) -> Run:
        """A run as it lies in its work file, seen to be whole, to look at and review.

        Args:
            file: the work file.
            pdf: where the PDF is, if the file does not hold it and it is no longer where it was.

        Raises:
            RunError: the file holds no run, is damaged or in use.
        """
        path = Path(file)
        with WorkFile.opened(path, whole=True) as work:
            run = cls(path, work.manifest, Reading(Path(pdf)) if pdf else None)
            with suppress(NothingReadError):
                run._cleaned(work, run._document(work))
        return run

    @property
    def pdf(self) -> Path:
        """The PDF, as it was named when the run was started."""
        return Path(self.name)

    @property
    def name(self) -> str:
        """The PDF's path or address, as it was named."""
        return self._reading.name if self._reading else self._manifest.pdf

    @property
    def sha256(self) -> str:
        """SHA-256 of the PDF that the run is bound to, as hex digits."""
        return self._manifest.sha256

    def require_finished(self, then: str) -> None:
        """See that the run is finished; `then` says what for.

        Raises:
            RunError: it is not, or the file is damaged or in use.
        """
        if self.state != "finished":
            raise RunError(f"{self.path} is not finished: start its run again, then {then}.")

    def pdf_file(self) -> AbstractContextManager[Path]:
        """The PDF as a file, for as long as the block lasts: out of the work file, or where it is found.

        Raises:
            PdfError: it is nowhere.
        """
        return pdf_of(self.path, self._manifest, self.pdf)

    @property
    def settings(self) -> dict[str, str]:
        """Every setting and version that decides the outcome."""
        if is_new(self.path):
            return self._manifest.settings
        with WorkFile.opened(self.path) as work:
            return {**self._manifest.settings, **(work.fact("cleaner", dict[str, str]) or {})}

    @property
    def state(self) -> str:
        """How far the run is in a word: "started", "reading", "cleaning" or "finished"."""
        return self.progress.state

    @property
    def progress(self) -> Progress:
        """How far the run is."""
        if is_new(self.path):
            return NOT_BEGUN
        with WorkFile.opened(self.path) as work:
            return progress_of(work)

    @property
    def reviewed(self) -> bool:
        """Whether anybody has decided anything about it."""
        if is_new(self.path):
            return False
        with WorkFile.opened(self.path) as work:
            return work.count("decisions") > 0

    @property
    def document(self) -> Document:
        """The document, as far as it is read.

        Raises:
            RunError: not even its metadata is.
        """
        with self._opened() as work:
            return self._document(work)

    @property
    def cleaned(self) -> Cleaned:
        """The cleaned chunks, as far as they are.

        Raises:
            RunError: the document is not even read, or the file is damaged.
        """
        if self._finished is None:
            with self._opened() as work:
                cleaned = self._cleaned(work, self._document(work))
                if not work.finished:
                    return cleaned
            self._finished = cleaned
        return self._finished

    def go(self, progress: bool = False) -> Cleaned:
        """Do what is left to do, and give the whole; a finished run is only read.

        Args:
            progress: whether to show progress bars on standard error.

        Raises:
            PdfError: the PDF cannot be read; `NoTextError` if it holds no text.
            PageRangeError: the pages chosen are not in the document.
            ModelError: the model cannot be loaded.
            OcrError: something that OCR needs is not installed.
            OutputError: the disk refuses; what is done stays, and the run can go on.
            RunError: another process works on the run, the file is damaged, or a setting of the model differs.
        """
        if self.state == "finished":
            return self.cleaned
        if self._reading is None or self._cleaner is None:
            raise RunError(f"{self.path} was opened to be read: start the run again with the PDF and its settings.")
        with WorkFile.opened(self.path, alone=True) as work:
            try:
                self._bind(work, self._reading)
                self._read(work, self._reading, self._cleaner, progress)
                self._finished = self._clean(work, self._cleaner, progress)
            except (PdfError, PageRangeError, SettingsError, ModelError, OcrError):
                if not work.count("cleaned"):
                    work.discard()
                raise
        return self._finished

    def forget(self) -> None:
        """Remove a work file in which nothing is cleaned, as one that a kill left of a PDF that holds no text.

        Raises:
            RunError: the file is damaged or in use.
        """
        if not is_new(self.path):
            with WorkFile.opened(self.path, alone=True) as work:
                if not work.count("cleaned"):
                    work.remove()

    def _opened(self) -> AbstractContextManager[WorkFile]:
        if is_new(self.path):
            raise NothingReadError(self.path)
        return WorkFile.opened(self.path)

    def _bind(self, work: WorkFile, reading: Reading) -> None:
        """Write what a new file is about, in one step with the PDF, or see that it is about the same."""
        found = work.fact("manifest", Manifest)
        if found is not None:
            require_same(self.path, found, self._manifest)
            return
        with work.together():
            work.begin_about(self._manifest)
            if self._keep_pdf:
                work.keep_pdf(reading.pdf)

    def _read(self, work: WorkFile, reading: Reading, cleaner: Loaded, progress: bool) -> None:
        """Read the pages that are not yet in the file, while the cleaner loads."""
        if work.fact("all read", bool):
            return
        cleaner.load_ahead()
        plan = work.fact("plan", Plan)
        numbers, failed = (None, 0) if plan is None else (work.unread(plan), work.failed_last(plan))
        with closing(open_pdf(reading.pdf, reading.engine, reading.password, reading.limits)) as pdf:
            if pdf.sha256 != self._manifest.sha256:
                raise RunError(f"{reading.pdf} changed while the run was at work: start another run.")
            if numbers is None:
                chosen = select_pages(pdf, reading.pages)
                plan = Plan(pdf.metadata(), chosen, pages_beside(chosen, pdf.count))
                work.begin_reading(plan)
                numbers = [*plan.numbers, *plan.beside]
            for page in read_pages(pdf, numbers, progress, failed):
                work.add_page(page)
            read = self._document(work).pages if reading.ocr.mode != "never" else ()
            for page in recognise_pages(pdf, read, reading.ocr, reading.limits, progress):
                work.add_page(page)  # in place of the one without text
                work.save()
        work.keep_fact("all read", True)
        work.save()

    def _clean(self, work: WorkFile, cleaner: Loaded, progress: bool) -> Cleaned:
        """Clean the chunks that are not yet in the file."""
        document = require_text(self._document(work))
        chunks = chunk_document(document, cleaner.options.size)
        work.keep_chunks(chunks)
        done = len(work.cleaned(chunks))
        if done < len(chunks):
            made = cleaner.start(document, chunks[done:])
            self._settle(work, made.settings)
            for cleaned in with_bar(progress, made.chunks, "cleaning", "chunk", len(chunks), done):
                work.add_cleaned(cleaned)
        whole = self._cleaned(work, document)
        work.finish(whole.text)
        return whole

    def _settle(self, work: WorkFile, settings: dict[str, str]) -> None:
        """Keep the settings that only the loaded model could tell, or see that they are the same."""
        known = work.fact("cleaner", dict[str, str])
        if known is None:
            work.keep_fact("cleaner", settings)
        else:
            refuse_differences(self.path, known, settings)

    def _document(self, work: WorkFile) -> Document:
        document = work.document(self.pdf)
        if document is None:
            raise NothingReadError(self.path)
        return document

    def _cleaned(self, work: WorkFile, document: Document) -> Cleaned:
        """What is cleaned so far; of a finished file, seen to be the text it was finished with."""
        chunks = work.chunks(document)
        settings = work.fact("cleaner", dict[str, str]) or {}
        made = Cleaned(document, self._manifest.settings.get("cleaner", ""), settings, tuple(work.cleaned(chunks)))
        work.require_text(made.text)
        return made
