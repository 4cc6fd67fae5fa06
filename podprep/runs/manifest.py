"""What a run is bound to: its PDF and every setting and version that decides the outcome.

Makes the manifest, compares it with the one in a folder, and finds the default folder. Files are in
`run_folder`, running in `runs`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from itertools import count
from pathlib import Path

from .. import __version__
from ..cleaners import CleanerOptions, known_settings
from ..errors import PdfError, RunError
from ..reading import DEFAULT_LIMITS, Limits, Record, check_file
from .store import RunFolder

_PACKAGES = {"probe": ("torch", "transformers"), "prompt": ("torch", "transformers"), "tidy": ()}
_ENGINES = {"pdfium": "pypdfium2", "pypdf2": "PyPDF2"}


@dataclass(frozen=True)
class Reading:
    """How a run's PDF is opened; of this, only engine and pages are kept in the folder."""

    pdf: Path
    engine: str = "pdfium"
    pages: str | None = None
    password: str | None = None
    limits: Limits | None = DEFAULT_LIMITS


def new_manifest(reading: Reading, options: CleanerOptions) -> Record:
    """What a run is bound to: the file, the settings, the versions of all that decides the outcome."""
    packages = (_ENGINES.get(reading.engine, ""), *_PACKAGES[options.cleaner])
    settings = {
        "engine": reading.engine, "pages": reading.pages or "all", **known_settings(options),
        "podprep": __version__, **{name: version(name) for name in packages if name},
    }
    return {"pdf": str(reading.pdf), "sha256": _hash(reading.pdf), "settings": settings}


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


def default_folder(beside: Path, wanted: Record) -> Path:
    """The folder named after the PDF and its hash; where a run with other settings lies there, the next free one."""
    name = f"{Path(wanted['pdf']).stem}-{wanted['sha256'][:8]}"
    for number in count(1):
        folder = beside / (f"{name}.run" if number == 1 else f"{name}-{number}.run")
        try:
            found = RunFolder(folder).read_manifest()
            if found is not None:
                require_same(folder, found, wanted)
            return folder
        except RunError:
            continue
    raise AssertionError("count ends nowhere")


def require_same(folder: Path, found: Record, wanted: Record) -> None:
    """See that a folder's run is of the same PDF and settings.

    Raises:
        RunError: it is not; the message names what differs.
    """
    if found["sha256"] != wanted["sha256"]:
        raise RunError(f"{folder} holds a run of another PDF ({found['pdf']}): choose another folder.")
    refuse_differences(folder, found["settings"], wanted["settings"])


def refuse_differences(folder: Path, found: dict[str, str], wanted: dict[str, str]) -> None:
    """See that two sets of settings are the same.

    Raises:
        RunError: they are not; the message names what differs.
    """
    both = [name for name in found if name in wanted and found[name] != wanted[name]]
    names = both or sorted(found.keys() ^ wanted.keys())  # settings that come with another cleaner need no mention
    if names:
        differences = ", ".join(f"{n} was {found.get(n, 'not set')} and is {wanted.get(n, 'not set')}" for n in names)
        raise RunError(f"{folder} was started with other settings ({differences}): choose another folder.")
