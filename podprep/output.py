"""Write files without losing what is there: refuse to overwrite, and replace in one step.

Whatever is forced, an output is never an input, another output, a PDF, a work file or what SQLite keeps beside one,
or anything but a regular file or a new name.
Nothing is created half-written, a file keeps its mode, and a link stays a link: what it leads to is replaced.
"""

import hashlib
import logging
import os
import re
import tempfile
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from itertools import combinations
from pathlib import Path

from .errors import OutputError

Name = str | Path

ENDING = ".podprep"  # of a work file's name
SIDES = ("-journal", "-wal", "-shm")  # what SQLite keeps beside a file, and acts on when it opens that
JOURNAL = bytes.fromhex("d9d505f920a163d7")  # begins a journal, and ends one that names another file

_log = logging.getLogger(__name__)
_LONGEST_NAME = 255  # bytes, in nearly every file system
HEADER_REACH = 1024  # bytes within which readers look for a PDF's header
_WRITING = ".podprep-"  # begins the name of a file that is still being written
_LEFT = re.compile(re.escape(_WRITING) + r"[a-z0-9_]{8}")
_DATABASE = b"SQLite format 3\0"


def check_outputs(
    outputs: Iterable[Name], inputs: Iterable[Name] = (), force: bool = False, own: Container[str] = (),
) -> None:
    """See that files may be written, before any work begins.

    Args:
        outputs: the files to write.
        inputs: what must stay whatever is forced: what is read, and where work is kept.
        force: whether outputs that exist are to be replaced.
        own: as for `check_output`.

    Raises:
        OutputError: as for `check_apart` and `check_output`.
    """
    outputs = list(outputs)
    check_apart(outputs, inputs)
    for output in outputs:
        check_output(output, force, own=own)


def check_apart(outputs: Iterable[Name], inputs: Iterable[Name]) -> None:
    """See that files to be written are none that must stay, nor one another.

    Raises:
        OutputError: one is an input, in a folder that is one, or SQLite's own beside one; or another output.
    """
    places, kept = [named(output) for output in outputs], [Path(path) for path in inputs]
    kept += [path.with_name(path.name + side) for path in kept if path.name for side in SIDES]
    for place in places:
        if any(_same(place, path) or _inside(place, path) for path in kept):
            raise OutputError(f"{place} is what this command works with: choose another name for what is written.")
    for one, other in combinations(places, 2):
        if _same(one, other):
            raise OutputError(f"{other} would be written twice: choose another name for one of the outputs.")


def check_output(
    path: Name, force: bool = False, data: bytes | None = None, source: str = "", own: Container[str] = (),
) -> Path:
    """Return the path if a file may be written there.

    Args:
        path: the file to write.
        force: whether it is replaced if it exists.
        data: what is to be written; a file that holds just that is no obstacle.
        source: SHA-256 of a file that is never replaced, wherever it lies.
        own: SHA-256 of what was written before: a file that still holds it is replaced unasked.

    Raises:
        OutputError: it is a folder, a device, a pipe, a link to nothing, a PDF, a work file or SQLite's own beside
            one, its folder is missing, or the file exists and `force` is false.
    """
    place = named(path)
    try:
        fault = _fault(place, force, data, source, own)
    except OSError as error:
        fault = f"cannot be written ({error.strerror}): choose another name."
    if fault:
        raise OutputError(f"{path} {fault}")
    return place


def named(path: Name) -> Path:
    """A path that can be a file's.

    Raises:
        OutputError: it is a folder's, or none.
    """
    try:
        with suppress(OSError):
            os.lstat(path)
    except ValueError:
        raise OutputError(f"{str(path)!r} is not a possible path: check its name.") from None
    if not Path(path).name or str(path).endswith((os.sep, os.altsep or os.sep)):
        raise OutputError(f"{path} is a folder: name a file inside it.")
    return Path(path)


def write_texts(
    texts: Mapping[Name, str], inputs: Iterable[Name], force: bool = False, source: str = "", own: Container[str] = (),
) -> list[Path]:
    """Write files that belong together, the first of them once all have been seen to be possible.

    `source` and `own` are as for `check_output`.

    Raises:
        OutputError: as for `check_apart` and `check_output`, or the disk refuses.
    """
    check_apart(texts, inputs)
    for path, text in texts.items():
        check_output(path, force, _encoded(text), source, own)
    return [write_bytes(path, _encoded(text), force, source, own) for path, text in texts.items()]


