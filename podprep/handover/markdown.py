"""Markdown that parsers read as it was meant: nothing in a text becomes markup.

Follows CommonMark, and is wary of what its extensions take for markup (dollars, doubled tildes, task boxes).
Texts are single lines; what becomes a heading or an item is decided in `manuscript`.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

_INLINE = re.compile(
    r"[\\`*$]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w{1,31};)|~(?=~)|(?<=~)~|\](?=[(\[:])"
)
_START = re.compile(r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[-=]+$|\[(?=[ xX]\])")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def escaped(text: str) -> str:
    """A line of text with a backslash before whatever Markdown would mistake for markup."""
    text = _INLINE.sub(r"\\\g<0>", text)
    return "\\" + text if _START.match(text) else re.sub(rf"^{_NUMBER.pattern}", r"\1\\\2", text)


def heading(text: str, level: int) -> str:
    """A heading of level 1 to 6."""
    return f"{'#' * min(level, 6)} " + re.sub(r"(^|\s)(#+)$", r"\1\\\2", escaped(text))


def strong(text: str) -> str:
    """A line that is set apart."""
    return f"**{escaped(text)}**"


def bullet(text: str) -> str:
    """An item of a list with bullets."""
    return f"- {escaped(text)}"


def numbered(number: int, text: str) -> str:
    """An item of a list with numbers."""
    return f"{number}. {escaped(text)}"


def front_matter(values: Mapping[str, Any]) -> str:
    """A block of YAML between lines of dashes, without empty values; they are written as JSON, which YAML reads."""
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()
             if value not in (None, "", ())]
    return "\n".join(["---", *lines, "---"])
