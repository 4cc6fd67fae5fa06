"""What a person decides about chunks, as a log of entries, and what can stand decided about one.

Entries are added to the log with time and author, and never changed: in a work file, where once `append` returns they
survive a kill and a power cut, or in memory. What the entries add up to is found in `chart`.
"""

import getpass
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from ..spans import Span
from .store import WorkFile

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody remarked on a chunk, who, and when (ISO 8601, UTC)."""

    text: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Version:
    """What one of two people who do not agree made of a chunk: who, its status and its text."""

    by: str
    status: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a chunk stands.

    Attributes:
        status: "open", "accepted", "raw" (kept raw) or "edited".
        restored: spans taken back from the removals, in offsets of the document's text.
        text: the person's own text, where edited.
        struck: spans that a person took out, in offsets of the document's text.
        kinds: spans whose removals a person gave another kind, with that kind, the latest last.
        comments: what was remarked, in order.
        versions: what two people made of it who do not agree, until somebody decides.
        as_written: keys of the repairs for the ear that a person left out, see `Repair.key`.
    """

    status: str = "open"
    restored: tuple[Span, ...] = ()
    text: str = ""
    struck: tuple[Span, ...] = ()
    kinds: tuple[tuple[Span, str], ...] = ()
    comments: tuple[Comment, ...] = ()
    versions: tuple[Version, ...] = ()
    as_written: tuple[str, ...] = ()

    @property
    def by_person(self) -> bool:
        """Whether the chunk's text is no longer the cleaner's own."""
        return self.status in ("raw", "edited") or bool(self.restored or self.struck)

    @property
    def wordless(self) -> "Decision":
        """The decision without comments, which decide nothing."""
        return replace(self, comments=())


OPEN = Decision()


class Log:
    """What people decided about one document, in order.

    Args:
        path: the work file, or None to keep the entries in memory.
        author: who decides; the user's login name by default.
    """

    def __init__(self, path: Path | None = None, author: str | None = None) -> None:
        self.path, self.author = path, author or _login()
        self.entries: list[Entry] = []
        self._outputs: set[str] = set()
        self.refresh()

    def refresh(self) -> None:
        """Read what was added to the file, by this log or another one.

        Raises:
            RunError: the file is damaged or in use.
        """
        if self.path is not None:
            with WorkFile.opened(self.path) as work:
                self.entries += work.decisions(len(self.entries))

    def append(self, *entries: Entry) -> None:
        """Add entries, all or none; one that says not yet when and by whom does so now, and gets a mark of its own.

        Raises:
            OutputError: the disk refuses; nothing has been decided then.
            RunError: the file is damaged or in use.
        """
        now = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "by": self.author}
        made = [entry if "by" in entry else {**entry, **now, "mark": token_hex(6)} for entry in entries]
        if self.path is None:
            self.entries += made
            return
        with WorkFile.opened(self.path) as work:
            self.entries += work.decide(*made, known=len(self.entries))

    @property
    def outputs(self) -> frozenset[str]:
        """SHA-256 of each text that was written of this document."""
        if self.path is not None:
            with WorkFile.opened(self.path) as work:
                self._outputs.update(work.fact("outputs", list[str]) or ())
        return frozenset(self._outputs)

    def keep_outputs(self, hashes: Iterable[str]) -> None:
        """Remember texts that were written, so that they may be replaced by newer ones as long as nobody changes them.

        Raises:
            OutputError: the disk refuses.
            RunError: the file is damaged or in use.
        """
        before = self.outputs
        self._outputs.update(hashes)
        if self.path is not None and self._outputs != before:
            with WorkFile.opened(self.path) as work:
                work.keep_fact("outputs", sorted(self._outputs))


def _login() -> str:
    """The user's login name, where the system tells one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as in some containers
        return "unknown"