def text_hash(text: str) -> str:
    """SHA-256 of a text as it is written."""
    return hashlib.sha256(_encoded(text)).hexdigest()


def write_text(path: Name, text: str, force: bool = False, source: str = "") -> Path:
    """Write UTF-8 text in one step, as `write_bytes` does.

    Args:
        path: the file.
        text: what it is to hold.
        force: whether a file that exists is replaced.
        source: SHA-256 of the PDF that the text is made of, which is never written over.

    Raises:
        OutputError: as for `check_output`, or the disk refuses.
    """
    return write_bytes(path, _encoded(text), force, source)


def write_bytes(
    path: Name, data: bytes, force: bool = False, source: str = "", own: Container[str] = (),
) -> Path:
    """Write a file in one step: it is there whole, or not at all; once this returns it survives a power cut.

    Raises:
        OutputError: as for `check_output`, or the disk refuses.
    """
    path = check_output(path, force, data, source, own)
    if not force and path.exists() and path.read_bytes() == data:
        return path
    try:
        place = Path(os.path.realpath(path))
        try:
            _put(place, data)
        except FileNotFoundError:  # swept away, as if a kill had left it
            _put(place, data)
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}): check permissions and free space.") from None
    _log.info("wrote %s, %d bytes", path, len(data))
    return path


def _put(place: Path, data: bytes) -> None:
    """Put a file in its place in one step."""
    mode = place.stat().st_mode & 0o777 if place.exists() else _usual_mode()
    handle, scratch = tempfile.mkstemp(dir=place.parent, prefix=_WRITING)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(scratch, mode)
        os.replace(scratch, place)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(scratch)
        raise


def sweep(folder: Path, before: float) -> None:
    """Remove from a folder what killed writes left there before a time; a slow one that lives begins anew."""
    with suppress(OSError), os.scandir(folder) as found:
        for one in found:
            if _LEFT.fullmatch(one.name) and one.is_file(follow_symlinks=False) and one.stat().st_mtime < before:
                os.unlink(one)


def fitting_name(stem: str, ending: str) -> str:
    """A file's name from a stem, which is cut where the name would be longer than file systems take."""
    while len(os.fsencode(stem + ending)) > _LONGEST_NAME:
        stem = stem[:-1]
    return stem + ending


def _fault(path: Path, force: bool, data: bytes | None, source: str, own: Container[str]) -> str:
    """What forbids to write here, as the rest of a sentence; nothing if it may be."""
    place = Path(os.path.realpath(path))
    owner = Path(re.sub(f"({'|'.join(SIDES)})$", "", str(place)))
    if owner.suffix.lower() == ENDING or (owner != place and owner.is_file() and _is_database(owner)):
        return "is a work file, or is named as one or as what belongs to one: choose another name."
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
    if is_pdf(place):
        return "is a PDF: choose another name."
    if _is_database(place):
        return "is a work file: choose another name."
    if not force and (data is None or path.read_bytes() != data) and _hash_of(path) not in own:
        return "exists: choose another name, or replace it with --force (in Python: force=True)."
    if source and _hash_of(path) == source:
        return "is the file that the text comes from: choose another name."
    return ""


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_database(path: Path) -> bool:
    """Whether a file is SQLite's, or is still empty while what will stand in it is in its journal."""
    start = _start(path)
    return start.startswith((_DATABASE, JOURNAL)) or (not start and os.path.lexists(f"{path}-journal"))


def is_pdf(path: Path) -> bool:
    """Whether a file is a PDF, to those who read them."""
    return b"%PDF-" in _start(path)


def _start(path: Path) -> bytes:
    """A file's first bytes. Where this process has it open they are read there: to open a work file anew, and close it
    again, would drop the locks that a run in this process holds on it.
    """
    found = path.stat()
    with suppress(FileNotFoundError):  # there is no such folder where locks are not dropped in this way
        for number in map(int, os.listdir("/dev/fd")):
            with suppress(OSError):
                if os.path.samestat(os.fstat(number), found):
                    return os.pread(number, HEADER_REACH, 0)
    with path.open("rb") as file:
        return file.read(HEADER_REACH)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _inside(path: Path, folder: Path) -> bool:
    return os.path.isdir(folder) and Path(os.path.realpath(folder)) in Path(os.path.realpath(path)).parents


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
