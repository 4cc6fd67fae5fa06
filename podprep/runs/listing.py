"""Which runs a folder holds, those that cannot be opened too."""

from collections.abc import Iterator
from pathlib import Path

from ..errors import OutputError, RunError
from ..output import ENDING
from .run import Run


def find_runs(folder: str | Path = ".", recursive: bool = False) -> Iterator[tuple[Path, Run | RunError]]:
    """Yield the work files in a folder by name, each with its run, or with why it cannot be opened.

    Args:
        folder: where they lie.
        recursive: whether the folders inside it count too.

    Raises:
        RunError: there is no such folder, or it cannot be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise RunError(f"{folder} is no folder: name the folder that the work files lie in.")
    try:
        names = sorted((folder.rglob if recursive else folder.glob)(f"*{ENDING}"))
    except OSError as error:
        raise RunError(f"{folder} cannot be read ({error.strerror}): check its permissions.") from None
    for path in names:
        try:
            yield path, Run.open(path)
        except RunError as error:
            yield path, error
        except OutputError as error:  # what a kill left unfinished, on a disk that refuses to finish it
            yield path, RunError(str(error))


def list_runs(folder: str | Path = ".") -> list[Run]:
    """The runs in a folder, by name; what cannot be opened is left out, and `find_runs` tells why.

    Raises:
        RunError: there is no such folder, or it cannot be read.
    """
    return [run for _, run in find_runs(folder) if isinstance(run, Run)]
