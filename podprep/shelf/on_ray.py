"""A shelf on Ray Data: a pool of actors, each with a lane of its own, on this machine or on many.

Every actor cleans one document after another in a lane (`lanes`), so that what a document ends is the lane's process
and not the actor; what goes wrong comes back as a row. Ray starts a lost actor again, a bounded number of times, and
gives its documents to another; work files make that cheap. The machines of a cluster have to see the same files.
"""

import logging
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..errors import OutputError, SettingsError
from ..output import write_bytes
from .items import Item
from .lanes import Lane
from .task import Recipe, Row, failed, packed, unpacked

TABLE = "shelf.parquet"
"""The table of all rows, in the shelf's folder."""

_CPUS = 1  # that an actor owns, and so the threads of a model in it
_RETRIES = 3  # of an actor that is lost, and of what was lost with it
_MOST_BLOCKS = 5000  # that a shelf is cut into; a lost actor costs one
_APART = {  # for a Ray of our own, before it is imported
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # on any system: it listens on loopback alone
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing is told to anyone
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # its remarks on itself would stand among ours
}
_MISSING = "Ray is not installed: pip install 'podprep[ray]', or leave --ray out."
_AT_ONCE = 1000  # rows of the table that are written together


class _Actor:
    """Keeps a lane, and with it a cleaner, for as long as Ray keeps the actor."""

    def __init__(self, recipe: Recipe, folder: str) -> None:
        self._lane = Lane(recipe, _CPUS, folder)

    def __call__(self, row: dict[str, str]) -> dict[str, str]:
        return {"row": packed(self._lane.clean(unpacked(row["item"], Item))).decode()}

    def __del__(self) -> None:
        self._lane.close()


def clean_on_ray(items: Sequence[Item], recipe: Recipe, actors: int, address: str) -> Iterator[Row]:
    """Yield the row of each document as it comes; at the end all of them stand in a Parquet table as well.

    Args:
        items: the documents.
        recipe: how they are cleaned.
        actors: how many at a time.
        address: "local" for a Ray of our own, "auto" for the one that runs here, or a cluster's address.

    Raises:
        SettingsError: Ray is not installed, or not to be reached.
        OutputError: the table's name is taken by something else.
    """
    with _table(Path(recipe.out, TABLE)) as keep, _connected(address, actors) as ray:
        # One document at a time is sent to an actor: more would queue there while another actor has nothing to do.
        pool = ray.data.ActorPoolStrategy(size=min(actors, len(items)), max_tasks_in_flight_per_actor=1)
        listed = [{"item": packed(item).decode()} for item in items]  # names need not be the text that Arrow takes
        shelf = ray.data.from_items(listed, override_num_blocks=min(len(items), _MOST_BLOCKS))
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # the bounds have no new name yet
            made = shelf.map(_Actor, fn_constructor_args=(recipe, os.getcwd()), compute=pool, num_cpus=_CPUS,
                             max_restarts=_RETRIES, max_task_retries=_RETRIES)
        missing = {item.name: item for item in items}
        place = {item.source: item.name for item in items}
        for found in made.iter_rows():
            row = unpacked(found["row"], Row)
            missing.pop(place[row.source], None)
            keep(row)
            yield row
        for item in missing.values():
            row = failed(item, f"{item.source} was lost with the actors that cleaned it, {_RETRIES} times: start the "
                               "same again, or clean it by itself.")
            keep(row)
            yield row


@contextmanager
def _connected(address: str, actors: int) -> Iterator[Any]:
    """Ray, connected, for as long as the block lasts; one that was started for it ends with it.

    Raises:
        SettingsError: it is not installed, or not to be reached.
    """
    own = address == "local"
    if own:
        os.environ.update(_APART | os.environ)
    try:
        import ray
        import ray.data
    except ImportError:
        raise SettingsError(_MISSING) from None
    _connect(ray, address, {"num_cpus": actors * _CPUS + 1, "include_dashboard": False} if own else {})
    try:
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars, context.max_errored_blocks = False, -1  # what is lost is told in a row
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        yield ray
    finally:
        ray.shutdown()


def _connect(ray: Any, address: str, settings: dict[str, Any]) -> None:
    """Connect; a Ray of our own that does not come up in Ray's half minute, as on a busy machine, is started again.

    Raises:
        SettingsError: it is not to be reached.
    """
    for is_last in (address != "local", True):
        try:
            ray.init(address, logging_level=logging.ERROR, log_to_driver=False, **settings)
            return
        except Exception as error:  # what Ray raises here has no common name
            ray.shutdown()
            why = (str(error).splitlines() or [type(error).__name__])[0][:160].rstrip(".")
            told = SettingsError(f"Ray at {address} cannot be reached ({why}): check the address, or use local.")
        if is_last:
            raise told


@contextmanager
def _table(path: Path) -> Iterator[Callable[[Row], None]]:
    """Give a function that keeps rows; at the end of the block they are a Parquet file, in place of an older one.

    Raises:
        SettingsError: what writes it is not installed.
        OutputError: something else has its name, or the disk refuses.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise SettingsError(_MISSING) from None
    kinds = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}
    schema = pyarrow.schema([(name, kinds[kind]) for name, kind in Row.__annotations__.items()])
    try:
        is_own = not os.path.lexists(path) or parquet.read_schema(path) == schema
    except (OSError, ValueError):  # pyarrow's own errors are ValueErrors
        is_own = False
    if not is_own:
        raise OutputError(f"{path} is not a table of this kind: move it away, or choose another folder with -o.")
    waiting: list[dict[str, Any]] = []
    made = pyarrow.BufferOutputStream()
    with parquet.ParquetWriter(made, schema) as writer:
        def flush(least: int) -> None:
            """Write the rows that wait, if they are so many."""
            if len(waiting) >= least:
                writer.write_table(pyarrow.Table.from_pylist(waiting, schema))
                waiting.clear()

        def keep(row: Row) -> None:
            """Take up one row; what is no text in a name is escaped."""
            waiting.append({key: value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
                            for key, value in asdict(row).items()})
            flush(_AT_ONCE)

        yield keep
        flush(1)
    write_bytes(path, made.getvalue().to_pybytes(), force=True)
