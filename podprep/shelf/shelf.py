"""`clean_shelf`: many documents, cleaned side by side here or on Ray, each row as it comes.

Which documents are meant is in `items`, what is done with each in `task`, where in `lanes` and `on_ray`.
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..choices import ENGINES, FORMATS, OCR_MODES
from ..cleaners import CleanerOptions
from ..errors import OutputError, SettingsError, require_known
from ..handover import token_counter
from ..output import sweep
from ..weights import EMBEDDED, embedded_folder
from .items import Item, find_items
from .lanes import clean_in_lanes
from .task import Recipe, Row, packed, unpacked

_READING = ("engine", "pages", "password", "limits", "ocr", "language", "keep_pdf", "force", "formats", "split_tokens")


def clean_shelf(
    paths: str | Path | Iterable[str | Path], out: str | Path, *, jobs: int = 1, ray: str | None = None,
    recursive: bool = False, **settings: Any,
) -> Iterator[Row]:
    """Clean many documents into a folder: each has its clean text there, where it comes from, and its work file.

    Started again with the same documents and settings it does what is missing, and what comes out is the same byte
    for byte. A document that fails is a row that says why; nothing is raised for it.

    Args:
        paths: what `find_items` takes: PDFs, folders, patterns, http(s) addresses, Parquet files.
        out: the folder; made if it is not there.
        jobs: processes side by side, or actors on Ray, each with a cleaner of its own.
        ray: "local" for a Ray that is started on this machine and ended again, "auto" for the one that runs here, or
            the address of a cluster, all of whose machines see the same files; None for processes without Ray.
        recursive: whether the folders inside folders count too.
        settings: those of `Recipe` (`pages`, `engine`, `ocr`, ...) and of `Cleaner` (`cleaner`, `mode`, ...).

    Yields:
        The row of each document as it is done, in no certain order.

    Raises:
        SettingsError: nothing is meant by the paths, a setting is unknown or none, Ray is not installed or not to be
            reached, or the tokenizer that parts are measured by is not on this machine.
        OutputError: the folder cannot be made, or holds a strange table.
        ModelError: the embedded model is to be used and cannot be had.
    """
    items = find_items([paths] if isinstance(paths, (str, Path)) else paths, recursive)
    return clean_items(items, recipe_of(out, **settings), jobs, ray)


def recipe_of(out: str | Path, **settings: Any) -> Recipe:
    """The recipe with these settings, of reading and of the cleaner.

    Raises:
        SettingsError: a setting is unknown, or none of its choices.
    """
    reading = {name: settings.pop(name) for name in _READING if name in settings}
    if isinstance(reading.get("pages"), Sequence) and not isinstance(reading["pages"], str):
        reading["pages"] = ",".join(map(str, reading["pages"]))
    try:
        prompt = {"prompt": str(settings["prompt"])} if settings.get("prompt") else {}
        options = CleanerOptions(**settings | prompt)
    except TypeError:
        known = ", ".join((*_READING, *CleanerOptions.__slots__))
        raise SettingsError(f"A shelf has no setting {', '.join(settings)}: choose from {known}.") from None
    recipe = Recipe(str(out), options, **reading)
    try:
        recipe = unpacked(packed(recipe), Recipe)  # as every process will get it
    except (ValueError, TypeError) as error:
        raise SettingsError(f"A setting of the shelf is of the wrong kind ({error}): see clean_shelf.") from None
    require_known("text engine", recipe.engine, ENGINES)
    require_known("way to use OCR", recipe.ocr, OCR_MODES)
    for name in recipe.formats or ():
        require_known("format", name, FORMATS)
    return recipe


def clean_items(items: list[Item], recipe: Recipe, jobs: int = 1, ray: str | None = None) -> Iterator[Row]:
    """As `clean_shelf`, for documents that are found already."""
    if jobs < 1:
        raise SettingsError(f"{jobs} jobs are too few: use 1 or more.")
    try:
        Path(recipe.out).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{recipe.out} cannot be made ({error.strerror}): choose another folder with -o.") from None
    options = recipe.options
    if recipe.split_tokens:
        token_counter()  # before any work is done for parts that nobody can measure
    if options.cleaner == "prompt" and options.model == EMBEDDED and not options.server:
        embedded_folder()  # before many processes ask for it at once
    if jobs > 1:  # the last to end should be short, for it may be alone
        items = sorted(items, key=_size, reverse=True)
    return _swept(_cleaned(items, recipe, jobs, ray), {Path(recipe.out, item.name).parent for item in items})


def _size(item: Item) -> int:
    """A document's bytes, 0 where they are not to be seen before it is fetched."""
    with suppress(OSError, ValueError):
        return os.path.getsize(item.source)
    return 0


def _cleaned(items: list[Item], recipe: Recipe, jobs: int, ray: str | None) -> Iterator[Row]:
    if ray is None:
        return clean_in_lanes(items, recipe, jobs)
    from .on_ray import clean_on_ray

    return clean_on_ray(items, recipe, jobs, ray)


def _swept(rows: Iterator[Row], folders: Iterable[Path]) -> Iterator[Row]:
    """The rows; after the last, what a shelf that was killed left half-written in the folders is removed."""
    began = time.time()
    yield from rows
    for folder in folders:
        sweep(folder, began)
