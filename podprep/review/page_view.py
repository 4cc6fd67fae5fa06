"""Pages as pictures: a chunk's with its lines marked, or one with its lines and blocks as they are read.

PDFium draws the page, Pillow the marks: a bar in the margin beside lines that stay, a frame with
strokes through it around what is removed, so that the two differ without colour; blocks are numbered. Reads no text.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from ..cleaned import Cleaned, CleanedChunk
from ..document import Box, Document, Line, Page
from ..errors import PageRangeError, PdfError, ReviewError
from ..reading import open_pdf
from ..runs import Run
from ..spans import kept_spans
from .review import Review

_KEPT, _GONE = (20, 90, 200), (190, 30, 20)
_GAP = 8  # pixels between two pages


def show_page(
    source: Cleaned | Review | Run, index: int, scale: float = 1.3, around: float | None = None,
    password: str | None = None,
) -> Image.Image:
    """The pages of one chunk side by side, marked; a notebook shows the picture by itself.

    Args:
        source: the document, cleaned or under review, or a run, which holds the PDF itself.
        index: the chunk, from 0.
        scale: pixels a point (1/72 inch).
        around: points to show above and below the chunk's lines; the whole page by default.
        password: the PDF's password, if it has one.

    Raises:
        PdfError: the PDF is gone, has changed since it was read, or cannot be drawn.
        ReviewError: there is no such chunk, it is on no page that was read, or `around` is no distance.
    """
    run = source.run if isinstance(source, Review) else source if isinstance(source, Run) else None
    cleaned = source if isinstance(source, Cleaned) else source.cleaned
    if not 0 <= index < len(cleaned.chunks):
        raise ReviewError(f"There is no chunk {index}: chunks are 0 to {len(cleaned.chunks) - 1}.")
    if around is not None and not around >= 0:
        raise ReviewError(f"{around} points around a chunk cannot be shown: choose 0 or more, or None for whole pages.")
    chunk = source.chunk(index) if isinstance(source, Review) else cleaned.chunks[index]
    document = cleaned.document
    pages = [page for page in document.pages if chunk.chunk.first_page <= page.number <= chunk.chunk.last_page]
    if not pages:
        raise ReviewError(f"Chunk {index} is on no page that was read: choose another one.")
    with run.pdf_file() if run else nullcontext(document.path) as pdf:
        pictures = [_marked(drawn, document, chunk, page, around)
                    for page, drawn in zip(pages, _drawn(document, pdf, pages, scale, password))]
    return _side_by_side(pictures).quantize(32, Image.Quantize.FASTOCTREE)  # keeps the marks' colours


def page_png(source: Review, number: int, scale: float = 2.0) -> bytes:
    """A page of the document under review as it is, as a PNG.

    Raises:
        PdfError: as for `show_page`.
        PageRangeError: the page was not read.
    """
    document = source.cleaned.document
    page = next((page for page in document.pages if page.number == number), None)
    if page is None:
        raise PageRangeError(f"Page {number} was not read: choose a page of the document.")
    file = BytesIO()
    with source.run.pdf_file() if source.run else nullcontext(document.path) as pdf:
        next(_drawn(document, pdf, [page], scale, None)).save(file, "PNG")
    return file.getvalue()


def page_boxes(document: Document, start: int, end: int) -> Iterator[tuple[int, Box]]:
    """Yield where a span of the document's text stands: the page's number, and left, top, right, bottom as shares of
    its width and height.
    """
    sizes = {page.number: (max(page.width, 1.0), max(page.height, 1.0)) for page in document.pages}
    pages = {page.number: page for page in document.pages}
    for line, box in document.boxes(start, end):
        if line.page in pages:
            width, height = sizes[line.page]
            for left, top, right, bottom in _pixels([box], pages[line.page], (width, height)):
                yield line.page, (left / width, top / height, right / width, bottom / height)


def show_lines(document: Document, number: int, scale: float = 1.3, password: str | None = None) -> Image.Image:
    """A page with its lines framed, and its blocks numbered in the order they are read, column by column.

    A number has its column behind a stroke where the page has several; what is set apart is framed with a cross.

    Args:
        document: the document as read.
        number: the page's number in the PDF.
        scale: pixels a point (1/72 inch).
        password: the PDF's password, if it has one.

    Raises:
        PageRangeError: the page was not read.
        PdfError: the PDF is gone, has changed since it was read, or cannot be drawn.
    """
    page = next((page for page in document.pages if page.number == number), None)
    if page is None:
        raise PageRangeError(f"Page {number} was not read: choose a page of the document.")
    picture = next(_drawn(document, document.path, [page], scale, password))
    pen, blocks = ImageDraw.Draw(picture), dict.fromkeys(line.block for line in page.lines)
    for block in blocks:
        lines = [line for line in page.lines if line.block == block]
        _number(pen, block, lines, list(_pixels([line.box for line in lines if not line.aside], page, picture.size)))
        for left, top, right, bottom in _pixels([line.box for line in lines if line.aside], page, picture.size):
            pen.rectangle((left, top, right, bottom), outline=_GONE)
            pen.line((left, top, right, bottom), fill=_GONE)
    return picture.quantize(16, Image.Quantize.FASTOCTREE)


def _number(pen: ImageDraw.ImageDraw, block: int, lines: Sequence[Line], boxes: Sequence[Box]) -> None:
    """Frame a block's lines, and write its number and its column before the first."""
    for box in boxes:
        pen.rectangle(box, outline=_KEPT)
    if boxes:
        left, top, right, bottom = (side(edges) for side, edges in zip((min, min, max, max), zip(*boxes)))
        pen.rectangle((left - 2, top - 2, right + 2, bottom + 2), outline=_KEPT, width=2)
        label = f"{block}/{lines[0].column}" if lines[0].column else str(block)
        width = pen.textlength(label) + 4
        pen.rectangle((left - width - 2, top - 2, left - 2, top + 11), fill=_KEPT)
        pen.text((left - width, top - 1), label, fill="white")


