"""What was read as plain JSON values, exact in both directions.

Used on the pipe from the worker that parses PDFs and in work files. JSON, not pickle, and every shape
checked: what a hostile PDF may have got hold of can then say wrong things, but run nothing.
"""

from __future__ import annotations

from typing import Any, TypeVar

Record = dict[str, Any]
T = TypeVar("T")


def to_record(value: Any) -> Record:
    """A dataclass (or a dict), with all that it holds, as JSON values."""
    import msgspec  # asking for help needs none of it

    record: Record = msgspec.to_builtins(value)
    return record


def from_record(record: Any, kind: type[T]) -> T:
    """What `to_record` made the record of.

    Raises:
        ValueError: the record has not the shape of that class.
    """
    import msgspec

    return msgspec.convert(record, kind)
