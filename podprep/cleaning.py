"""One door to all cleaners: `clean(pdf)`.

Chooses the cleaner by name, reads the PDF if it is a path, and loads a model only where one is
needed. How each cleaner works is in its own module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from .chunks import DEFAULT_SIZE
from .cleaned import Cleaned
from .document import Document
from .embedded import EMBEDDED
from .errors import SettingsError
from .pdf import read_pdf, require_text
from .tidy import tidy_document

CLEANERS = ("probe", "tidy", "prompt")
Cleaner = Callable[[Document], Cleaned]


def clean(
    source: str | Path | Document,
    cleaner: str | Cleaner = "probe",
    pages: str | Sequence[int] | None = None,
    engine: str = "pdfium",
    mode: str = "faithful",
    model: str = EMBEDDED,
    size: int = DEFAULT_SIZE,
    progress: bool = False,
) -> Cleaned:
    """Clean a PDF, or a document already read.

    Args:
        source: a PDF's path, or the `Document` from `read_pdf`.
        cleaner: "probe" (the embedded model reads, and drops lines that are not prose), "tidy"
            (rules), "prompt" (a chat model writes, and is checked), or a function of your own that
            takes the document and gives `Cleaned`; the settings below `engine` are then its own affair.
        pages: pages to read, as "1-3,7" or as numbers from 1; all by default.
        engine: text engine for a path, "pdfium" or "pypdf2".
        mode: how the prompt cleaner decodes, "faithful" (it can only leave words out) or "free".
        model: model of the prompt cleaner, as for `load_model`.
        size: chunk size in characters of raw text.
        progress: whether to show progress bars on standard error.

    Raises:
        PdfError: the PDF cannot be read; `NoTextError` if it holds no text.
        PageRangeError: `pages` names pages the document does not have.
        ModelError: the model cannot be loaded.
        SettingsError: a setting is unknown.
    """
    if isinstance(cleaner, str) and cleaner not in CLEANERS:
        raise SettingsError(f"Unknown cleaner {cleaner!r}: choose one of {', '.join(CLEANERS)}.")
    document = source if isinstance(source, Document) else read_pdf(source, engine, pages, progress)
    require_text(document)
    if not isinstance(cleaner, str):
        return cleaner(document)
    if cleaner == "tidy":
        return tidy_document(document, size)
    if cleaner == "probe":
        from .probe_cleaner import clean_with_probe

        return clean_with_probe(document, size, progress=progress)
    from .models import load_model
    from .prompt_cleaner import PromptSettings, clean_with_prompt

    return clean_with_prompt(document, load_model(model), PromptSettings(mode=mode), size, progress=progress)
