"""What a run is bound to, its PDF and every setting and version that decides the outcome, and where the two lie.

Makes the manifest, compares it with the one in a work file, and finds the file and the PDF by it. Keeping it is in
`store`, running in `run`.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import count
from pathlib import Path

from .. import __version__
from ..cleaners import CleanerOptions, known_settings
from ..errors import PdfError, RunError
from ..output import ENDING, fitting_name
from ..reading import DEFAULT_LIMITS, Limits, Ocr, check_file
from .database import damaged, is_new
from .store import Manifest, WorkFile

_PACKAGES = {"probe": ("numpy",), "prompt": ("torch", "transformers"), "tidy": ()}
_ENGINES = {"pdfium": "pypdfium2", "pypdf2": "PyPDF2"}


class DifferentRunError(RunError):
    """A work file about another PDF, or with other settings.

    Args:
        what: that, as the beginning of a sentence.
        advice: how it ends.
    """

    def __init__(self, what: str, advice: str = "choose another file") -> None:
        super().__init__(f"{what}: {advice}.")
        self.what = what


class OtherPdfError(DifferentRunError):
    """A work file about another PDF."""


@dataclass(frozen=True)
class Reading:
    """How a run's PDF is opened; of this, only the name (or the address), engine, pages, OCR and the hash are kept."""

    pdf: Path
    engine: str = "pdfium"
    pages: str | None = None
    password: str | None = None
    limits: Limits | None = DEFAULT_LIMITS
    ocr: Ocr = field(default_factory=Ocr)
    address: str = ""
    sha256: str = ""

    @property
    def name(self) -> str:
        """The PDF as it was named: its address if it was fetched, else its path."""
        return self.address or str(self.pdf)


def new_manifest(reading: Reading, options: CleanerOptions) -> Manifest:
    """What a run is bound to: the file, the settings, the versions of all that decides the outcome."""
    packages = (_ENGINES.get(reading.engine, ""), *(() if options.server else _PACKAGES.get(options.cleaner, ())))
    settings = {
        "engine": reading.engine, "pages": reading.pages or "all", **reading.ocr.settings, **known_settings(options),
        "podprep": __version__, **{name: version(name) for name in packages if name},
    }
    return Manifest(reading.name, reading.sha256 or _hash(reading.pdf), settings)


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
        DifferentRunError: it is not; the message names what differs. `OtherPdfError` if the PDF does.
    """
    if found.sha256 != wanted.sha256:
        raise OtherPdfError(f"{path} holds a run of another PDF ({found.pdf})")
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
        raise DifferentRunError(f"{path} was started with other settings ({differences})")


def default_file(beside: Path, wanted: Manifest) -> Path:
    """The work file named after the PDF; where a run of another PDF or with other settings lies there, the next.

    Raises:
        RunError: the file that would be gone on with is damaged, in use, or no work file.
    """
    for number in count(1):
        ending = ENDING if number == 1 else f"-{number}{ENDING}"
        name = fitting_name(Path(wanted.pdf).stem, ending + "-journal")  # SQLite's own name has to fit beside it
        path = beside / name.removesuffix("-journal")
        if is_new(path):
            return path
        try:
            with WorkFile.opened(path) as work:
                require_same(path, work.manifest, wanted)
            return path
        except DifferentRunError:
            continue
    raise AssertionError("count ends nowhere")


def find_pdf(file: Path, manifest: Manifest, named: Path) -> Path:
    """The PDF that a work file is about: where it was, or beside the file.

    Raises:
        PdfError: neither is that PDF.
    """
    for path in (named, Path(manifest.pdf), file.parent / Path(manifest.pdf).name):
        with suppress(PdfError):  # to read a work file beside SQLite would drop this process's locks on it
            if path.suffix != ENDING and _hash(path) == manifest.sha256:
                return path
    raise PdfError(f"{named} is gone or has changed since it was read: put the PDF beside {file}, or name it (pdf=).")


@contextmanager
def pdf_of(file: Path, manifest: Manifest, named: Path) -> Iterator[Path]:
    """The PDF of a work file, unpacked into a folder of its own for as long as the block lasts, or found.

    Raises:
        PdfError: the file does not hold it, and it is not found.
    """
    with tempfile.TemporaryDirectory(prefix="podprep-") as folder:
        unpacked = Path(folder) / "work.pdf"
        digest = hashlib.sha256()
        with WorkFile.opened(file) as work, unpacked.open("wb") as pdf:
            for piece in work.pdf():
                pdf.write(piece)
                digest.update(piece)
        held = unpacked.stat().st_size > 0
        if held and digest.hexdigest() != manifest.sha256:
            raise damaged(file, "the PDF in it is not the one that was read")
        yield unpacked if held else find_pdf(file, manifest, named)
