"""Exceptions of the package.

Each message is one sentence that names the file or setting at fault, followed by what to do next.
The command line prints the message and exits with status 1; nothing here prints or exits.
"""

from collections.abc import Sequence
from pathlib import Path


class PodprepError(Exception):
    """Base class of every error that podprep raises on purpose."""


class PdfError(PodprepError):
    """A PDF that cannot be read: missing, empty, damaged, encrypted, without pages, or beyond the limits."""


class NoTextError(PdfError):
    """A PDF that can be opened but whose pages hold no text, such as a scan."""


class OcrError(PodprepError):
    """Pages that are to be recognised, and something that this needs is not installed."""


class PageRangeError(PodprepError):
    """A page selection that is malformed or names pages the document does not have."""


class ModelError(PodprepError):
    """A language model that cannot be found, fetched or loaded."""


class SettingsError(PodprepError):
    """A setting outside its allowed values, such as an unknown engine or cleaner."""


class RunError(PodprepError):
    """A work file that is in use, damaged, or was started with other settings or another PDF."""


class OutputError(PodprepError):
    """An output that cannot be written, or that exists and was not to be overwritten."""


class ReviewError(PodprepError):
    """A decision that names no chunk or no removal."""


def require_known(what: str, name: str, choices: Sequence[str]) -> None:
    """See that a name is one of the choices.

    Raises:
        SettingsError: it is not; the message says what it should have been.
    """
    if name not in choices:
        raise SettingsError(f"Unknown {what} {name!r}: choose one of {', '.join(choices)}.")


def sentence(error: Exception) -> str:
    """What went wrong, and what to do, for any exception."""
    if isinstance(error, PodprepError):
        return str(error)
    if isinstance(error, MemoryError):
        return "memory ran out: close other programs, or choose fewer pages with --pages."
    if isinstance(error, OSError):
        place = error.filename or "standard output"
        return f"{place} cannot be used ({error.strerror}): check permissions and free space."
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "podprep"
    return f"a mistake of podprep's own ({type(error).__name__} at {place}: {error}): please report it."
