"""The figure, the table and the equation of the sample article, as reportlab drawings and tables.

It sets no captions and decides no places on the page; make_sample.py does both.
"""

import re
from collections import Counter
from math import log10

from reportlab.graphics.shapes import Circle, Drawing, Group, Line, PolyLine, String
from reportlab.lib.colors import black
from reportlab.platypus import Table

AXIS_LEFT, AXIS_BOTTOM = 34, 30
DECADES = 3  # both axes run from 1 to 1000
LABELLED = 3  # how many of the commonest words are named in the figure

# The made-up passage: what was done to it, then S, D and I.
PASSAGE_WORDS = 20
DAMAGE = (
    ("Word left broken", 1, 0, 1),
    ("Ligature lost", 1, 0, 0),
    ("Running head let in", 0, 0, 6),
    ("Footnote let in", 0, 0, 12),
    ("Gutter read across", 3, 11, 11),
)
RULES = [
    ("LINEABOVE", (0, 0), (-1, 0), 0.8, black),
    ("LINEBELOW", (0, 0), (-1, 0), 0.4, black),
    ("LINEBELOW", (0, -1), (-1, -1), 0.8, black),
]


def frequency_figure(text: str, width: float, height: float) -> Drawing:
    """How often each word of the text occurs, against its rank, on two logarithmic axes."""
    counts = Counter(re.findall(r"[^\W\d_]+", text.lower())).most_common()
    across, up = (width - AXIS_LEFT - 12) / DECADES, (height - AXIS_BOTTOM - 10) / DECADES
    points = [
        (AXIS_LEFT + across * log10(rank), AXIS_BOTTOM + up * log10(count))
        for rank, (_, count) in enumerate(counts, start=1)
    ]
    drawing = Drawing(width, height, *_axes(across, up))
    drawing.add(PolyLine([xy for point in points for xy in point], strokeWidth=1))
    for (x, y), (word, _) in zip(points[:LABELLED], counts[:LABELLED], strict=True):
        drawing.add(Circle(x, y, 1.8, fillColor=black))
        drawing.add(_label(x + 5, y + 3, word, "start"))
    return drawing


def _axes(across: float, up: float) -> list[Line | String | Group]:
    right, top = AXIS_LEFT + DECADES * across, AXIS_BOTTOM + DECADES * up
    shapes: list[Line | String | Group] = [
        Line(AXIS_LEFT, AXIS_BOTTOM, right, AXIS_BOTTOM, strokeWidth=0.6),
        Line(AXIS_LEFT, AXIS_BOTTOM, AXIS_LEFT, top, strokeWidth=0.6),
        _label((AXIS_LEFT + right) / 2, 4, "Rank of the word"),
        Group(_label(0, 0, "Times it occurs"), transform=(0, 1, -1, 0, 9, (AXIS_BOTTOM + top) / 2)),
    ]
    for decade in range(DECADES + 1):
        x, y, mark = AXIS_LEFT + decade * across, AXIS_BOTTOM + decade * up, str(10**decade)
        shapes += [Line(x, AXIS_BOTTOM, x, AXIS_BOTTOM - 3), _label(x, AXIS_BOTTOM - 11, mark)]
        shapes += [Line(AXIS_LEFT, y, AXIS_LEFT - 3, y), _label(AXIS_LEFT - 5, y - 2.5, mark, "end")]
    return shapes


def _label(x: float, y: float, text: str, anchor: str = "middle") -> String:
    return String(x, y, text, fontName="Sans", fontSize=7, textAnchor=anchor)


def damage_table(width: float) -> Table:
    """The worked example: each kind of damage, its errors and its word error rate."""
    rows = [["Damage", "N", "S", "D", "I", "WER"]]
    for damage, *errors in DAMAGE:
        rate = sum(errors) / PASSAGE_WORDS
        rows.append([damage, *map(str, (PASSAGE_WORDS, *errors)), f"{rate:.2f}"])
    cells = [("FONT", (0, 0), (-1, -1), "Sans", 8, 10), ("ALIGN", (1, 0), (-1, -1), "RIGHT")]
    numbers = [28.0] * 5
    return Table(rows, colWidths=[width - sum(numbers), *numbers], style=[*cells, *RULES])


def fraction(source: str, width: float) -> Table:
    """A displayed equation with its number at the right, from `left | top | bottom | number`."""
    left, top, bottom, number = (part.strip() for part in source.split("|"))
    cells = [[left, top, number], ["", bottom, ""]]
    sides, middle = 80.0, 64.0
    style = [
        ("FONT", (0, 0), (-1, -1), "Serif", 9.2, 12),
        ("SPAN", (0, 0), (0, 1)),
        ("SPAN", (2, 0), (2, 1)),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("ALIGN", (0, 0), (0, 0), "RIGHT"),
        ("ALIGN", (1, 0), (1, 1), "CENTER"),
        ("ALIGN", (2, 0), (2, 0), "RIGHT"),
        ("LINEBELOW", (1, 0), (1, 0), 0.5, black),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    widths = [sides, middle, width - sides - middle]
    return Table(cells, colWidths=widths, style=style, spaceBefore=5, spaceAfter=7)
