"""Typesets plain-text sources into ID.pdf, each with ID.prose.txt, the prose that should come out of it.

    python typeset.py SOURCES_FOLDER

Every ID.source.txt in the folder is one document. Both results come from it, so the truth is right by
construction and not by reading the PDF back. The same versions of the libraries write the same bytes each time.

`source_text` tells how a source is written. Needs reportlab, pyphen, and matplotlib for the fonts that come with it.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import matplotlib
from reportlab.graphics.shapes import Drawing, Group, Line, PolyLine, Rect, String
from reportlab.lib.colors import Color, HexColor, black, grey
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate, Paragraph, Preformatted, Spacer, Table
from reportlab.platypus.doctemplate import ActionFlowable
from reportlab.platypus.flowables import Flowable, KeepTogether
from source_text import Block, Settings, print_markup, read_source, truth

Look = dict[str, object]
BUILT_IN = {"Times": ("Roman", "Bold", "Italic", "BoldItalic"), "Helvetica": ("", "Bold", "Oblique", "BoldOblique")}
BUILT_IN["Courier"] = BUILT_IN["Helvetica"]
FILES = {
    "DejaVuSerif": ("", "-Bold", "-Italic", "-BoldItalic"),
    "DejaVuSans": ("", "-Bold", "-Oblique", "-BoldOblique"),
    "DejaVuSansMono": ("", "-Bold", "-Oblique", "-BoldOblique"),
    "STIXGeneral": ("", "Bol", "Italic", "BolIta"),
}
ALIGN = {"left": 0, "centre": 1, "right": 2, "justify": 4}
EDGES = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}


def register_fonts() -> dict[str, tuple[str, ...]]:
    """Registers the fonts; gives each family's names as regular, bold, italic, bold italic."""
    families = {name: tuple(f"{name}-{cut}".rstrip("-") for cut in cuts) for name, cuts in BUILT_IN.items()}
    for name, cuts in FILES.items():
        families[name] = tuple(f"{name}-{cut}" for cut in ("Regular", "Bold", "Italic", "BoldItalic"))
        for font, cut in zip(families[name], cuts, strict=True):
            registerFont(TTFont(font, Path(matplotlib.get_data_path(), "fonts", "ttf", f"{name}{cut}.ttf")))
        registerFontFamily(families[name][0], *families[name])
    return families


