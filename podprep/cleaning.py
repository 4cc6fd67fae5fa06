"""One door to all cleaners: `clean(pdf)`.

Reads the PDF if it is a path, and keeps the work in a work file if one is named. How each
cleaner works is in its own module.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from tqdm.auto import tqdm

from .chunks import DEFAULT_SIZE, chunk_document
from .cleaned import Cleaned
from .cleaners import CleanerOptions, start_cleaner
from .document import Document
from .errors import SettingsError
from .reading import DEFAULT_LIMITS, Limits, read_pdf, require_text
from .runs import Run
from .weights import EMBEDDED

Cleaner = Callable[[Document], Cleaned]


def clean(
    source: str | Path | Document, cleaner: str | Cleaner = "probe", pages: str | Sequence[int] | None = None,
    engine: str = "pdfium", mode: str = "faithful", model: str = EMBEDDED, size: int = DEFAULT_SIZE,
    progress: bool = False, prompt: str | Path | None = None, adviser: str = "probe", run: str | Path | None = None,
    password: str | None = None, limits: Limits | None = DEFAULT_LIMITS, ocr: str = "never", language: str = "eng",
) -> Cleaned:
    """Clean a PDF, or a document already read.

    Args:
        source: a PDF's path, or the `Document` from `read_pdf`.
        cleaner: "probe" (boosted trees tell prose from all else line by line), "tidy"
            (rules), "prompt" (a chat model writes, and is checked), or a function of your own that
            takes the document and gives `Cleaned`; the settings below `engine` are then its own affair.
        pages: pages to read, as "1-3,7" or as numbers from 1; all by default.
        engine: text engine for a path, "pdfium" or "pypdf2".
        mode: how the prompt cleaner decodes, "faithful" (it can only leave words out) or "free".
        model: model of the prompt cleaner, as for `load_model`.
        size: chunk size in characters of raw text.
        progress: whether to show progress bars on standard error.
        prompt: a TOML file with the prompt cleaner's instructions, see `load_prompt`; podprep's own by default.
        adviser: whose opinion the prompt cleaner hears in faithful mode, "probe", "tidy" or "none".
        run: a work file, for a path: work is kept there, and goes on where it stopped.
        password: the PDF's password, if it has one.
        limits: what parsing the PDF may take, see `read_pdf`.
        ocr: which pages are recognised in their picture, "auto", "always" or "never", see `read_pdf`.
        language: the language to recognise, see `read_pdf`.

    Raises:
        OcrError: pages are to be recognised, and something that this needs is not installed.
        PdfError: the PDF cannot be read; `NoTextError` if it holds no text.
        PageRangeError: `pages` names pages the document does not have.
        ModelError: the model cannot be loaded.
        RunError: the file's run has another PDF or other settings, or is damaged or in use.
        SettingsError: a setting is unknown.
    """
    own = None if isinstance(cleaner, str) else cleaner
    options = CleanerOptions(cleaner if isinstance(cleaner, str) else "tidy", mode, model, size, prompt, adviser)
    if run is not None:
        if isinstance(source, Document) or own is not None:
            raise SettingsError("A run reads its PDF itself: name the PDF's path and one of podprep's cleaners.")
        kept = Run.start(source, run, engine=engine, pages=pages, password=password, limits=limits, ocr=ocr,
                         language=language, **asdict(options))
        return kept.go(progress)
    document = source if isinstance(source, Document) else read_pdf(
        source, engine, pages, progress, password, limits, ocr, language)
    require_text(document)
    if own is not None:
        return own(document)
    chunks = chunk_document(document, size)
    work = start_cleaner(document, chunks, options)
    bar = tqdm(work.chunks, "cleaning", len(chunks), disable=not progress, unit="chunk", leave=False)
    return Cleaned(document, options.cleaner, work.settings, tuple(bar))
