"""Reading: a PDF becomes metadata and pages of lines, each with its place and type.

    pdf           read_pdf, read_metadata, page ranges: the door
    guard         a PDF open in a worker process, with limits on time and memory
    worker        that process
    pipes         what the two ends of a pipe to a process need
    ocr           scanned pages recognised with OCRmyPDF
    recogniser    the process that does that
    opened        a PDF open in this process: document information, pages, pictures
    files         whether a file is there and can be read
    information   what a PDF says about itself, and the names of files packed into it
    engines       the two text engines: PDFium, with the place and size of every line, and PyPDF2
    glyphs        the characters of a page as PDFium reports them, turned as most of its text runs
    words         words by the gaps between glyphs; accents on their letters
    gutters       the white strips between columns; rows cut where they run over one
    blocks        lines that stand together
    order         blocks in the order a reader takes them
    covered       words under something opaque that is drawn later
    drawn         what a page draws, in order, and which texts have something over them
    ruled         what rules enclose: tables, boxes, stretches between like rules
    annotations   what lies on a page but not in its content: filled form fields, notes
    line_numbers  a manuscript's line numbers, set apart from its lines
    records       pages and metadata as plain JSON values, exact in both directions
    letters       whether letters do what letters do in any language
    garble        recognises a text layer that is garbage

Does not clean or drop anything, and judges only whether it could be read: what the page says comes out whole, and what
could not be read, or looks like garbage, is told.
"""

from typing import TYPE_CHECKING

from ..faces import face

if TYPE_CHECKING:
    from .files import check_file
    from .garble import garbled_pages
    from .guard import DEFAULT_LIMITS, Limits
    from .ocr import Ocr
    from .pdf import (
        open_pdf, page_ranges, pages_beside, read_metadata, read_pages, read_pdf, recognise_pages, require_text,
        select_pages,
    )
    from .pipes import private_output, read_replies, start_worker
    from .records import Record, from_record, to_record

__getattr__, __dir__, __all__ = face(__name__, __file__)
