"""The page that a chunk came from, as a picture with the chunk's lines marked.

PDFium draws the page, Pillow the marks: a bar in the margin beside lines that stay, a frame with
strokes through it around what is removed, so that the two differ without colour. Reads no text.
"""

from __future__ import annotations

import hashlib

import pypdfium2
from PIL import Image, ImageDraw

from .cleaned import Cleaned, CleanedChunk
from .document import Box, Document, Page
from .errors import PdfError, ReviewError
from .opened import read_file
from .review import Review
from .sidecar import boxes_of

_KEPT, _GONE = (20, 90, 200), (190, 30, 20)
_LARGEST = 3000  # pixels on either side
_GAP = 8  # pixels between two pages


def show_page(
    source: Cleaned | Review, index: int, scale: float = 1.3, around: float | None = None
) -> Image.Image:
    """The pages of one chunk side by side, marked; a notebook shows the picture by itself.

    Args:
        source: the document, cleaned or under review.
        index: the chunk, from 0.
        scale: pixels a point (1/72 inch).
        around: points to show above and below the chunk's lines; the whole page by default.

    Raises:
        PdfError: the PDF is gone, has changed since it was read, or cannot be drawn.
        ReviewError: there is no such chunk.
    """
    cleaned = source.cleaned if isinstance(source, Review) else source
    if not 0 <= index < len(cleaned.chunks):
        raise ReviewError(f"There is no chunk {index}: chunks are 0 to {len(cleaned.chunks) - 1}.")
    chunk = source.chunk(index) if isinstance(source, Review) else cleaned.chunks[index]
    document = cleaned.document
    data = read_file(document.path)
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise PdfError(f"{document.path} has changed since it was read: read and clean it again.")
    numbers = range(chunk.chunk.first_page, chunk.chunk.last_page + 1)
    try:
        with pypdfium2.PdfDocument(data) as pdf:
            pictures = [_marked(_drawn(pdf, number, scale), document, chunk, number, around) for number in numbers]
    except pypdfium2.PdfiumError as error:
        raise PdfError(f"{document.path}: the page cannot be drawn ({error}); look at it in a PDF viewer.") from None
    return _side_by_side(pictures).quantize(32)


def _drawn(pdf: pypdfium2.PdfDocument, number: int, scale: float) -> Image.Image:
    page = pdf[number - 1]
    fitting = min(scale, _LARGEST / max(*page.get_size(), 1.0))
    picture: Image.Image = page.render(scale=fitting).to_pil().convert("RGB")
    page.close()
    return picture


def _marked(
    picture: Image.Image, document: Document, chunk: CleanedChunk, number: int, around: float | None
) -> Image.Image:
    """Mark the chunk's lines on one page, and cut the page down to them if that is wanted."""
    page = next(page for page in document.pages if page.number == number)
    scale = picture.width / max(page.width, 1.0)
    pen = ImageDraw.Draw(picture)
    lines = _boxes(document, chunk.chunk.start, chunk.chunk.end, page, scale)
    for left, top, _, bottom in lines:
        pen.rectangle((left - 7, top, left - 4, bottom), fill=_KEPT)
    for removal in chunk.removals:
        for box in _boxes(document, removal.start, removal.end, page, scale):
            _strike(pen, box)
    if around is None or not lines:
        return picture
    top = max(min(box[1] for box in lines) - around * scale, 0)
    bottom = min(max(box[3] for box in lines) + around * scale, picture.height)
    return picture.crop((0, int(top), picture.width, int(bottom)))


def _boxes(document: Document, start: int, end: int, page: Page, scale: float) -> list[Box]:
    """Where a span of the document's text stands on one page: left, top, right, bottom in pixels."""
    found = (box for line, box in boxes_of(document, start, end) if box and line.page == page.number)
    return [
        (left * scale, (page.height - top) * scale, right * scale, (page.height - bottom) * scale)
        for left, bottom, right, top in found
    ]


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
