"""The page that a chunk came from, as a picture with the chunk's lines marked.

PDFium draws the page, Pillow the marks: a bar in the margin beside lines that stay, a frame with
strokes through it around what is removed, so that the two differ without colour. Reads no text.
"""

from collections.abc import Iterator
from contextlib import closing, nullcontext
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from ..cleaned import Cleaned, CleanedChunk
from ..document import Box, Document, Page
from ..errors import PdfError, ReviewError
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
        ReviewError: there is no such chunk.
    """
    run = source.run if isinstance(source, Review) else source if isinstance(source, Run) else None
    cleaned = source if isinstance(source, Cleaned) else source.cleaned
    if not 0 <= index < len(cleaned.chunks):
        raise ReviewError(f"There is no chunk {index}: chunks are 0 to {len(cleaned.chunks) - 1}.")
    chunk = source.chunk(index) if isinstance(source, Review) else cleaned.chunks[index]
    document = cleaned.document
    numbers = range(chunk.chunk.first_page, chunk.chunk.last_page + 1)
    with run.pdf_file() if run else nullcontext(document.path) as pdf:
        pictures = [_marked(drawn, document, chunk, number, around)
                    for number, drawn in zip(numbers, _drawn(document, pdf, numbers, scale, password))]
    return _side_by_side(pictures).quantize(32, Image.Quantize.FASTOCTREE)  # keeps the marks' colours


def _drawn(document: Document, path: Path, numbers: range, scale: float, password: str | None) -> Iterator[Image.Image]:
    """Yield pages as the guarded reader draws them."""
    with closing(open_pdf(path, password=password)) as pdf:
        if pdf.sha256 != document.sha256:
            raise PdfError(f"{document.path} has changed since it was read: read and clean it again.")
        for number in numbers:
            with Image.open(BytesIO(pdf.picture(number, scale))) as picture:
                yield picture.convert("RGB")


def _marked(
    picture: Image.Image, document: Document, chunk: CleanedChunk, number: int, around: float | None
) -> Image.Image:
    """Mark the chunk's lines on one page, and cut the page down to them if that is wanted."""
    page = next(page for page in document.pages if page.number == number)
    scale = picture.width / max(page.width, 1.0)
    pen = ImageDraw.Draw(picture)
    lines = _boxes(document, chunk.chunk.start, chunk.chunk.end, page, scale)
    kept = kept_spans(chunk.chunk.start, chunk.chunk.end, chunk.removals)
    for whole in {line.box for span in kept for line, _ in document.boxes(*span) if line.page == number}:
        if whole:
            left, top, _, bottom = _pixels(whole, page, scale)
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
    found = document.boxes(start, end)
    return [_pixels(box, page, scale) for line, box in found if box and line.page == page.number]


def _pixels(box: Box, page: Page, scale: float) -> Box:
    left, bottom, right, top = box
    return left * scale, (page.height - top) * scale, right * scale, (page.height - bottom) * scale


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
