"""The shelf: many documents, in processes on this machine or on a cluster, each kept in a work file of its own.

    items     which documents are meant, and what their files are called
    fetch     a PDF from an address, within bounds
    task      one document of a shelf: clean it, write its files, tell what became of it
    worker    the process that does that, for one document after another
    lanes     such processes side by side, started again where a document ended one
    on_ray    the same on Ray
    shelf     clean_shelf: the door
    overview  what the work files in a folder hold, as rows and as a page

Does not clean by itself and holds no second copy of anything: how far a shelf is, its work files say, so that started
again it does what is missing.
"""

from typing import TYPE_CHECKING

from ..faces import face

if TYPE_CHECKING:
    from .fetch import Bounds, fetch_pdf
    from .items import Item, find_items, is_many
    from .overview import Entry, entries, overview_html, report_of, totals, totals_told
    from .shelf import clean_items, clean_shelf, recipe_of
    from .task import FAILED, LOST, Recipe, Row

__getattr__, __dir__, __all__ = face(__name__, __file__)
