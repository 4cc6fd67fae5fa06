"""Markdown that parsers read as it was meant: nothing in a text becomes markup.

Follows CommonMark, and is wary of what its extensions take for markup (dollars, doubled tildes, task boxes).
Texts are single lines; what is a heading or an item is decided in `manuscript`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .manuscript import Paragraph

_INLINE = re.compile(
    r"[\\`*$]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w{1,31};)|~(?=~)|(?<=~)~|\](?=[(\[:])"
)
_START = re.compile(r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[-=](?=[-=\s]*$)|\[(?=[ xX]\])")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def escaped(text: str) -> str:
    """A line of text with a backslash before whatever Markdown would mistake for markup."""
    text = _inside(text)
    return "\\" + text if _START.match(text) else re.sub(rf"^{_NUMBER.pattern}", r"\1\\\2", text)


def front_matter(values: Mapping[str, Any]) -> str:
    """A block of YAML between lines of dashes, without empty values; they are written as JSON, which YAML reads."""
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()
             if value not in (None, "", ())]
    return "\n".join(["---", *lines, "---"])


def blocks_of(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    """Yield what stands between blank lines: each paragraph, and lists whole."""
    items: list[str] = []
    counted = 0
    for paragraph in paragraphs:
        number = int("".join(filter(str.isdigit, paragraph.mark)) or 0)
        is_item = paragraph.kind == "item" and (not number or not counted or number == counted + 1)
        counted = number if is_item else 0
        if is_item:
            items.append(_numbered(number, paragraph.content) if number else _bullet(paragraph.content))
            continue
        if items:
            yield "\n".join(items)
            items = []
        yield _block(paragraph)
    if items:
        yield "\n".join(items)


def _block(paragraph: Paragraph) -> str:
    match paragraph.kind:
        case "title":
            return _heading(paragraph.text, 1)
        case "heading":
            return _heading(paragraph.text, paragraph.level + 1)
        case "label":
            return _strong(paragraph.text)
        case _:
            return escaped(paragraph.text)


def _inside(text: str) -> str:
    """The same of a text that does not stand at the start of its line."""
    return _INLINE.sub(r"\\\g<0>", text)


def _heading(text: str, level: int) -> str:
    """A heading of level 1 to 6."""
    return f"{'#' * min(level, 6)} " + re.sub(r"(^|\s)(#+)$", r"\1\\\2", _inside(text))


def _strong(text: str) -> str:
    """A line that is set apart."""
    return f"**{_inside(text)}**"


def _bullet(text: str) -> str:
    """An item of a list with bullets."""
    return f"- {escaped(text)}"


def _numbered(number: int, text: str) -> str:
    """An item of a list with numbers."""
    return f"{number}. {escaped(text)}"