def _drawn(
    document: Document, path: Path, pages: Sequence[Page], scale: float, password: str | None
) -> Iterator[Image.Image]:
    """Yield pages as the guarded reader draws them."""
    with closing(open_pdf(path, password=password)) as pdf:
        if pdf.sha256 != document.sha256:
            raise PdfError(f"{document.path} has changed since it was read: read and clean it again.")
        for page in pages:
            with Image.open(BytesIO(pdf.picture(page.number, scale))) as picture:
                yield picture.convert("RGB")


def _marked(
    picture: Image.Image, document: Document, chunk: CleanedChunk, page: Page, around: float | None
) -> Image.Image:
    """Mark the chunk's lines on one page, and cut the page down to them if that is wanted."""
    pen, scale = ImageDraw.Draw(picture), picture.width / max(page.width, 1.0)
    first, last = chunk.chunk.start, chunk.chunk.end
    kept = [line.box for span in kept_spans(first, last, chunk.removals)
            for line, _ in document.boxes(*span) if line.page == page.number]
    for left, top, _, bottom in _pixels(set(kept), page, picture.size):
        pen.rectangle((left - 7, top, left - 4, bottom), fill=_KEPT)
    for removal in chunk.removals:
        for box in _boxes(document, removal.start, removal.end, page, picture):
            _strike(pen, box)
    lines = _boxes(document, first, last, page, picture)
    if around is None or not lines:
        return picture
    top = max(min(box[1] for box in lines) - around * scale, 0)
    bottom = min(max(box[3] for box in lines) + around * scale, picture.height)
    return picture.crop((0, int(top), picture.width, math.ceil(bottom)))


def _boxes(document: Document, start: int, end: int, page: Page, picture: Image.Image) -> list[Box]:
    """Where a span of the document's text stands on one page, as `_pixels` gives it."""
    found = document.boxes(start, end)
    return list(_pixels([box for line, box in found if line.page == page.number], page, picture.size))


def _pixels(boxes: Iterable[Box | None], page: Page, size: tuple[float, float]) -> Iterator[Box]:
    """Yield boxes as left, top, right, bottom in a picture of that width and height, cut at the page's edges.

    A work file from a stranger may hold any numbers: what is off the page or nowhere is left out.
    """
    scale = size[0] / max(page.width, 1.0)
    for left, bottom, right, top in filter(None, boxes):
        edges = [edge * scale for edge in (left, right, page.height - top, page.height - bottom)]
        if all(map(math.isfinite, edges)):
            (x, x_end), (y, y_end) = (sorted(min(max(edge, 0.0), side) for edge in pair)
                                      for pair, side in ((edges[:2], size[0]), (edges[2:], size[1])))
            if x < x_end and y < y_end:
                yield x, y, x_end, y_end


def _strike(pen: ImageDraw.ImageDraw, box: Box) -> None:
    """Frame a box and draw slanted strokes through it."""
    left, top, right, bottom = box
    pen.rectangle((left - 1, top, right + 1, bottom), outline=_GONE)
    height, x = bottom - top, left
    while x < right:
        pen.line((x, bottom, min(x + height, right), max(top, bottom - (right - x))), fill=_GONE)
        x += max(height, 4.0)


def _side_by_side(pictures: list[Image.Image]) -> Image.Image:
    width = sum(picture.width for picture in pictures) + _GAP * (len(pictures) - 1)
    whole = Image.new("RGB", (width, max(picture.height for picture in pictures)), "white")
    at = 0
    for picture in pictures:
        whole.paste(picture, (at, 0))
        at += picture.width + _GAP
    return whole
