"""The process that cleans documents for `lanes`: the recipe and then one item a line in, one row a line out.

Run as `python -m podprep.shelf.worker`. It keeps one cleaner, and ends at once when its standard input does, so that
nothing works on after whoever started it was killed. It may be killed at any moment: work files lose nothing.
"""

import os
import sys
from queue import SimpleQueue
from threading import Thread

from ..cleaners import Loaded
from ..reading import private_output
from .items import Item
from .task import Recipe, clean_item, packed, unpacked


def main() -> None:
    """Clean the documents that are asked for, until standard input ends."""
    replies, requests = private_output(), SimpleQueue[bytes]()
    Thread(target=_listen, args=(requests,), daemon=True).start()
    recipe = unpacked(requests.get(), Recipe)
    cleaner = Loaded(recipe.options)
    while True:
        item = unpacked(requests.get(), Item)
        replies.write(packed(clean_item(item, recipe, cleaner)))
        replies.flush()


def _listen(requests: SimpleQueue[bytes]) -> None:
    """Hand requests on; at their end, end the process in the middle of whatever it does."""
    for line in sys.stdin.buffer:
        requests.put(line)
    os._exit(0)


if __name__ == "__main__":
    main()
