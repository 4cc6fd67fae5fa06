"""A file of JSON lines that grows record by record, each on disk before the call returns.

A line that a kill tore off is not read, and is cut off before the next one is written. Only what
can be made again is kept this way: what a person decided is never cut.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import OutputError

Record = dict[str, Any]


class JsonLines:
    """Records in a file; a file that does not exist holds none."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __iter__(self) -> Iterator[Record]:
        """Yield the records up to the first that is torn."""
        yield from (record for record, _ in self._read())

    def count(self) -> int:
        """Number of whole lines, without reading what they say."""
        try:
            with self.path.open("rb") as file:
                return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
        except OSError:
            return 0

    def mend(self) -> None:
        """Cut off what is torn.

        Raises:
            OutputError: the disk refuses.
        """
        end = max((end for _, end in self._read()), default=0)
        if self.path.exists() and self.path.stat().st_size > end:
            self._change(lambda: os.truncate(self.path, end))

    def append(self, record: Record) -> None:
        """Add a record; once this returns it survives a kill and a power cut.

        Raises:
            OutputError: the disk refuses; what stood in the file before is whole.
        """
        line = json.dumps(record, separators=(",", ":")).encode() + b"\n"
        self._change(lambda: self._write(line))

    def _write(self, line: bytes) -> None:
        with self.path.open("ab", buffering=0) as file:
            before = file.tell()
            try:
                if file.write(line) < len(line):
                    raise OSError(28, "No space left on device")
                os.fsync(file.fileno())
            except BaseException:
                file.truncate(before)
                raise

    def _change(self, change: Any) -> None:
        try:
            change()
        except OSError as error:
            raise OutputError(
                f"{self.path} cannot be written ({error.strerror}): free some space or check permissions, "
                "then run the same again; it goes on where it stopped."
            ) from None

    def _read(self) -> Iterator[tuple[Record, int]]:
        """Yield each whole record and the offset after it."""
        end = 0
        try:
            with self.path.open("rb") as file:
                for line in file:
                    end += len(line)
                    if not line.endswith(b"\n"):
                        return
                    yield json.loads(line), end
        except (FileNotFoundError, NotADirectoryError, ValueError):  # no file yet, or a torn line
            return
