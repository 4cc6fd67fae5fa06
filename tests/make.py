"""Makes what the tests read: small PDFs, documents without a file, text to throw at the rules, and the sample."""

import unicodedata
from functools import cache
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from PyPDF2 import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from podprep import Chunk, Cleaned, CleanedChunk, Document, Line, Page, clean, measure

SAMPLE = Path(__file__).parents[1] / "notebooks" / "sample"
DIGITS = str.maketrans("0123456789", "abdefghjkm")  # none of them a Roman numeral
PROPERTY = settings(max_examples=80, deadline=None)

NO_PAGES = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"]
PIECES = (
    "word Word work- shop well- known [3] [1,2] 2020) Lee (2019) a@b.org https://x.org/a o\ufb03ce "
    "e\u0301 \n \n \n\n References Abstract 1 A. e.g. al. 日本語。 مرحبا 👩\u200d👧 \u00ad \u200b - † <b> &lt; \0 \a"
).split(" ")
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from([*PIECES, "(Smith et al., 2020)", "Figure 3 shows", "Table 1."]), max_size=80).map(" ".join),
)
"""Text of any script, and text made of what the rules look for."""


HOSTILE = (
    "# ## * ** _ __ ` ``` ~~~ --- *** ___ === + - > 1. 12) <script>alert(1)</script> <b> </p> <!-- <?x &amp; &#35; "
    "[a](b) ![i](j) [a]: x [^1]: y [x] [ ] \\ \\* | $x$ $$ snake_case _a_ a_ *b* ~~c~~ # https://x.org <a@b.org> "
    "title: --- word Word, 3.1 • –"
).split(" ")
HOSTILE_TEXTS = st.lists(
    st.one_of(st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=8).map(" ".join), st.text(max_size=40)), max_size=8,
).map("\n\n".join)
"""Paragraphs of what Markdown takes for markup."""


@cache
def sample():
    """The sample article as `tidy` cleans it."""
    return tidied(SAMPLE / "sample.pdf")


@cache
def truth():
    """The sample's clean text, right by construction."""
    return (SAMPLE / "sample.txt").read_text(encoding="utf-8")


def column(*lines, x=72, top=780, step=12, **style):
    """Lines of text below one another, as runs for `write_pdf`."""
    return [(x, top - step * i, line, style) for i, line in enumerate(lines)]


def prose(count, first=0):
    """Lines of body text that no rule has any reason to remove, no two alike."""
    return [f"and so the story goes on for line {n} of the page in plain words".translate(DIGITS)
            for n in range(first + 100, first + 100 + count)]


def write_pdf(path, *pages, **info):
    """Write a PDF whose pages are lists of runs (x, y, text or list of (text, style), style)."""
    canvas = Canvas(str(path), pagesize=A4)
    for key, value in info.items():
        getattr(canvas, f"set{key.capitalize()}")(value)
    for page in pages:
        for x, y, content, style in page:
            write = canvas.beginText(x, y)
            for text, own in [(content, style)] if isinstance(content, str) else content:
                write.setFont(own.get("font", "Times-Roman"), own.get("size", 10))
                write.setRise(own.get("rise", 0))
                write.textOut(text)
            canvas.drawText(write)
        canvas.showPage()
    canvas.save()
    return path


def encrypt(path, user, owner=None):
    """Encrypt a PDF in place."""
    writer = PdfWriter()
    for page in PdfReader(path).pages:
        writer.add_page(page)
    writer.encrypt(user, owner)
    writer.write(path)
    return path


def edit_page(path, change):
    """Change the first page of a PDF in place, and leave the others out."""
    page, writer = PdfReader(path).pages[0], PdfWriter()
    change(page)
    writer.add_page(page)
    writer.write(path)
    return path


def write_coded_pdf(path, shown, codes):
    """Write a PDF that shows `shown`, and says of each key of `codes` which UTF-16 code units it stands for."""
    pairs = " ".join(f"<{ord(char):02X}> <{units}>" for char, units in codes.items())
    streams = [
        f"BT /F 12 Tf 72 700 Td ({shown}) Tj ET",
        "begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
        f"{len(codes)} beginbfchar {pairs} endbfchar endcmap",
    ]
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>",
        *(f"<</Length {len(stream)}>>stream\n{stream}\nendstream" for stream in streams),
    ]
    path.write_bytes(raw_pdf(objects))
    return path


def raw_pdf(objects):
    """The bytes of a PDF made of these objects, numbered from 1; the first is the catalogue."""
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{body}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF"
    return f"{out}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")


def document(*pages):
    """A document whose engine tells no places: one string a page, one line a line."""
    return Document.from_pages(
        Page(number, 595, 842, tuple(Line(text, number) for text in page.split("\n") if text))
        for number, page in enumerate(pages, 1)
    )


def placed(text, y, x=72.0, size=10.0, page=1, width=None, **more):
    """A line at a place: `y` is its base line; characters are half their size wide unless `width` says."""
    right = x + (0.5 * size * len(text) if width is None else width)
    return Line(text, page, (x, y - 0.25 * size, right, y + 0.75 * size), size, **more)


def placed_document(*lines):
    """A document of placed lines, on as many A4 pages as they name."""
    numbers = sorted({line.page for line in lines})
    return Document.from_pages(Page(n, 595, 842, tuple(ln for ln in lines if ln.page == n)) for n in numbers)


def paragraph(*texts, top=700.0, step=12.0, **more):
    """Placed lines below one another."""
    return [placed(text, top - step * i, **more) for i, text in enumerate(texts)]


def cut(document, removals):
    """What the removals take out, as (kind, text)."""
    return [(r.kind, document.text[r.start:r.end]) for r in removals]


def letters(text):
    """Letters and digits in compatibility form: what cleaning may drop but never add or reorder."""
    return [char for char in unicodedata.normalize("NFKD", text) if char.isalnum()]


def in_order(part, whole):
    """Whether `part` is a subsequence of `whole`."""
    rest = iter(whole)
    return all(item in rest for item in part)


def tidied(source, **settings):
    """A PDF or document cleaned by the rules alone."""
    return clean(source, cleaner="tidy", **settings)


def texts(doc, removals):
    """What some removals cover."""
    return [text for _, text in cut(doc, removals)]


def without(text, find):
    """The text without the spans that a finder gives."""
    for start, end in sorted(find(text), reverse=True):
        text = text[:start] + text[end:]
    return text


def locked(path):
    """Write a PDF that opens with a password alone."""
    encrypt(write_pdf(path, column("Text.")), user="secret")


def rewritten(*texts):
    """A document of large lines and small ones by turns, each a chunk that somebody wrote anew."""
    lines = tuple(Line(f"Line {n} of the page.", 1, (50, 700 - 20 * n, 300, 712 - 20 * n), 18.0 if n % 2 else 10.0)
                  for n in range(len(texts) + 1))
    document = Document.from_pages([Page(1, 600, 800, lines)])
    made = [Chunk(n, start, start + len(line.text), line.text, 1, 1)
            for n, (line, start) in enumerate(zip(lines, document.line_starts))]
    clean = ["Plain words of the body, of which there are more than of anything else that stands here. " * 30, *texts]
    return Cleaned(document, "hand", {}, tuple(
        CleanedChunk(chunk, text.strip(), "\n\n", (), measure(chunk.text, text)) for chunk, text in zip(made, clean)))
