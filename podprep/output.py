"""Write files without losing what is there: refuse to overwrite, and replace in one step.

Whatever is forced, an output is never an input, another output, a PDF, a work file, or anything but a regular file or
a new name.
Nothing is created half-written, and a link stays a link: what it leads to is replaced.
"""

import logging
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from itertools import combinations
from pathlib import Path

from .errors import OutputError

_log = logging.getLogger(__name__)
_LONGEST_NAME = 255  # bytes, in nearly every file system


def check_outputs(outputs: Sequence[str | Path], inputs: Sequence[str | Path] = (), force: bool = False) -> None:
    """See that files may be written, before any work begins.

    Args:
        outputs: the files to write.
        inputs: what must stay whatever is forced: what is read, and where work is kept.
        force: whether outputs that exist are to be replaced.

    Raises:
        OutputError: as for `check_output`, or one of them is an input or another of them.
    """
    for output in outputs:
        if any(_same(Path(output), Path(kept)) for kept in inputs):
            raise OutputError(f"{output} is what this command works with: choose another name for the output.")
        check_output(output, force)
    for one, other in combinations(outputs, 2):
        if _same(Path(one), Path(other)):
            raise OutputError(f"{other} would be written twice: choose another name for one of the outputs.")


def check_output(path: str | Path, force: bool = False) -> Path:
    """Return the path if a file may be written there.

    Raises:
        OutputError: it is a folder, a device, a pipe, a link to nothing, a PDF or a work file, its folder is missing,
            or the file exists and `force` is false.
    """
    path = Path(path)
    try:
        fault = _fault(path, force)
    except OSError as error:
        fault = f"cannot be written ({error.strerror}): choose another name."
    except ValueError:
        raise OutputError(f"{str(path)!r} is not a possible path: check its name.") from None
    if fault:
        raise OutputError(f"{path} {fault}")
    return path


def write_text(path: str | Path, text: str, force: bool = False) -> Path:
    """Write UTF-8 text in one step: the file is there whole, or not at all; once this returns it survives a power cut.

    Raises:
        OutputError: as for `check_output`, or the disk refuses.
    """
    path, data = check_output(path, force), text.encode("utf-8", "replace")
    try:
        place = Path(os.path.realpath(path))
        handle, scratch = tempfile.mkstemp(dir=place.parent, prefix=".podprep-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(scratch, _usual_mode())
            os.replace(scratch, place)
        except BaseException:
            os.unlink(scratch)
            raise
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}): check permissions and free space.") from None
    _log.info("wrote %s, %d bytes", path, len(data))
    return path


def fitting_name(stem: str, ending: str) -> str:
    """A file's name from a stem, which is cut where the name would be longer than file systems take."""
    while len(os.fsencode(stem + ending)) > _LONGEST_NAME:
        stem = stem[:-1]
    return stem + ending


def _fault(path: Path, force: bool) -> str:
    """What forbids to write here, as the rest of a sentence; nothing if it may be."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        there = path.parent.is_dir()
        return "" if there else "has a folder that does not exist: create the folder or choose another output."
    if path.is_dir():
        return "is a folder: name a file inside it."
    if not path.exists():
        return "is a link to nothing: remove it, or choose another name."
    if not path.is_file():
        return "is no regular file: choose another name, or - for standard output."
    if not force:
        return "exists: choose another name, or replace it with --force (in Python: force=True)."
    with path.open("rb") as file:
        start = file.read(16)
    source = "a PDF" if start.startswith(b"%PDF-") else "a work file" if start == b"SQLite format 3\0" else ""
    return f"is {source}: choose another name." if source else ""


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one file, be it by a link, or would be once it is written."""
    with suppress(OSError):
        return one.samefile(other)
    return os.path.realpath(one) == os.path.realpath(other)


def _usual_mode() -> int:
    """The mode a new file gets; temporary files are made private."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
