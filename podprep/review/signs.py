"""Visible signs for characters that cannot be seen, or that turn their surroundings around.

For showing text only: what is written to files keeps its characters.
"""

import re

_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"}
_PICTURES |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
_INVISIBLE = re.compile(
    "[\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_NAMES = {
    "\xad": "SHY", "\u061c": "ALM", "\u200b": "ZWSP", "\u200e": "LRM", "\u200f": "RLM", "\u202a": "LRE",
    "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2066": "LRI", "\u2067": "RLI",
    "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM",
}


def pictured(text: str) -> str:
    """Text with a picture for each control character but tabs and line ends; it stays as long as it was."""
    return text.translate(_PICTURES)


def shown(text: str) -> str:
    """Text with characters that cannot be seen, or that turn their surroundings around, as visible signs."""
    return _INVISIBLE.sub(_sign, pictured(text))


def one_line(text: str) -> str:
    """That for a text that is to stay on its line: tabs and line ends are signs too."""
    return shown(text).translate({9: "␉", 10: "␊", 13: "␍"})


def _sign(match: re.Match[str]) -> str:
    return f"⟦{_NAMES.get(match[0]) or f'U+{ord(match[0]):04X}'}⟧"
