"""Progress bars on standard error, where they are wanted: what draws them is loaded only then."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def with_bar(wanted: bool, items: Iterable[T], doing: str, unit: str, total: int, done: int = 0) -> Iterable[T]:
    """The items as they are, or with a bar that grows as they are taken.

    Args:
        wanted: whether there is to be a bar.
        items: what is to be done.
        doing: what is done with them, in a word.
        unit: what one of them is.
        total: how many there are in all, those with it that were done before.
        done: how many were.
    """
    if not wanted:
        return items
    from tqdm.auto import tqdm

    bar: Iterable[T] = tqdm(items, doing, total, initial=done, unit=unit, leave=False)
    return bar
