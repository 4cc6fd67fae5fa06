"""podprep: turn a PDF into clean text for a podcast writer, and see every change.

    from podprep import read_pdf, clean
    print(clean("paper.pdf").text)

Names are imported on first use, so that `import podprep` stays quick and torch is only loaded
where a model is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "Chunk": "chunks", "chunk_document": "chunks",
    "Cleaned": "cleaned", "CleanedChunk": "cleaned",
    "CLEANERS": "cleaners", "clean": "cleaning",
    "Document": "document", "Line": "document", "Metadata": "document", "Page": "document",
    "EMBEDDED": "embedded",
    "ModelError": "errors", "NoTextError": "errors", "OutputError": "errors", "PageRangeError": "errors",
    "PdfError": "errors", "PodprepError": "errors", "ReviewError": "errors", "RunError": "errors",
    "SettingsError": "errors",
    "Fidelity": "fidelity", "measure": "fidelity", "words": "fidelity",
    "Generation": "generation", "Generator": "generation", "generate": "generation",
    "garbled_pages": "garble",
    "Limits": "guard",
    "LanguageModel": "models", "load_model": "models",
    "ENGINES": "pdf", "read_metadata": "pdf", "read_pdf": "pdf",
    "clean_with_probe": "probe_cleaner", "clean_with_prompt": "prompt_cleaner", "prompt_chunks": "prompt_cleaner",
    "PromptSettings": "prompt_cleaner",
    "CopyState": "faithful", "SkipCosts": "faithful", "Source": "faithful", "encode_source": "faithful",
    "CopyProcessor": "logits", "FaithfulWriter": "writers", "FreeWriter": "writers", "Piece": "writers",
    "Prompt": "prompts", "encode_chunk": "prompts", "encode_prompt": "prompts", "load_prompt": "prompts",
    "Run": "runs", "list_runs": "runs",
    "Progress": "review", "Review": "review",
    "sidecar_json": "sidecar", "sidecar_path": "sidecar",
    "Removal": "spans",
    "DIFF_STYLE": "diff", "diff_table": "diff",
    "write_report": "report", "write_text": "output",
    "tidy_document": "tidy", "tidy_text": "tidy",
    "PdfChooser": "widgets", "PromptEditor": "widgets", "ReviewPanel": "panel", "show_page": "page_view",
}

__all__ = ["__version__", *_HOME]

if TYPE_CHECKING:  # what the names are, for type checkers and editors
    from .chunks import Chunk, chunk_document
    from .cleaned import Cleaned, CleanedChunk
    from .cleaners import CLEANERS
    from .cleaning import clean
    from .diff import DIFF_STYLE, diff_table
    from .document import Document, Line, Metadata, Page
    from .embedded import EMBEDDED
    from .errors import (
        ModelError,
        NoTextError,
        OutputError,
        PageRangeError,
        PdfError,
        PodprepError,
        ReviewError,
        RunError,
        SettingsError,
    )
    from .faithful import CopyState, SkipCosts, Source, encode_source
    from .fidelity import Fidelity, measure, words
    from .garble import garbled_pages
    from .generation import Generation, Generator, generate
    from .guard import Limits
    from .logits import CopyProcessor
    from .models import LanguageModel, load_model
    from .output import write_text
    from .page_view import show_page
    from .panel import ReviewPanel
    from .pdf import ENGINES, read_metadata, read_pdf
    from .probe_cleaner import clean_with_probe
    from .prompt_cleaner import PromptSettings, clean_with_prompt, prompt_chunks
    from .prompts import Prompt, encode_chunk, encode_prompt, load_prompt
    from .report import write_report
    from .review import Progress, Review
    from .runs import Run, list_runs
    from .sidecar import sidecar_json, sidecar_path
    from .spans import Removal
    from .tidy import tidy_document, tidy_text
    from .widgets import PdfChooser, PromptEditor
    from .writers import FaithfulWriter, FreeWriter, Piece


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
