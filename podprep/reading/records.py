"""Pages and metadata as plain JSON values, exact in both directions.

Used on the pipe from the worker that parses PDFs and in the files of a run. JSON, not pickle: what
a hostile PDF may have got hold of can then say wrong things, but run nothing.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

from ..document import Line, Metadata, Page

Record = dict[str, Any]


def page_record(page: Page) -> Record:
    """One page, each line as a list in the order of its fields."""
    lines = [
        [line.text, line.page, line.box, line.size, line.bold, line.raised, line.emphasis, line.font, line.aside]
        for line in page.lines
    ]
    head = {"number": page.number, "width": page.width, "height": page.height}
    return head | {"lines": lines} | ({"failure": page.failure} if page.failure else {})


def page_from(record: Record) -> Page:
    """The page that `page_record` made the record of."""
    lines = tuple(_line(values) for values in record["lines"])
    return Page(record["number"], record["width"], record["height"], lines, record.get("failure", ""))


def _line(values: list[Any]) -> Line:
    text, page, box, size, bold, raised, emphasis, font, aside = values
    if not isinstance(aside, str):  # runs of the first version told only whether a line is hidden
        aside = "hidden" if aside else ""
    place = (box[0], box[1], box[2], box[3]) if box else None
    # Few fonts set many lines: one string for each.
    return Line(text, page, place, size, bold, _spans(raised), _spans(emphasis), sys.intern(font), aside)


def _spans(pairs: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in pairs)


def metadata_record(metadata: Metadata) -> Record:
    """The document information by field."""
    return asdict(metadata)


def metadata_from(record: Record) -> Metadata:
    """The metadata that `metadata_record` made the record of."""
    return Metadata(**record)

