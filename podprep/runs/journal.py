"""A journal: JSON lines appended one by one, each on disk before the call returns.

Nothing that stands in it is ever changed. A line that a kill tore off is skipped when reading, and
is ended before the next line is written, so that neither an earlier nor a later line suffers.
What the entries mean is in `decisions`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ..errors import OutputError, ReviewError

Entry = dict[str, Any]


class Journal:
    """Entries in a file, or in memory where there is no path.

    A line that cannot be read counts as an empty entry, so that an entry's number is its line's.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        """Read what is there; a file that does not exist is an empty journal.

        Raises:
            ReviewError: the path cannot be read.
        """
        self.path = None if path is None else Path(path)
        self._lines: list[Entry] = []
        self._tail: Entry = {}  # of a last line without a line end
        self._read = 0  # bytes of the file that `_lines` stands for
        self.refresh()

    @property
    def entries(self) -> list[Entry]:
        """All entries read and written so far, in order."""
        return [*self._lines, self._tail] if self._tail else self._lines

    def refresh(self) -> None:
        """Read what was added to the file, by this journal or another one.

        Raises:
            ReviewError: the path cannot be read.
        """
        if self.path is None:
            return
        try:
            with open(self.path, "rb") as file:
                file.seek(self._read)
                added = file.read()
        except FileNotFoundError:
            return
        except OSError as error:
            raise ReviewError(f"{self.path} cannot be read ({error.strerror}): name a journal file.") from None
        *lines, tail = added.split(b"\n")
        self._read += len(added) - len(tail)
        self._lines += map(_parsed, lines)
        self._tail = _parsed(tail)

    def append(self, entry: Entry) -> None:
        """Add one entry; once this returns it survives a kill and a power cut.

        Raises:
            OutputError: the disk refuses; nothing has been decided then.
        """
        if self.path is None:
            self._lines.append(entry)
        else:
            line = json.dumps(entry, separators=(",", ":")).encode("ascii") + b"\n"
            try:
                self._write(self.path, line)
            except OSError as error:
                reason = f"({error.strerror}): check permissions and free space"
                raise OutputError(f"{self.path} cannot be written {reason}; the decision was not taken.") from None
            self.refresh()

    def _write(self, path: Path, line: bytes) -> None:
        created = not path.exists()
        with open(path, "ab+", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            if size:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    line = b"\n" + line
            file.write(line)
            os.fsync(file.fileno())
        if created:
            _sync_folder(path.parent)


def _parsed(line: bytes) -> Entry:
    """The entry of one line, empty if the line is torn or is no JSON object."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return entry if isinstance(entry, dict) else {}


def _sync_folder(folder: Path) -> None:
    """Make a new file's name survive a power cut, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
