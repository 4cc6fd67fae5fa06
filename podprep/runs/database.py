"""A SQLite file that may come from anyone, opened so that nothing in it or beside it does harm.

Only a regular file with podprep's own tables is taken, with SQLite's own check passed: no link, no view
or trigger, no journal that names another file. What SQLite raises becomes one sentence. What the tables
hold is in `store`.
"""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import takewhile
from pathlib import Path

from ..errors import OutputError, RunError
from ..output import JOURNAL, SIDES, is_pdf

APPLICATION = 0x706F6470  # "podp", in the file's header
FORMAT = 3  # of the tables and of what a digest covers
TABLES = ("facts", "pdf", "pages", "chunks", "cleaned", "decisions")
_SCHEMA = {
    name: f"CREATE TABLE {name} (key {'TEXT' if name == 'facts' else 'INTEGER'} PRIMARY KEY, "
          "data BLOB NOT NULL, seal TEXT NOT NULL)"
    for name in TABLES
}
_PATIENCE = 2.0  # seconds to wait for another process that is writing


def is_new(path: Path) -> bool:
    """Whether there is no file yet, or only the empty one of a process killed as it began.

    What a kill left half-written is taken back first: nothing may have been in the file before.

    Raises:
        RunError: something else than a regular file is there, or a journal that is none of podprep's.
    """
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError as error:
        raise RunError(f"{path} cannot be used ({error.strerror}): choose another name for the work file.") from None
    if stat.S_ISDIR(found.st_mode):
        raise RunError(f"{path} is a folder, and a run is one file: name the work file, as NAME.podprep.")
    if not stat.S_ISREG(found.st_mode):
        raise RunError(f"{path} is a link or a device, no work file: name the file itself.")
    size = found.st_size
    if size and os.path.lexists(f"{path}-journal"):
        _take_back(path)
        with suppress(OSError):
            size = path.stat().st_size
    return size == 0


def _take_back(path: Path) -> None:
    """Let SQLite undo what was not written to its end, unless a process is at it; what else is wrong is told later."""
    _refuse_strange_journals(path)
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", 0, uri=True)) as base:
        base.execute("PRAGMA schema_version")


@contextmanager
def connected(path: Path, alone: bool = False) -> Iterator[tuple[sqlite3.Connection, bool]]:
    """A work file, open, and whether it was made for that, which is done only with `alone`.

    Args:
        path: the file.
        alone: whether no other process can open it meanwhile; made if it is not there, and gone again if
            nothing was written.

    Raises:
        RunError: it is no work file, is damaged, of another version, or in use.
        OutputError: the disk refuses what is written.
    """
    with told(path):
        _refuse_strange_journals(path)
        made = _create(path) if alone else []
        locked = False
        address = path.absolute().as_uri() + "?mode=rw"
        database = sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)
        try:
            for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "synchronous=FULL"):
                database.execute(f"PRAGMA {pragma}")
            # Asked of SQLite: to open the file beside it and close it again would drop this process's locks on it.
            if database.execute("PRAGMA journal_mode").fetchone() == ("wal",):
                raise damaged(path, "its log is of a kind that podprep does not write")
            if alone:
                database.execute("PRAGMA locking_mode=EXCLUSIVE")
                database.execute("BEGIN EXCLUSIVE")
                locked = True
            _require_tables(database, path, alone)
            yield database, bool(made)
        finally:
            with suppress(OSError):
                if made and locked and path.stat().st_size == 0:
                    remove(database, path)  # as long as nobody else can have begun in it
            with suppress(sqlite3.Error):
                database.close()
            with suppress(OSError):
                for folder in made[1:]:
                    folder.rmdir()  # refused where anything is in it


def check(database: sqlite3.Connection, path: Path) -> None:
    """See that SQLite finds its own pages whole.

    Raises:
        RunError: it does not.
    """
    if database.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        raise damaged(path)


