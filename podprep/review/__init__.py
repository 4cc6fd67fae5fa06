"""Review: a person sees what was done to each chunk, and decides.

    signs        visible signs for characters that cannot be seen
    pieces       a raw text cut into sentences, words and removed parts
    rows         sentences paired with what became of them, words marked
    diff         those rows drawn by difflib.HtmlDiff, unchanged runs folded
    report       the self-contained HTML report
    spoken       its table of what is said otherwise than it is written
    page_view    pages as pictures: a chunk's lines marked; lines and blocks in order
    rebuild      a chunk's text once removals are taken back
    merging      two logs of decisions put together
    account      what was decided, as a table and as a sum
    standing     where a review stands: chunks as they are by what is decided
    review       Review: accept, keep raw, restore, strike, edit, comment, undo, redo, merge, write
    flags        where the words stand that a flag speaks of
    panel        ReviewPanel: the review in a notebook, drawn by panel.js and panel.css
    panel_view   what the panel shows of a chunk

Does not clean and does not keep: decisions go to the log in `runs`. Nothing that it shows runs or fetches anything.
"""

from typing import TYPE_CHECKING

from ..faces import face

if TYPE_CHECKING:
    from .account import Deed, Summary, decisions_as
    from .diff import DIFF_STYLE, diff_table
    from .page_view import show_lines, show_page
    from .panel import ReviewPanel
    from .report import report_html, write_report
    from .review import Review
    from .signs import one_line, shown
    from .standing import Progress

__getattr__, __dir__, __all__ = face(__name__, __file__)
