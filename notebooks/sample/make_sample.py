"""Typesets the project's sample article: sample.pdf, and beside it sample.txt, the clean text it should give.

    python make_sample.py

Both come from one source, article.md, so the text is right by construction and not by reading the PDF back.
The pages carry on purpose what makes articles hard to clean: two columns, hyphens, ligatures, alternating
running heads, folios, footnotes, two kinds of citation, a figure, a table, an equation and references. The
same versions of the libraries write the same bytes each time.

It is no general typesetter: the places of the floats and footnotes are fixed by hand (`plan`), so after
editing article.md look at the pages. Only a maintainer runs it; both results are checked in.

Needs reportlab, pyphen, and matplotlib for the DejaVu fonts that come with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    FrameBreak,
    HRFlowable,
    PageTemplate,
    Paragraph,
    Spacer,
)
from sample_floats import damage_table, fraction, frequency_figure
from sample_text import Block, clean_text, print_markup, read_blocks, word_breaks

HERE = Path(__file__).parent
FONTS = {
    "Serif": "DejaVuSerif",
    "Serif-Bold": "DejaVuSerif-Bold",
    "Serif-Italic": "DejaVuSerif-Italic",
    "Sans": "DejaVuSans",
    "Sans-Bold": "DejaVuSans-Bold",
}
PAGES = 8
FIRST_FOLIO = 41
MARGIN, GUTTER = 52.0, 18.0
TOP, BOTTOM = A4[1] - 70, 64.0
MEASURE = A4[0] - 2 * MARGIN
COLUMN = (MEASURE - GUTTER) / 2
LEFT_EDGE = {"left": MARGIN, "right": MARGIN + COLUMN + GUTTER}
TITLE_HEIGHT = 246.0
EDGES = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}


def style(name: str, font: str, size: float, leading: float, **more: object) -> ParagraphStyle:
    """A paragraph style; compounds may break at their own hyphens, and no line stands alone."""
    common = {"embeddedHyphenation": 1, "allowWidows": 0, "allowOrphans": 0, "splitLongWords": 0}
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=leading, **common, **more)


BODY = {"alignment": TA_JUSTIFY, "hyphenationLang": word_breaks, "uriWasteReduce": 0.3}
CENTRED = {"alignment": TA_CENTER}
HEADING = {"spaceBefore": 10, "spaceAfter": 4}
STYLES = {
    each.name: each
    for each in (
        style("title", "Serif-Bold", 17, 22, **CENTRED, spaceAfter=10),
        style("authors", "Serif", 11, 14, **CENTRED, spaceAfter=4),
        style("affiliation", "Serif-Italic", 8.5, 11.5, **CENTRED),
        style("abstract", "Serif", 8.6, 11.6, **BODY),
        style("keywords", "Serif-Italic", 8.6, 11.6, spaceBefore=6),
        style("heading", "Sans-Bold", 10.5, 13, **HEADING),
        style("backhead", "Sans-Bold", 10.5, 13, **HEADING),
        style("subheading", "Sans-Bold", 9, 12, **HEADING),
        style("paragraph", "Serif", 9.9, 13.7, **BODY, firstLineIndent=12),
        style("list", "Serif", 9.9, 13.7, **BODY, leftIndent=14, bulletIndent=3, spaceBefore=3),
        style("reference", "Serif", 8, 10.6, **BODY, leftIndent=20, firstLineIndent=-20, spaceAfter=3),
    )
}
# Points that must be free below the start of a heading, so that none ends a column.
ROOM_BELOW = {"heading": 84.0, "subheading": 56.0, "backhead": 56.0}
CAPTION = style("caption", "Sans", 7.6, 10, **BODY)
FOOTNOTE = style("footnote", "Serif", 7.4, 9.6, **BODY)


@dataclass(frozen=True)
class Slot:
    """A strip of a column that is kept free of text, for a float at its top or a note at its foot."""

    page: int
    side: str
    edge: str
    height: float
    content: tuple[Flowable, ...]


def plan(blocks: Sequence[Block]) -> list[Slot]:
    """What does not flow with the text, each in the place chosen for it."""
    figure, table, *notes = (
        Paragraph(print_markup(block.text), FOOTNOTE if block.kind == "footnote" else CAPTION)
        for block in blocks
        if block.kind in ("figure", "table", "footnote")
    )
    drawing = frequency_figure(clean_text(blocks), COLUMN, 150)
    rule = HRFlowable(width="30%", thickness=0.4, hAlign="LEFT", spaceBefore=2, spaceAfter=3)
    return [
        Slot(3, "left", "foot", 40, (rule, notes[0])),
        Slot(3, "right", "top", 208, (drawing, Spacer(1, 4), figure)),
        Slot(5, "left", "foot", 40, (rule, notes[1])),
        Slot(5, "right", "top", 166, (table, Spacer(1, 4), damage_table(COLUMN))),
    ]


class Journal(BaseDocTemplate):
    """Pages of two columns, with heads, folios, and slots filled when their column begins or ends."""

    def __init__(self, path: Path, facts: dict[str, str], slots: Iterable[Slot]) -> None:
        about = {"title": facts["title"], "author": facts["authors"]}
        super().__init__(str(path), pagesize=A4, invariant=1, pageCompression=1, **about)
        self.facts = facts
        self.slots = {(slot.page, slot.side, slot.edge): slot for slot in slots}
        self.addPageTemplates([self.template(page) for page in range(1, PAGES + 1)])

    def template(self, page: int) -> PageTemplate:
        """The frames of one page, with its head and foot."""
        ceiling = TOP - TITLE_HEIGHT if page == 1 else TOP
        frames = [self.column(page, side, ceiling) for side in LEFT_EDGE]
        if page == 1:
            frames.insert(0, Frame(MARGIN, ceiling, MEASURE, TITLE_HEIGHT, id="title", **EDGES))
        return PageTemplate(str(page), frames, self.head, self.foot)

    def column(self, page: int, side: str, ceiling: float) -> Frame:
        """The frame of one column, as high as its slots leave it."""
        over, under = (self.slots.get((page, side, edge)) for edge in ("top", "foot"))
        bottom = BOTTOM + (under.height if under else 0)
        height = ceiling - bottom - (over.height if over else 0)
        return Frame(LEFT_EDGE[side], bottom, COLUMN, height, id=side, **EDGES)

    def handle_pageBegin(self) -> None:
        """Begins a page with the template of its own number."""
        self.pageTemplate = self.pageTemplates[self.page]
        super().handle_pageBegin()

    def handle_frameBegin(self, *args: object, **kwargs: object) -> None:
        """Draws the float at the top of a column before the text below it."""
        super().handle_frameBegin(*args, **kwargs)
        self.fill("top")

    def handle_frameEnd(self, *args: object, **kwargs: object) -> None:
        """Draws the note at the foot of a column after the text above it."""
        self.fill("foot")
        super().handle_frameEnd(*args, **kwargs)

    def fill(self, edge: str) -> None:
        """Draws what is planned for one edge of the present column, if anything is."""
        slot = self.slots.get((self.page, self.frame.id, edge))
        if slot is None:
            return
        bottom = TOP - slot.height if edge == "top" else BOTTOM
        content = list(slot.content)
        Frame(LEFT_EDGE[slot.side], bottom, COLUMN, slot.height, **EDGES).addFromList(content, self.canv)
        if content:
            raise ValueError(f"the {edge} slot on page {slot.page}, {slot.side}, is too low for its content")

    def head(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        """The running head: the journal over even pages, the article over odd ones but the first."""
        if self.page == 1:
            return
        canvas.setFont("Sans", 7.8)
        canvas.drawCentredString(A4[0] / 2, TOP + 22, self.facts["short" if self.page % 2 else "journal"])
        canvas.setLineWidth(0.4)
        canvas.line(MARGIN, TOP + 14, A4[0] - MARGIN, TOP + 14)

    def foot(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        """The folio, and on the first page the footer line above it."""
        canvas.setFont("Sans", 7.8)
        if self.page == 1:
            canvas.drawString(MARGIN, BOTTOM - 20, self.facts["footer"])
        canvas.drawCentredString(A4[0] / 2, BOTTOM - 34, str(FIRST_FOLIO + self.page - 1))


def story(blocks: Iterable[Block]) -> Iterator[Flowable]:
    """Everything that flows through the columns, in order."""
    for block in blocks:
        if block.kind == "columns":
            yield FrameBreak()
        elif block.kind == "equation":
            yield fraction(block.text, COLUMN)
        elif block.kind in STYLES:
            yield CondPageBreak(ROOM_BELOW.get(block.kind, 0))
            bullet = "\u2022" if block.kind == "list" else None
            for part in block.parts:
                yield Paragraph(print_markup(part), STYLES[block.kind], bulletText=bullet)


def main() -> None:
    """Writes sample.pdf and sample.txt beside this script."""
    for name, file in FONTS.items():
        registerFont(TTFont(name, Path(matplotlib.get_data_path(), "fonts", "ttf", f"{file}.ttf")))
    registerFontFamily("Serif", normal="Serif", bold="Serif-Bold", italic="Serif-Italic")
    blocks = read_blocks((HERE / "article.md").read_text(encoding="utf-8"))
    facts = {block.kind: block.text for block in blocks}
    journal = Journal(HERE / "sample.pdf", facts, plan(blocks))
    journal.build(list(story(blocks)))
    (HERE / "sample.txt").write_text(clean_text(blocks), encoding="utf-8")


if __name__ == "__main__":
    main()
