"""The log of decisions: entries are added one by one, with time and author, and never changed.

Kept in a work file, where once `append` returns an entry survives a kill and a power cut, or in memory.
What the entries mean is in `decisions`.
"""

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .store import WorkFile

Entry = dict[str, Any]


class Log:
    """What people decided about one document, in order.

    Args:
        path: the work file, or None to keep the entries in memory.
        author: who decides; the user's login name by default.
    """

    def __init__(self, path: Path | None = None, author: str | None = None) -> None:
        self.path, self.author = path, author or _login()
        self.entries: list[Entry] = []
        self.refresh()

    def refresh(self) -> None:
        """Read what was added to the file, by this log or another one.

        Raises:
            RunError: the file is damaged or in use.
        """
        if self.path is not None:
            with WorkFile.opened(self.path) as work:
                self.entries += work.decisions(len(self.entries))

    def append(self, entry: Entry) -> None:
        """Add one entry.

        Raises:
            OutputError: the disk refuses; nothing has been decided then.
            RunError: the file is damaged or in use.
        """
        entry = {**entry, "at": datetime.now(UTC).isoformat(timespec="seconds"), "by": self.author}
        if self.path is None:
            self.entries.append(entry)
            return
        with WorkFile.opened(self.path) as work:
            self.entries += work.decide(entry, len(self.entries))


def _login() -> str:
    """The user's login name, where the system tells one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as in some containers
        return "unknown"
