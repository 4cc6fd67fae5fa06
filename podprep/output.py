"""Write files without losing what is there: refuse to overwrite, and replace in one step.

Used for clean text and reports. Nothing is created half-written.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .errors import OutputError


def check_output(path: str | Path, force: bool = False) -> Path:
    """Return the path if a file may be written there.

    Raises:
        OutputError: it is a folder, its folder is missing, or the file exists and `force` is false.
    """
    path = Path(path)
    if path.is_dir():
        raise OutputError(f"{path} is a folder: name a file inside it.")
    if not path.parent.is_dir():
        raise OutputError(f"{path.parent} does not exist: create the folder or choose another output.")
    if path.exists() and not force:
        raise OutputError(f"{path} exists: choose another name, or replace it with --force (in Python: force=True).")
    return path


def write_text(path: str | Path, text: str, force: bool = False) -> Path:
    """Write UTF-8 text in one step: the file is there whole, or not at all.

    Raises:
        OutputError: as for `check_output`, or the disk refuses.
    """
    return write_bytes(path, text.encode("utf-8", "replace"), force)


def write_bytes(path: str | Path, data: bytes, force: bool = False) -> Path:
    """Write a file in one step; once this returns it survives a power cut.

    Raises:
        OutputError: as for `check_output`, or the disk refuses.
    """
    path = check_output(path, force)
    try:
        handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(scratch, _usual_mode())
            os.replace(scratch, path)
        except BaseException:
            os.unlink(scratch)
            raise
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}): check permissions and free space.") from None
    return path


def _usual_mode() -> int:
    """The mode a new file gets; temporary files are made private."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
