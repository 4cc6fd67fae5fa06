"""One door to all cleaners: `clean(pdf)`.

Reads the PDF if it is a path, and keeps the work in a run's folder if one is named. How each
cleaner works is in its own module.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tqdm.auto import tqdm

from .chunks import DEFAULT_SIZE, chunk_document
from .cleaned import Cleaned
from .cleaners import CleanerOptions, start_cleaner
from .document import Document
from .embedded import EMBEDDED
from .errors import SettingsError
from .guard import DEFAULT_LIMITS, Limits
from .pdf import read_pdf, require_text
from .runs import Run


def clean(
    source: str | Path | Document,
    cleaner: str = "probe",
    pages: str | Sequence[int] | None = None,
    engine: str = "pdfium",
    mode: str = "free",
    model: str = EMBEDDED,
    size: int = DEFAULT_SIZE,
    progress: bool = False,
    run: str | Path | None = None,
    password: str | None = None,
    limits: Limits | None = DEFAULT_LIMITS,
) -> Cleaned:
    """Clean a PDF, or a document already read.

    Args:
        source: a PDF's path, or the `Document` from `read_pdf`.
        cleaner: "probe" (the embedded model reads, and drops lines that are not prose), "tidy"
            (rules) or "prompt" (a chat model writes, and is checked).
        pages: pages to read, as "1-3,7" or as numbers from 1; all by default.
        engine: text engine for a path, "pdfium" or "pypdf2".
        mode: how the prompt cleaner decodes; "free".
        model: model of the prompt cleaner, as for `load_model`.
        size: chunk size in characters of raw text.
        progress: whether to show progress bars on standard error.
        run: a run's folder, for a path: work is kept there, and goes on where it stopped.
        password: the PDF's password, if it has one.
        limits: what parsing the PDF may take, see `read_pdf`.

    Raises:
        PdfError: the PDF cannot be read; `NoTextError` if it holds no text.
        PageRangeError: `pages` names pages the document does not have.
        ModelError: the model cannot be loaded.
        RunError: the folder's run has another PDF or other settings, or is in use.
        SettingsError: a setting is unknown.
    """
    options = CleanerOptions(cleaner, mode, model, size)
    if run is not None:
        if isinstance(source, Document):
            raise SettingsError("A run reads its PDF itself: name the PDF's path, not a document already read.")
        kept = Run.start(source, run, engine=engine, pages=pages, password=password, limits=limits,
                         cleaner=cleaner, mode=mode, model=model, size=size)
        return kept.go(progress)
    document = source if isinstance(source, Document) else read_pdf(source, engine, pages, progress, password, limits)
    chunks = chunk_document(require_text(document), size)
    work = start_cleaner(document, chunks, options, progress=progress)
    bar = tqdm(work.chunks, "cleaning", len(chunks), disable=not progress, unit="chunk", leave=False)
    return Cleaned(document, cleaner, work.settings, tuple(bar))
