"""Which documents are meant: files, folders, patterns, addresses, tables; and what the files of each are called.

A document found in a folder keeps its place in there; otherwise its files are named after it. Where two have one
name, all but the first carry the beginning of their hash, so that the same documents have the same names next time.
No PDF is opened here.
"""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..errors import SettingsError
from ..output import fitting_name

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)  # of two letters at least: C: is a disk
_PARQUET = (".parquet", ".pq")
_COLUMNS = ("source", "pdf", "path", "url", "address")  # of a table, the first that is there
_PUT_AFTER = re.compile(r"(?<=.)(?:\.(?:txt|md|json|document|speech|clean|\d+-of-\d+))+$")
_LONGEST_ENDING = "-00000000.clean.json-journal"  # of what is named after a document


@dataclass(frozen=True, slots=True)
class Item:
    """A document of a shelf.

    Attributes:
        source: its path or address.
        name: where its files stand under the shelf's folder, without their endings.
    """

    source: str
    name: str

    def with_hash(self, digest: str) -> "Item":
        """The same under a name that no other document has."""
        return replace(self, name=f"{self.name}-{digest[:8]}")


def find_items(sources: Iterable[str | Path], recursive: bool = False) -> list[Item]:
    """The documents that are meant, each once, under names of their own.

    Args:
        sources: paths of PDFs; folders, whose PDFs are taken by name; patterns such as "*.pdf"; http(s) addresses;
            Parquet files with a column `source`, `pdf`, `path`, `url` or `address`.
        recursive: whether the folders inside folders count too.

    Raises:
        SettingsError: a name is empty, an address not of that kind, or a folder, pattern or table holds no PDF.
    """
    found: dict[str, Item] = {}
    for source in sources:
        for item in _items(str(source), recursive):
            found.setdefault(_identity(item.source), item)
    return list(_told_apart(found.values()))


def is_address(source: str) -> bool:
    """Whether a document is named by an address and not by a path.

    Raises:
        SettingsError: it is an address from which podprep fetches nothing.
    """
    if not _SCHEME.match(source) or os.path.lexists(source):
        return False
    try:
        parts = urlsplit(source)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise SettingsError(f"{source} is no address that can be read: check it.") from None
    if parts.scheme.lower() not in ("http", "https") or not host:
        raise SettingsError(f"{source} is no http or https address: download the PDF yourself and name the file.")
    if parts.username is not None or parts.password is not None:
        raise SettingsError(f"The address at {host} holds a name or a password, which podprep neither sends nor keeps: "
                            "download the PDF yourself and name the file.")
    return True


def is_many(sources: Iterable[str]) -> bool:
    """Whether names mean a shelf and not one PDF's path.

    Raises:
        SettingsError: as for `is_address`.
    """
    listed = list(sources)
    return len(listed) > 1 or any(
        is_address(s) or Path(s).is_dir() or s.endswith(_PARQUET) or (has_magic(s) and not os.path.lexists(s))
        for s in listed
    )


def _items(source: str, recursive: bool) -> Iterator[Item]:
    path = Path(source)
    if not source:
        raise SettingsError("An empty name means no PDF: name files or folders; . is the folder you are in.")
    if is_address(source):
        yield Item(source, _fitting(_name_in(source)))
    elif path.is_dir():
        yield from _required(_pdfs(path, recursive), source, recursive)
    elif source.endswith(_PARQUET):
        yield from _required((item for name in _column(path) for item in _items(name, recursive)), source, True)
    elif has_magic(source) and not os.path.lexists(source):
        yield from _required((item for name in sorted(glob(source, recursive=recursive))
                              for item in _matched(Path(name), recursive)), source, True)
    else:
        yield Item(source, _fitting(path.stem))


def _required(items: Iterator[Item], source: str, recursive: bool) -> Iterator[Item]:
    """The items, of which there is one at least.

    Raises:
        SettingsError: there is none.
    """
    first = next(items, None)
    if first is None:
        more = "" if recursive else ", or add --recursive for the folders inside it"
        raise SettingsError(f"{source} holds no PDF: check the name{more}.")
    yield first
    yield from items


def _matched(path: Path, recursive: bool) -> Iterator[Item]:
    """What a pattern's match means: the PDFs in a folder, a PDF, or nothing."""
    if path.is_dir():
        yield from _pdfs(path, recursive)
    elif path.suffix.lower() == ".pdf":
        yield Item(str(path), _fitting(path.stem))


def _pdfs(folder: Path, recursive: bool) -> Iterator[Item]:
    """The PDFs in a folder by name; hidden ones, which systems put beside others, are left out."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if recursive and not name.startswith("."))
        for pdf in (Path(place, name) for name in sorted(files) if name.lower().endswith(".pdf")):
            if not pdf.name.startswith("."):
                yield Item(str(pdf), _fitting(pdf.relative_to(folder).with_suffix("").as_posix()))


def _column(path: Path) -> list[str]:
    """The documents that a Parquet file lists.

    Raises:
        SettingsError: it cannot be read, or has no column with them.
    """
    try:
        import pyarrow.parquet as parquet
    except ImportError:
        raise SettingsError(f"{path} is a Parquet file, which needs an extra: pip install 'podprep[ray]'.") from None
    try:
        name = next((n for n in _COLUMNS if n in parquet.read_schema(path).names), None)
        if name:
            return [str(value) for value in parquet.read_table(path, columns=[name])[name].to_pylist() if value]
    except (OSError, ValueError) as error:  # pyarrow's own errors are ValueErrors
        raise SettingsError(f"{path} is no Parquet file that can be read ({type(error).__name__}): check it.") from None
    raise SettingsError(f"{path} has none of the columns {', '.join(_COLUMNS)}: name one of them so.")


def _name_in(address: str) -> str:
    """A file's name from an address, without anything that a file system or a terminal minds."""
    parts = urlsplit(address)
    last = unquote(parts.path).rstrip("/").rpartition("/")[2]
    stem = re.sub(r"\.pdf$", "", last, flags=re.IGNORECASE)
    return re.sub(r"[^\w.()-]+", "_", stem).strip("._") or (parts.hostname or "document").replace(":", "_")


def _fitting(name: str) -> str:
    """The name, its last part cut where what is named after it would be too long."""
    folder, slash, last = name.rpartition("/")
    return folder + slash + fitting_name(last, _LONGEST_ENDING).removesuffix(_LONGEST_ENDING)


def _identity(source: str) -> str:
    return source if is_address(source) else os.path.realpath(source)


def _told_apart(items: Iterable[Item]) -> Iterator[Item]:
    """The items, those after the first of a name with their hash; a copy with the same name and bytes is left out."""
    taken: set[str] = set()
    for item in items:
        if _folded(item.name) in taken:
            item = item.with_hash(digest_of(item.source))
        if _folded(item.name) not in taken:
            taken.add(_folded(item.name))
            yield item


def _folded(name: str) -> str:
    """A name as file systems compare it that do not tell capitals or kinds of accents apart, without what is put after
    names: the texts of x.document.pdf could have the names of x.pdf's.
    """
    return _PUT_AFTER.sub("", unicodedata.normalize("NFC", name).casefold())


def digest_of(source: str) -> str:
    """SHA-256 of a file, or, where there is none to be read, of its name."""
    if not is_address(source):
        try:
            with open(source, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            pass
    return hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest()
