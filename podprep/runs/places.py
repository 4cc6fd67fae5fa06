"""Where a run's work file lies by default, where its PDF is found, and which work files a folder holds."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from ..errors import PdfError
from ..output import fitting_name
from .database import damaged, is_new
from .manifest import DifferentRunError, require_same
from .store import Manifest, WorkFile

ENDING = ".podprep"


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
        try:
            with path.open("rb") as pdf:
                if hashlib.file_digest(pdf, "sha256").hexdigest() == manifest.sha256:
                    return path
        except OSError:
            continue
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
