"""What a run is bound to: its PDF and every setting and version that decides the outcome.

Makes the manifest, and compares it with the one in a work file. Keeping it is in `store`, running in `run`.
"""

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from .. import __version__
from ..cleaners import CleanerOptions, known_settings
from ..errors import PdfError, RunError
from ..reading import DEFAULT_LIMITS, Limits, check_file
from .store import Manifest

_PACKAGES = {"probe": ("torch", "transformers"), "prompt": ("torch", "transformers"), "tidy": ()}
_ENGINES = {"pdfium": "pypdfium2", "pypdf2": "PyPDF2"}


class DifferentRunError(RunError):
    """A work file about another PDF, or with other settings."""


@dataclass(frozen=True)
class Reading:
    """How a run's PDF is opened; of this, only the name, engine and pages are kept."""

    pdf: Path
    engine: str = "pdfium"
    pages: str | None = None
    password: str | None = None
    limits: Limits | None = DEFAULT_LIMITS


def new_manifest(reading: Reading, options: CleanerOptions) -> Manifest:
    """What a run is bound to: the file, the settings, the versions of all that decides the outcome."""
    packages = (_ENGINES.get(reading.engine, ""), *_PACKAGES[options.cleaner])
    settings = {
        "engine": reading.engine, "pages": reading.pages or "all", **known_settings(options),
        "podprep": __version__, **{name: version(name) for name in packages if name},
    }
    return Manifest(str(reading.pdf), _hash(reading.pdf), settings)


def _hash(path: Path) -> str:
    """SHA-256 of a file, which is not held in memory.

    Raises:
        PdfError: it is missing, a folder, empty, or not to be read.
    """
    check_file(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise PdfError(f"{path} cannot be read ({error.strerror}): check its permissions.") from None


def require_same(path: Path, found: Manifest, wanted: Manifest) -> None:
    """See that a work file is about the same PDF and settings.

    Raises:
        DifferentRunError: it is not; the message names what differs.
    """
    if found.sha256 != wanted.sha256:
        raise DifferentRunError(f"{path} holds a run of another PDF ({found.pdf}): choose another file.")
    refuse_differences(path, found.settings, wanted.settings)


def refuse_differences(path: Path, found: dict[str, str], wanted: dict[str, str]) -> None:
    """See that two sets of settings are the same.

    Raises:
        DifferentRunError: they are not; the message names what differs.
    """
    both = [name for name in found if name in wanted and found[name] != wanted[name]]
    names = both or sorted(found.keys() ^ wanted.keys())  # settings that come with another cleaner need no mention
    if names:
        differences = ", ".join(f"{n} was {found.get(n, 'not set')} and is {wanted.get(n, 'not set')}" for n in names)
        raise DifferentRunError(f"{path} was started with other settings ({differences}): choose another file.")
