"""One door to all cleaners: `Cleaner("probe")`, made once for many documents, and `clean(pdf)` for one.

Reads the PDF if it is a path, and keeps the work in a work file if one is named. How each
cleaner works is in its own module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from .choices import SERVER_SECONDS
from .chunks import DEFAULT_SIZE, chunk_document
from .cleaned import Cleaned
from .cleaners import CleanerOptions, Loaded
from .document import Document
from .errors import SettingsError
from .progress import with_bar
from .reading import DEFAULT_LIMITS, Limits, read_pdf, require_text
from .runs import Run
from .weights import EMBEDDED

OwnCleaner = Callable[[Document], Cleaned]


class Cleaner:
    """A cleaner, made once, for document after document: what it needs is loaded at the first and stays.

    It can be called like `clean`, and pickles by its settings, so that other processes can have one each.

    Args:
        cleaner: "probe" (boosted trees tell prose from all else line by line), "tidy"
            (rules), "prompt" (a chat model writes, and is checked), or a function of your own that
            takes the document and gives `Cleaned`; the settings below are then its own affair.
        mode: how the prompt cleaner decodes, "faithful" (it can only leave words out) or "free".
        model: model of the prompt cleaner, as for `load_model`.
        size: chunk size in characters of raw text.
        prompt: a TOML file with the prompt cleaner's instructions, see `load_prompt`; podprep's own by default.
        adviser: whose opinion the prompt cleaner hears in faithful mode, "probe", "tidy" or "none".
        server: address of an OpenAI-compatible server where `model` is; for faithful mode, of llama.cpp's.
        key: what that server asks for, by default what the variable PODPREP_SERVER_KEY holds; kept nowhere.
        server_seconds: what one answer of it may take.

    Raises:
        SettingsError: a setting is unknown.
    """

    def __init__(
        self, cleaner: str | OwnCleaner = "probe", *, mode: str = "faithful", model: str = EMBEDDED,
        size: int = DEFAULT_SIZE, prompt: str | Path | None = None, adviser: str = "probe",
        server: str | None = None, key: str | None = None, server_seconds: float = SERVER_SECONDS,
    ) -> None:
        self._own = None if isinstance(cleaner, str) else cleaner
        name = cleaner if isinstance(cleaner, str) else "tidy"
        self._loaded = Loaded(CleanerOptions(name, mode, model, size, str(prompt) if prompt else None, adviser,
                                             server, key, server_seconds))

    def clean(
        self, source: str | Path | Document, pages: str | Sequence[int] | None = None, engine: str = "pdfium",
        progress: bool = False, run: str | Path | None = None, password: str | None = None,
        limits: Limits | None = DEFAULT_LIMITS, ocr: str = "never", language: str = "eng",
    ) -> Cleaned:
        """Clean a PDF, or a document already read.

        Args:
            source: a PDF's path, or the `Document` from `read_pdf`.
            pages: pages to read, as "1-3,7" or as numbers from 1; all by default.
            engine: text engine for a path, "pdfium" or "pypdf2".
            progress: whether to show progress bars on standard error.
            run: a work file, for a path: work is kept there, and goes on where it stopped.
            password: the PDF's password, if it has one.
            limits: what parsing the PDF may take, see `read_pdf`.
            ocr: which pages are recognised in their picture, "auto", "always" or "never", see `read_pdf`.
            language: the language to recognise, see `read_pdf`.

        Raises:
            OcrError: pages are to be recognised, and something that this needs is not installed.
            PdfError: the PDF cannot be read; `NoTextError` if it holds no text.
            PageRangeError: `pages` names pages the document does not have.
            ModelError: the model cannot be loaded, or its server does not answer as it should.
            OutputError: the work file cannot be written.
            RunError: the file's run has another PDF or other settings, or is damaged or in use.
            SettingsError: a setting is unknown.
        """
        if run is not None:
            if isinstance(source, Document) or self._own:
                raise SettingsError("A run reads its PDF itself: name the PDF's path and one of podprep's cleaners.")
            kept = Run.start(source, run, engine=engine, pages=pages, password=password, limits=limits, ocr=ocr,
                             language=language, loaded=self._loaded)
            return kept.go(progress)
        if not isinstance(source, Document):
            if self._own is None:
                self._loaded.load_ahead()
            source = read_pdf(source, engine, pages, progress, password, limits, ocr, language)
        document = require_text(source)
        return self._own(document) if self._own else self._cleaned(document, progress)

    __call__ = clean

    def _cleaned(self, document: Document, progress: bool) -> Cleaned:
        options = self._loaded.options
        chunks = chunk_document(document, options.size)
        work = self._loaded.start(document, chunks)
        made = tuple(with_bar(progress, work.chunks, "cleaning", "chunk", len(chunks)))
        return Cleaned(document, options.cleaner, work.settings, made)


def clean(
    source: str | Path | Document, cleaner: str | OwnCleaner = "probe", pages: str | Sequence[int] | None = None,
    engine: str = "pdfium", mode: str = "faithful", model: str = EMBEDDED, size: int = DEFAULT_SIZE,
    progress: bool = False, prompt: str | Path | None = None, adviser: str = "probe", run: str | Path | None = None,
    password: str | None = None, limits: Limits | None = DEFAULT_LIMITS, ocr: str = "never", language: str = "eng",
    server: str | None = None, key: str | None = None, server_seconds: float = SERVER_SECONDS,
) -> Cleaned:
    """Clean one PDF, or a document already read; for several, make a `Cleaner` once.

    The cleaner's settings (`cleaner`, `mode`, `model`, `size`, `prompt`, `adviser`, `server`, `key`,
    `server_seconds`) are those of `Cleaner`, all others, and what may be raised, those of `Cleaner.clean`.
    """
    made = Cleaner(cleaner, mode=mode, model=model, size=size, prompt=prompt, adviser=adviser, server=server, key=key,
                   server_seconds=server_seconds)
    return made.clean(source, pages, engine, progress, run, password, limits, ocr, language)