def remove(database: sqlite3.Connection, path: Path) -> None:
    """Remove a file that is locked; its journal first: alone, one that a kill left would be taken for a stranger's."""
    with suppress(sqlite3.Error):
        database.rollback()
    for one in (path.with_name(path.name + "-journal"), path):
        with suppress(OSError):
            one.unlink()


def damaged(path: Path, why: str = "its pages do not fit together") -> RunError:
    """The error for a work file that cannot be trusted."""
    return RunError(f"{path} is damaged ({why}): take a copy that is whole, or clean the PDF again into another file.")


def _require_tables(database: sqlite3.Connection, path: Path, make: bool) -> None:
    """See that the tables are podprep's own and nothing else is there; in a new file, make them."""
    found = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    application, form = (database.execute(f"PRAGMA {n}").fetchone()[0] for n in ("application_id", "user_version"))
    if not found and not application and make:
        for statement in (*_SCHEMA.values(), f"PRAGMA application_id={APPLICATION}", f"PRAGMA user_version={FORMAT}"):
            database.execute(statement)
    elif application != APPLICATION:
        raise RunError(f"{path} is no work file of podprep: name another file.")
    elif form != FORMAT:
        raise RunError(f"{path} was made by another version of podprep: clean the PDF again into another file.")
    elif found != _SCHEMA:
        raise damaged(path, "its tables are not podprep's")


def _refuse_strange_journals(path: Path) -> None:
    """SQLite acts on what lies beside a file under these names, and removes it; podprep leaves none but its journal."""
    for ending in SIDES:
        beside = path.with_name(path.name + ending)
        try:
            found = beside.lstat()
            own = stat.S_ISREG(found.st_mode) and ending == "-journal" and path.exists()
            if not own or (found.st_size and not _is_own_journal(beside)):
                raise RunError(f"{beside} was not left by podprep: move it away before you use {path.name}.")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise RunError(f"{path} cannot be used ({error.strerror}): choose another name.") from None


def _is_own_journal(path: Path) -> bool:
    """Whether a file is a journal of SQLite's, about one file only; those that are over have an empty header."""
    with path.open("rb") as file:
        start = file.read(len(JOURNAL))
        file.seek(-len(start), os.SEEK_END)
        return start in (JOURNAL, bytes(len(JOURNAL))) and file.read() != JOURNAL


def _create(path: Path) -> list[Path]:
    """Make a new, empty file, never through a link; what was made, the file and then its folders, if it was not there.

    Raises:
        OutputError: the disk refuses.
    """
    try:
        folders = list(takewhile(lambda folder: not folder.exists(), path.absolute().parents))
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666))
            return [path, *folders]
    except OSError as error:
        raise OutputError(f"{path} cannot be made ({error.strerror}): choose another place (--run, -o).") from None
    return []


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say in one sentence what SQLite could not do.

    Raises:
        RunError: the file is in use or damaged.
        OutputError: the disk refuses.
    """
    try:
        yield
    except UnicodeDecodeError as error:  # where sqlite3 meets text that is none
        raise damaged(path, str(error)) from None
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", None) or ""
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise RunError(f"{path} is being worked on by another process: wait for it to end.") from None
        reason = next((why for start, why in _REFUSED.items() if name.startswith(start)), None)
        if reason:
            raise OutputError(
                f"{path} cannot be written ({reason}): free some space or check permissions, "
                "then run the same again; it goes on where it stopped."
            ) from None
        if name == "SQLITE_NOTADB" and is_pdf(path):
            raise RunError(f"{path} is a PDF: name its work file, which 'podprep clean' puts by the text.") from None
        raise damaged(path, str(error)) from None


_REFUSED = {
    "SQLITE_FULL": "No space left on device", "SQLITE_IOERR": "the disk refuses",
    "SQLITE_READONLY": "Read-only file or folder", "SQLITE_CANTOPEN": "Permission denied, or it is gone",
    "SQLITE_PERM": "Permission denied",
}