class Press:
    """Makes the blocks of one document into what reportlab sets, by the document's settings."""

    def __init__(self, settings: Settings, families: dict[str, tuple[str, ...]]) -> None:
        self.settings = settings
        self.body, self.bold, self.italic, _ = families[settings["font"]]
        self.head, self.head_bold, self.head_italic, _ = families[settings["heads"]]
        self.size, self.small = float(settings["size"]), float(settings["small"])
        self.accent = HexColor(settings["accent"])
        self.ligatures = settings["ligatures"] == "yes"
        self.styles = self.make_styles()

    def make_styles(self) -> dict[str, ParagraphStyle]:
        """The styles of all kinds that are set as paragraphs."""
        known, size, gap = self.settings, self.size, float(self.settings["gap"])
        large, title = float(known["heading-size"]), ALIGN[known["title-align"]]
        text: Look = {"alignment": ALIGN[known["align"]], "spaceAfter": gap}
        if known["hyphens"] == "yes":
            text |= {"hyphenationLang": "en_US", "uriWasteReduce": 0.3}
        item = text | {"spaceBefore": 2, "spaceAfter": gap / 2, "leftIndent": size * 1.7}
        centred: Look = {"alignment": title, "spaceAfter": 3}
        head: Look = {"keepWithNext": 1, "alignment": ALIGN[known["heading-align"]], "textColor": self.accent}
        head |= {"spaceBefore": large, "spaceAfter": large * 0.4}
        inset: Look = {"borderPadding": 6, "leftIndent": 8, "rightIndent": 8, "spaceBefore": 12, "spaceAfter": 14}
        ruled = inset | {"borderWidth": 0.6, "borderColor": self.accent, "textColor": self.accent, "alignment": 1}
        rows: list[tuple[str, str, float, Look]] = [
            ("title", self.head_bold, float(known["title-size"]), head | {"alignment": title, "spaceAfter": 10}),
            ("subtitle", self.head_italic, large, centred | {"spaceAfter": 10}),
            ("heading", self.head_bold, large, head),
            ("backhead", self.head_bold, large, head),
            ("subheading", self.head_italic, size * 1.05, {"keepWithNext": 1, "spaceBefore": 6, "spaceAfter": 3}),
            ("paragraph", self.body, size, text | {"firstLineIndent": float(known["indent"])}),
            ("plain", self.body, size, text),
            ("opening", self.body, size, text | {"spaceAfter": size * 1.6}),
            ("abstract", self.body, size * float(known["abstract-size"]), text),
            ("quote", self.body, size * 0.94, text | inset | {"leftIndent": size * 2, "rightIndent": size * 2}),
            ("item", self.body, size, item | {"bulletFontName": self.body, "bulletFontSize": size}),
            ("numbered", self.body, size, item | {"firstLineIndent": -size * 1.4}),
            ("authors", self.body, size * 1.1, centred),
            ("affiliation", self.italic, size * 0.88, centred),
            ("email", "Courier", size * 0.82, centred | {"spaceAfter": 8}),
            ("keywords", self.italic, size * 0.9, {"spaceBefore": 5, "spaceAfter": 5}),
            ("caption", self.head, size * float(known["caption-size"]), {"spaceBefore": 3, "spaceAfter": 9}),
            ("footnote", self.body, size * 0.78, {}),
            ("toc", self.head, size, {}),
            ("code", "Courier", size * 0.8, {}),
            ("reference", self.body, size * 0.84, text | {"leftIndent": 14, "firstLineIndent": -14, "spaceAfter": 2}),
            ("imprint", self.head, size * 0.74, {"spaceAfter": 6}),
            ("letterhead", self.head_bold, size * 0.9, head | {"alignment": ALIGN["right"]}),
            ("address", self.body, size, {"spaceBefore": 6, "spaceAfter": 10}),
            ("pullout", self.head_italic, size * 1.45, ruled),
            ("box", self.head, size * 0.86, inset | {"backColor": HexColor(known["tint"])}),
            ("equation", "STIXGeneral-Regular", size * 1.05, {"alignment": ALIGN["centre"]}),
        ]
        common: Look = {"embeddedHyphenation": 1, "allowWidows": 0, "allowOrphans": 0, "splitLongWords": 0}
        leading = float(known["leading"])
        return {
            name: ParagraphStyle(name, fontName=font, fontSize=points, leading=points * leading, **common, **look)
            for name, font, points, look in rows
        }

    def flow(self, blocks: Sequence[Block], width: float) -> Iterator[Flowable]:
        """Everything in the order of the source, floats and footnotes as orders to the pages."""
        before, number = "title", 0
        while number < len(blocks):
            block = blocks[number]
            number += 1
            if block.kind in ("top", "wide"):
                end = next(at for at in range(number, len(blocks)) if blocks[at].kind == "end")
                yield Later(block.kind, [self.make(each, width) for each in blocks[number:end]])
                number = end + 1
            elif block.kind == "footnote":
                yield Later("note", [self.make(block, width)])
            else:
                if block.kind == "heading" and self.settings["heading-break"] == "yes":
                    yield PageBreak()
                first = block.kind == "paragraph" and before not in ("paragraph", "opening")
                yield self.make(Block("plain", block.lines) if first else block, width)
                before = block.kind

    def make(self, block: Block, width: float) -> Flowable:
        """One block as it is set."""
        special = {"code": self.code, "table": self.table, "chart": self.chart, "equation": self.equation}
        if block.kind in special:
            return special[block.kind](block, width)
        if block.kind == "page":
            return PageBreak()
        if block.kind == "space":
            return Spacer(1, float(block.text))
        style = self.styles[block.kind]
        if block.kind == "toc":
            return Preformatted("\n".join(self.dotted(line, width) for line in block.lines), style)
        if block.kind == "opening":
            initial = f'<font name="{self.bold}" size="{self.size * 2.4:g}">{block.text[0]}</font>'
            return Paragraph(initial + print_markup(block.text[1:], self.ligatures), style)
        stacked = block.kind in ("address", "letterhead", "imprint", "affiliation", "quote")
        text = ("<br/>" if stacked else " ").join(print_markup(line, self.ligatures) for line in block.lines)
        if block.kind == "box":
            text = "<b>{}</b><br/>{}".format(*map(print_markup, (block.lines[0], " ".join(block.lines[1:]))))
        made = Paragraph(text, style, bulletText=self.settings["bullet"] if block.kind == "item" else None)
        return KeepTogether([made]) if block.kind in ("box", "pullout") else made

    def dotted(self, line: str, width: float) -> str:
        """A line of a table of contents, with dots to the page number."""
        name, _, page = line.rpartition(" | ")
        style = self.styles["toc"]
        free, dot = (stringWidth(text, style.fontName, style.fontSize) for text in (f"{name}  {page}", " ."))
        return f"{name} {' .' * int((width - free) / dot)} {page}"

    def code(self, block: Block, width: float) -> Flowable:
        """A listing between two rules, its first line as a heading."""
        head = Paragraph(print_markup(block.lines[0]), self.styles["plain"])
        rules = [(rule, (0, 0), (-1, 0), 0.6, black) for rule in ("LINEABOVE", "LINEBELOW")]
        rules.append(("LINEBELOW", (0, 1), (-1, 1), 0.6, black))
        listing = Preformatted("\n".join(block.lines[1:]), self.styles["code"])
        return Table([[head], [listing]], [width], style=rules, spaceBefore=8, spaceAfter=10, splitByRow=0)

    def table(self, block: Block, width: float) -> Flowable:
        """A table with rules and a bold first row; the first column ranges left, the others right."""
        rows = [[cell.strip() for cell in line.split("|")] for line in block.lines]
        size = self.size * float(self.settings["table-size"])
        looks = [("FONT", (0, 0), (-1, -1), self.head, size, size * 1.2), ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
                 ("FONT", (0, 0), (-1, 0), self.head_bold, size), ("LINEABOVE", (0, 0), (-1, 0), 0.8, black),
                 ("LINEBELOW", (0, 0), (-1, 0), 0.4, black), ("LINEBELOW", (0, -1), (-1, -1), 0.8, black),
                 ("BOTTOMPADDING", (0, 0), (-1, -1), 2), ("TOPPADDING", (0, 0), (-1, -1), 2)]
        return Table(rows, style=looks, hAlign="CENTER", spaceBefore=6, spaceAfter=8)

    def equation(self, block: Block, width: float) -> Flowable:
        """An equation and its number: `whole | (1)`, or `left | above | below | (1)` with a fraction."""
        *parts, mark = (Paragraph(print_markup(part), self.styles["equation"]) for part in block.text.split(" | "))
        if len(parts) > 1:
            line = [("LINEBELOW", (0, 0), (0, 0), 0.5, black), ("TOPPADDING", (0, 0), (0, 0), 0)]
            parts = [parts[0], Table([[parts[1]], [parts[2]]], [width * 0.4], style=line)]
        room = width - 36
        widths = [room] if len(parts) == 1 else [room - width * 0.44, width * 0.44]
        looks = [("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        return Table([[*parts, mark]], [*widths, 36], style=looks, spaceBefore=4, spaceAfter=6)

    def chart(self, block: Block, width: float) -> Flowable:
        """A chart of bars or of a line: `bars` or `line`, the names of the axes, then `label value` a line."""
        shape, across, up, *rows = block.lines
        labels, values = zip(*(row.rsplit(" ", 1) for row in rows), strict=True)
        heights = [float(value) for value in values]
        wide, high, top = width - 44, min(width * 0.42, 190.0), max(heights)
        drawing = Drawing(width, high + self.size * 4)
        size = self.size * 0.7
        edge, floor = size * 5, size * 4
        wide -= edge - 38

        def write(x: float, y: float, text: str, anchor: str = "middle") -> String:
            return String(x, y, text, fontName=self.head, fontSize=size, textAnchor=anchor)

        for tick in range(5):
            y = floor + high * tick / 4
            drawing.add(Line(edge, y, edge + wide, y, strokeColor=grey, strokeWidth=0.3))
            drawing.add(write(edge - 3, y - size / 3, f"{top * tick / 4:,.{0 if top > 20 else 1}f}", "end"))
        step, points = wide / len(labels), []
        for place, (label, height) in enumerate(zip(labels, heights, strict=True)):
            x, y = edge + step * (place + 0.5), high * height / top
            points += [x, floor + y]
            drawing.add(write(x, size * 2.4, label))
            if shape == "bars":
                drawing.add(Rect(x - step * 0.3, floor, step * 0.6, y, fillColor=self.accent, strokeWidth=0))
        if shape == "line":
            drawing.add(PolyLine(points, strokeColor=self.accent, strokeWidth=1.2))
        drawing.add(write(edge + wide / 2, size * 0.8, across))
        drawing.add(Group(write(0, 0, up), transform=(0, 1, -1, 0, size * 1.3, floor + high / 2)))
        return drawing


class Later(ActionFlowable):
    """An order to the pages: set these in another place than here."""

    def __init__(self, where: str, content: list[Flowable]) -> None:
        super().__init__()
        self.where, self.content = where, content

    def apply(self, doc: "Pages") -> None:
        """Called when the text has come this far."""
        doc.waiting[self.where].append(self.content)
        if self.where == "note":
            doc.place_notes()


def height_of(content: Iterable[Flowable], width: float) -> float:
    """How high these stand upon each other in a column of this width."""
    return sum(each.getSpaceBefore() + each.wrap(width, 10_000)[1] + each.getSpaceAfter() for each in content) + 6


class Pages(BaseDocTemplate):
    """Pages with columns, running heads and feet, floats at the top and notes at the foot."""

    def __init__(self, path: Path, press: Press, title: str) -> None:
        self.press, self.settings = press, press.settings
        size = tuple(float(side) for side in self.settings["page"].split("x"))
        super().__init__(str(path), pagesize=size, invariant=1, pageCompression=1, title=title, author="podprep")
        self.left, top, right, self.foot = (float(side) for side in self.settings["margins"].split())
        self.measure, self.ceiling = size[0] - self.left - right, size[1] - top
        count, gutter = int(self.settings["columns"]), float(self.settings["gutter"])
        self.column = (self.measure - gutter * (count - 1)) / count
        lefts = [self.left + (self.column + gutter) * place for place in range(count)]
        frames = [Frame(x, self.foot, self.column, self.ceiling - self.foot, id=str(x), **EDGES) for x in lefts]
        self.addPageTemplates(PageTemplate("all", frames, lambda *_: self.edge("head"), onPageEnd=self.end_page))
        self.waiting: dict[str, list[list[Flowable]]] = {"wide": [], "top": [], "note": []}
        self.notes: list[Flowable] = []
        self.strip = 0.0

    def handle_frameBegin(self, *args: object, **kwargs: object) -> None:
        """Puts what waits for the top of the page or the column there, and the notes left over at its foot."""
        super().handle_frameBegin(*args, **kwargs)
        if self.frame is self.pageTemplate.frames[0]:
            self.strip = self.place_top("wide", self.left, self.measure, self.ceiling)
        taken = self.place_top("top", self.frame._x1, self.column, self.ceiling - self.strip)
        self.frame._y -= self.strip + taken
        self.frame._y1p = self.foot
        self.place_notes()

    def handle_frameEnd(self, *args: object, **kwargs: object) -> None:
        """Draws the notes below a column when it is full."""
        self.draw_notes()
        super().handle_frameEnd(*args, **kwargs)

    def place_top(self, where: str, x: float, width: float, top: float) -> float:
        """Draws what waits, from `top` downward, and gives the height that it took."""
        content = [each for group in self.waiting[where] for each in group]
        self.waiting[where] = []
        height = height_of(content, width) + 6 if content else 0.0
        if content:
            Frame(x, top - height, width, height, **EDGES).addFromList(content, self.canv)
        if content:
            raise ValueError(f"a float is too high for {self.filename}, page {self.page}")
        return height

    def place_notes(self) -> None:
        """Makes room at the foot of the present column for the notes that wait, if it has any."""
        notes = [each for group in self.waiting["note"] for each in group]
        height = height_of(notes, self.column)
        if notes and self.frame._y - self.frame._y1p > height + 3 * self.press.size:
            self.frame._y1p += height
            self.notes += notes
            self.waiting["note"] = []

    def draw_notes(self) -> None:
        """Draws the notes of the present column below a short rule."""
        if self.notes:
            self.canv.setLineWidth(0.4)
            self.canv.line(self.frame._x1, self.frame._y1p - 3, self.frame._x1 + 50, self.frame._y1p - 3)
            room = self.frame._y1p - self.foot - 4
            Frame(self.frame._x1, self.foot, self.column, room, **EDGES).addFromList(self.notes, self.canv)

    def end_page(self, *_: object) -> None:
        """Draws the last column's notes, where a page break came before its end, and the running foot."""
        self.draw_notes()
        self.edge("foot")

    def edge(self, place: str) -> None:
        """Draws the running head or foot: `left | centre | right`, where {n} stands for the folio."""
        folio = int(self.settings["folio"]) + self.page - 1
        which = f"{place}-first" if self.page == 1 else f"{place}-{('even', 'odd')[folio % 2]}"
        line = self.settings.get(which, self.settings.get(place, ""))
        if not line.replace("|", "").strip():
            return
        y = self.ceiling + 16 if place == "head" else self.foot - 24
        right = self.left + self.measure
        canvas = self.canv
        canvas.setFont(self.press.head, self.press.small)
        canvas.setFillColor(Color(0.25, 0.25, 0.25))
        texts = [text.strip().replace("{n}", str(folio)) for text in line.split("|")]
        canvas.drawString(self.left, y, texts[0])
        canvas.drawCentredString((self.left + right) / 2, y, texts[1])
        canvas.drawRightString(right, y, texts[2])
        if self.settings["rule"] == "yes":
            canvas.setLineWidth(0.4)
            canvas.line(self.left, y - 5 if place == "head" else y + 11, right, y - 5 if place == "head" else y + 11)


def typeset(source: Path, families: dict[str, tuple[str, ...]]) -> None:
    """Writes the PDF and the prose of one source beside it."""
    settings, blocks = read_source(source.read_text(encoding="utf-8"))
    name = source.name.removesuffix(".source.txt")
    press = Press(settings, families)
    title = next(block.text for block in blocks if block.kind == "title")
    pages = Pages(source.with_name(f"{name}.pdf"), press, title)
    start = next((place for place, block in enumerate(blocks) if block.kind == "columns"), -1)
    pages.waiting["wide"].append([press.make(block, pages.measure) for block in blocks[: max(start, 0)]])
    pages.build(list(press.flow(blocks[start + 1 :], pages.column)))
    if any(group for groups in pages.waiting.values() for group in groups):
        raise ValueError(f"{source}: a float or a note found no page; put it earlier")
    source.with_name(f"{name}.prose.txt").write_text(truth(blocks), encoding="utf-8")


def main() -> None:
    """Typesets every source in the folder that is named."""
    families = register_fonts()
    for source in sorted(Path(sys.argv[1]).glob("*.source.txt")):
        typeset(source, families)


if __name__ == "__main__":
    main()
