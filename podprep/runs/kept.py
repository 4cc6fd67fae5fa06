"""Put what any cleaner made into a work file: what was not cleaned in a run can be kept and reviewed as well."""

from contextlib import suppress
from pathlib import Path

from .. import __version__
from ..cleaned import Cleaned
from ..errors import OutputError, PdfError, RunError
from .database import is_new
from .manifest import find_pdf
from .run import Run
from .store import Manifest, Plan, WorkFile


def keep_cleaned(cleaned: Cleaned, file: str | Path) -> Run:
    """Put a cleaned document into a new work file, with its PDF where that is found, as a finished run.

    Raises:
        OutputError: the file exists, or the disk refuses; then nothing is left of it.
        RunError: something else than a file is there.
    """
    path, document = Path(file), cleaned.document
    if not is_new(path):
        raise OutputError(f"{path} exists: choose another name, or open it with Run.open.")
    settings = {"engine": document.engine, "cleaner": cleaned.cleaner, "podprep": __version__, **cleaned.settings}
    manifest = Manifest(str(document.path), document.sha256, settings)
    with WorkFile.opened(path, alone=True) as work, work.together():
        work.begin_about(manifest)
        with suppress(PdfError):
            work.keep_pdf(find_pdf(path, manifest, document.path))
        work.keep_fact("cleaner", cleaned.settings)
        numbers, beside = ([page.number for page in pages] for pages in (document.pages, document.beside))
        work.begin_reading(Plan(document.metadata, numbers, beside))
        for page in (*document.pages, *document.beside):
            work.add_page(page)
        work.keep_chunks([chunk.chunk for chunk in cleaned.chunks])
        for chunk in cleaned.chunks:
            work.add_cleaned(chunk)
        work.finish(cleaned.text)
    return Run(path, manifest)


def run_of(cleaned: Cleaned, file: str | Path) -> Run:
    """The finished run in a work file about the same PDF, whatever cleaned it; made of `cleaned` if it is not there.

    Raises:
        OutputError: the disk refuses.
        RunError: the file is about another PDF, not finished, damaged or in use.
    """
    path = Path(file)
    if is_new(path):
        return keep_cleaned(cleaned, path)
    run = Run.open(path)
    run.require_finished("review it")
    if run.sha256 != cleaned.document.sha256:
        raise RunError(f"{path} is about another PDF ({run.pdf}): name another file.")
    return run
