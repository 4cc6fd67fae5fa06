"""`clean_shelf`: many documents, cleaned side by side here or on Ray, each row as it comes.

Which documents are meant is in `items`, what is done with each in `task`, where in `lanes` and `on_ray`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..cleaners import CleanerOptions
from ..errors import OutputError, SettingsError
from ..weights import EMBEDDED, embedded_folder
from .items import Item, find_items
from .lanes import clean_in_lanes
from .task import Recipe, Row

_READING = ("engine", "pages", "password", "limits", "ocr", "language", "keep_pdf", "force", "formats")


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
        SettingsError: nothing is meant by the paths, a setting is unknown, or Ray is not installed.
        OutputError: the folder cannot be made.
        ModelError: the embedded model is to be used and cannot be had.
    """
    items = find_items([paths] if isinstance(paths, (str, Path)) else paths, recursive)
    return clean_items(items, recipe_of(out, **settings), jobs, ray)


def recipe_of(out: str | Path, **settings: Any) -> Recipe:
    """The recipe with these settings, of reading and of the cleaner.

    Raises:
        SettingsError: a setting is unknown.
    """
    reading = {name: settings.pop(name) for name in _READING if name in settings}
    try:
        prompt = {"prompt": str(settings["prompt"])} if settings.get("prompt") else {}
        options = CleanerOptions(**settings | prompt)
    except TypeError:
        known = ", ".join((*_READING, *CleanerOptions.__slots__))
        raise SettingsError(f"A shelf has no setting {', '.join(settings)}: choose from {known}.") from None
    return Recipe(str(out), options, **reading)


def clean_items(items: list[Item], recipe: Recipe, jobs: int = 1, ray: str | None = None) -> Iterator[Row]:
    """As `clean_shelf`, for documents that are found already."""
    if jobs < 1:
        raise SettingsError(f"{jobs} jobs are too few: use 1 or more.")
    try:
        Path(recipe.out).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{recipe.out} cannot be made ({error.strerror}): choose another folder with -o.") from None
    options = recipe.options
    if options.cleaner == "prompt" and options.model == EMBEDDED and not options.server:
        embedded_folder()  # before many processes ask for it at once
    if ray is None:
        return clean_in_lanes(items, recipe, jobs)
    from .on_ray import clean_on_ray

    return clean_on_ray(items, recipe, jobs, ray)
