"""Rows under seal: what was torn, edited, or taken from another file is found and never passed on.

Each row's seal is a hash over its table, its key and what it says, and over what the file is about, so that
it fits in no other place. A seal keeps accidents out and not forgers, who can make one as well as podprep
can. What the rows mean is in `store`.
"""

import hashlib
import json
import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from ..reading import from_record, to_record
from .database import damaged

_PACE = 0.5  # seconds of work that a kill may cost
_ABOUT = "manifest"  # the fact that binds all other rows
_LATER = ("finished", "last decision", "outputs")  # facts written after a digest was made
T = TypeVar("T")


class SealedRows:
    """The rows of an open database, each with its key and seal.

    Args:
        path: the file, to name it in errors.
        database: the connection, which begins no transaction by itself.
    """

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self.path, self._database = path, database
        self._saved, self._half = time.monotonic(), False

    def begin(self) -> None:
        """Begin to write, unless that has begun already."""
        if not self._database.in_transaction:
            self._database.execute("BEGIN IMMEDIATE")

    def save(self) -> None:
        """Commit what was written since the last time, unless it is half of what belongs together."""
        if self._database.in_transaction and not self._half:
            self._database.execute("COMMIT")
        self._saved = time.monotonic()

    def end(self) -> None:
        """Save, however the work ended; half of what belongs together is taken back, and tables without a row."""
        if self._database.in_transaction and (self._half or not self.count("facts")):
            self._database.execute("ROLLBACK")
        self._half = False
        self.save()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write what belongs together: all of it is kept, or, where anything stops the block, nothing.

        What was written before and not yet saved goes with it.
        """
        if self._half:  # a part of something larger
            yield
            return
        self._half = True  # first, so that an interrupt at any place finds it said
        try:
            self.begin()
            yield
            self._half = False
        finally:
            self.end()

    def save_soon(self) -> None:
        """Commit from time to time: each one waits for the disk."""
        if time.monotonic() - self._saved > _PACE:
            self.save()

    def put(self, table: str, key: str | int, data: bytes) -> None:
        """Write a row, in place of one with the same key."""
        self.begin()
        row = (key, data, self._seal(table, key, data))
        self._database.execute(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", row)

    def clear(self, table: str) -> None:
        """Remove all rows of a table."""
        self.begin()
        self._database.execute(f"DELETE FROM {table}")

    def count(self, table: str) -> int:
        """Number of rows of a table."""
        return int(self._database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def rows(self, table: str, key: str | int | None = None) -> Iterator[tuple[Any, bytes]]:
        """Yield key and data of all rows by key, or of the one with a key.

        Raises:
            RunError: one is not the row that was written.
        """
        query, values = f"SELECT key, data, seal FROM {table}", () if key is None else (key,)
        query += " ORDER BY key" if key is None else " WHERE key = ?"
        for found, data, seal in self._database.execute(query, values):
            if not isinstance(data, bytes) or seal != self._seal(table, found, data):
                raise damaged(self.path, f"a row of {table} has changed")
            yield found, data

    def digest(self, *tables: str) -> str:
        """A hash over all rows of some tables, by their seals, and over the facts that no longer change."""
        query = f"SELECT 'facts', key, seal FROM facts WHERE key NOT IN {_LATER}"
        query += "".join(f" UNION ALL SELECT '{table}', key, seal FROM {table}" for table in tables)
        return hash_of(repr(sorted(map(repr, self._database.execute(query)))))

    def parsed(self, data: bytes, kind: type[T]) -> T:
        """What `as_json` made the data of.

        Raises:
            RunError: it has not the shape of that class.
        """
        try:
            return from_record(json.loads(data, parse_float=_finite, parse_constant=_finite), kind)
        except (ValueError, RecursionError) as error:
            raise damaged(self.path, str(error)) from None

    @cached_property
    def _about(self) -> bytes:
        found = self._database.execute("SELECT seal FROM facts WHERE key = ?", (_ABOUT,)).fetchone()
        return str(found and found[0]).encode("utf-8", "surrogatepass")

    def _seal(self, table: str, key: str | int, data: bytes) -> str:
        about = b"" if key == _ABOUT else self._about
        return hash_of(f"{table} {key} ".encode("utf-8", "surrogatepass") + about + data)[:16]


def as_json(value: Any) -> bytes:
    """A dataclass or plain values, as JSON in ASCII."""
    return json.dumps(to_record(value), separators=(",", ":")).encode()


def hash_of(value: str | bytes) -> str:
    """SHA-256 as hex digits."""
    data = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()


def _finite(number: str) -> float:
    """A number as it is written, if it is one that can be counted with: podprep writes no other."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(f"{number} is no number")
    return value
