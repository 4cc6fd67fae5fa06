"""podprep: turn a PDF into clean text for a podcast writer, and see every change.

    from podprep import read_pdf, clean
    print(clean("paper.pdf").text)

Each wing has a face of its own (`podprep.reading`, `podprep.rules`, `podprep.probe`, `podprep.model`,
`podprep.handover`, `podprep.runs`, `podprep.review`, `podprep.shelf`, `podprep.weights`); what people use of them is
here. Names are imported on first use.
"""

from typing import TYPE_CHECKING

from .faces import face

__version__ = "1.0.0"

if TYPE_CHECKING:
    from .choices import CLEANERS, ENGINES, FORMATS
    from .chunks import Chunk, chunk_document
    from .cleaned import Cleaned, CleanedChunk
    from .cleaning import Cleaner, clean
    from .document import Document, Line, Metadata, Page
    from .errors import (
        ModelError, NoTextError, OcrError, OutputError, PageRangeError, PdfError, PodprepError, ReviewError, RunError,
        SettingsError,
    )
    from .fidelity import Fidelity, measure, words
    from .handover import Manuscript, Numbers, Paragraph, Section, numbers_of
    from .model import (
        CopyProcessor, CopyState, FaithfulWriter, FreeWriter, Generation, Generator, LanguageModel, Piece, Prompt,
        PromptSettings, SkipCosts, Source, clean_with_prompt, encode_chunk, encode_prompt, encode_source, generate,
        load_model, load_prompt, prompt_chunks,
    )
    from .output import write_text
    from .probe import clean_with_probe
    from .reading import Limits, garbled_pages, read_metadata, read_pdf
    from .review import DIFF_STYLE, Progress, Review, ReviewPanel, diff_table, show_lines, show_page, write_report
    from .rules import tidy_document, tidy_text
    from .runs import Run, list_runs, output_names, output_texts, sidecar_json, sidecar_path
    from .shelf import clean_shelf
    from .spans import Removal
    from .weights import EMBEDDED
    from .widgets import PdfChooser, PromptEditor

__getattr__, __dir__, _names = face(__name__, __file__)
__all__ = ["__version__", *_names]
