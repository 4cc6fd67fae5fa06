"""Files as they are named: there, of a kind that can be read again, not empty. What is in them is not looked at."""

import stat
from pathlib import Path

from ..errors import PdfError

_KINDS = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}


def read_file(path: Path) -> bytes:
    """The bytes of a file that is there and not empty.

    Raises:
        PdfError: it is missing, a folder, empty, or not to be read.
    """
    check_file(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None


def check_file(path: Path) -> None:
    """See that a file is there, of the kind that can be read again, and not empty.

    Raises:
        PdfError: it is missing, a folder, a device, a pipe, a socket or empty.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise PdfError(f"{path} is a folder: name a PDF file inside it.")
        if not stat.S_ISREG(found.st_mode):
            kind = _KINDS.get(stat.S_IFMT(found.st_mode), "device")
            raise PdfError(f"{path} is a {kind}, not a file: save the PDF to a file and name that.")
        if found.st_size == 0:
            raise PdfError(f"{path} is empty (0 bytes): copy or download it again.")
    except FileNotFoundError:
        raise PdfError(f"{path} does not exist: check the path.") from None
    except ValueError:
        raise PdfError(f"{str(path)!r} is not a possible path: check its name.") from None
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> PdfError:
    return PdfError(f"{path} cannot be read ({error.strerror}): check its permissions.")
