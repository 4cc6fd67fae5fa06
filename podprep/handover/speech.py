"""Words fit for the ear: what is written for the eye, said as it is read aloud, each change listed as a repair.

The rules are data, `speech_en.toml`; what they find is a layer on the clean text, which itself stays. Only English has
rules: a text in another language is left as it is.

Numbers stay in digits, which voices read well and people check more easily. Looked at for numbers and units, and not
used: num2words and inflect spell digits out; pint knows units, but names them in the singular with strokes ("5
milligram/kilogram") and takes more letters for units than prose does.
"""

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from ..fidelity import words
from ..spans import Span
from .looks import printable
from .manuscript import Manuscript, Paragraph
from .places import Whole, chunk_spans

NOT_ENGLISH = "The rules of speech are for English: this text was left as it is written."
_RULES = Path(__file__).with_name("speech_en.toml")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_AROUND = 20  # characters on either side by which a repair is known again


@dataclass(frozen=True, slots=True)
class Repair:
    """One change for the ear.

    Attributes:
        start: offset in the clean text of what is changed.
        end: offset after it.
        old: what stands there.
        new: what is said.
        rule: the rule's name.
    """

    start: int
    end: int
    old: str
    new: str
    rule: str

    def key(self, text: str) -> str:
        """By what it is known again when the text around it has changed: itself, and what stands beside it."""
        return f"{text[max(self.start - _AROUND, 0):self.start]}|{self.old}|{text[self.end:self.end + _AROUND]}"


def find_repairs(text: str) -> list[Repair]:
    """What is to be said otherwise than it is written, in order; nothing in a text that is not English."""
    if not is_english(text):
        return []
    taken = bytearray(len(text))
    found: list[Repair] = []
    for name, form, say in _rules():
        for match in form.finditer(text):
            start, end = match.span()
            new = say(match)
            if new is not None and new != match[0] and not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(_trimmed(text, Repair(start, end, match[0], new, name)))
    return sorted(found, key=lambda repair: repair.start)


def repairs_of(whole: Whole, as_written: Sequence[Collection[str]] = ()) -> list[Repair]:
    """What is to be said otherwise in a cleaned document, without what is left as it is written.

    Args:
        whole: the document.
        as_written: for each chunk the keys of repairs that are left out; none by default.
    """
    spans, text = chunk_spans(whole), whole.text
    left = {(index, key) for index, keys in enumerate(as_written) for key in keys}
    return [repair for repair in find_repairs(text)
            if not left or (chunk_at(spans, repair.start), repair.key(text)) not in left]


def chunk_at(spans: Sequence[Span], offset: int) -> int:
    """The chunk in whose text an offset of the clean text stands, given where the chunks' texts do."""
    return max(bisect_right(spans, offset, key=lambda span: span[0]) - 1, 0)


def is_english(text: str) -> bool:
    """Whether a text is in English, by its most frequent words."""
    data, said = _data(), [word for word in words(text) if word.isalpha()]
    known = set(data["known_by"])
    return bool(said) and sum(word in known for word in said) >= data["least"] * len(said)


def spoken(manuscript: Manuscript, repairs: Sequence[Repair]) -> Manuscript:
    """The manuscript as it is said: the same paragraphs, with what the repairs change."""
    text = manuscript.text
    starts = [repair.start for repair in repairs]
    shifts = [0, *accumulate(len(repair.new) - len(repair.old) for repair in repairs)]
    parts, at = [], 0
    for repair in repairs:
        parts += [text[at:repair.start], repair.new]
        at = repair.end
    made = "".join(parts) + text[at:]

    def moved(paragraph: Paragraph) -> Paragraph:
        """The paragraph where it stands now, with what it says."""
        start, end = (offset + shifts[bisect_left(starts, offset)] for offset in (paragraph.start, paragraph.end))
        said = printable(made[start:end])
        mark = paragraph.mark if said.startswith(paragraph.mark) else ""
        kind = "paragraph" if paragraph.mark and not mark else paragraph.kind
        return replace(paragraph, kind=kind, text=said, mark=mark, start=start, end=end)

    return replace(manuscript, text=made, paragraphs=tuple(map(moved, manuscript.paragraphs)))


def _trimmed(text: str, repair: Repair) -> Repair:
    """A repair whose new words do not double the spaces around it, nor touch a word beside it."""
    new, before, after = repair.new, text[repair.start - 1:repair.start], text[repair.end:repair.end + 1]
    if new[:1] == " " and (not before or before.isspace() or before in "([“‘"):
        new = new[1:]
    if new[-1:] == " " and (not after or after.isspace() or after in ".,;:)]"):
        new = new[:-1]
    return replace(repair, new=new)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_RULES.read_text("utf-8"))


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str | None]], ...]:
    """Each rule's name, what it finds, and what is said instead, which may be nothing."""
    data = _data()
    units = "|".join(sorted((re.escape(unit) for unit in data["units"]), key=len, reverse=True)).replace("µ", "[µμ]")
    return tuple((rule["name"], re.compile(rule["find"].replace("UNIT", f"(?:{units})")), _sayer(rule["say"], data))
                 for rule in data["rule"])


def _sayer(say: str | dict[str, str], data: Mapping[str, Any]) -> Callable[[re.Match[str]], str | None]:
    """What says a match: by a table, a template, or a way of its own for units, powers and Greek letters."""
    if isinstance(say, dict):
        lower = {key.lower(): value for key, value in say.items()}
        return lambda match: _as_begun(match, say.get(match[0].strip(), lower.get(match[0].strip().lower())))
    ways: dict[str, Callable[[re.Match[str]], str | None]] = {
        "{unit}": lambda match: _said_unit(match, data["units"]),
        " per {unit}": lambda match: f" per {data['units'][_micro(match['unit'])][0]}",
        "{power}": _said_power, "{range}": _said_range, "{greek}": lambda match: _said_letter(match, data["greek"]),
    }
    return ways.get(say) or (lambda match: _as_begun(match, match.expand(say)))


def _as_begun(match: re.Match[str], said: str | None) -> str | None:
    """What is said, with a capital where the words found had one."""
    return said[:1].upper() + said[1:] if said and match[0][:1].isupper() else said


def _said_unit(match: re.Match[str], units: Mapping[str, Sequence[str]]) -> str | None:
    """A unit after a number: in the singular after one, each of a chain of strokes as "per"."""
    unit, number = _micro(match["unit"]), re.search(r"[\d.,]+$", match.string[:match.start()])
    if len(unit) == 1 and not _is_amount(match, number[0] if number else ""):
        return None
    one = number is not None and number[0] == "1" and "±" not in match.string[number.start() - 2:number.start()]
    power = {"²": "square ", "³": "cubic "}.get(match["power"] or "", "")
    said = f" {power}{units[unit][0 if one else 1]}"
    return said + "".join(f" per {units[_micro(part)][0]}" for part in (match["chain"] or "").split("/")[1:])


def _is_amount(match: re.Match[str], number: str) -> bool:
    """Whether a letter after a number is a unit: not in 1980s or 3d, not a variable, not a multiple of gravity."""
    after = match.string[match.end():match.end() + 3]
    apart = bool(match["gap"]) and bool(re.match(r"[.,;:)\n]|\s[a-z(]{2}|$", after))
    return apart and not (match["unit"] == "g" and float(re.sub(r"[^\d.]|\.$|,", "", number) or 0) >= 300)


def _micro(unit: str) -> str:
    return unit.replace("μ", "µ")


def _said_power(match: re.Match[str]) -> str | None:
    """A superscript number: squared, cubed, or to the power; of 0 it is a prime that was misread."""
    power = match[0].translate(_SUPERSCRIPT)
    if power == "0":
        return None
    said = power.replace("-", "minus ").replace("+", "plus ")
    return {"2": " squared", "3": " cubed"}.get(power, f" to the power of {said}")


def _said_range(match: re.Match[str]) -> str | None:
    """The dash between two numbers, unless the first is part of a name, a date or a sum."""
    before = match.string[max(match.start() - 20, 0):match.start()]
    return " to " if re.search(r"(?:^|[\s(\[~∼≈<>=;])\d[\d.,]*\s?%?$", before) else None


def _said_letter(match: re.Match[str], names: Mapping[str, str]) -> str | None:
    """A Greek letter's name, apart from letters and digits beside it."""
    before, after = match.string[:match.start()][-1:], match.string[match.end():][:1]
    name = names.get(match[0])
    return name and f"{' ' * before.isalnum()}{name}{' ' * after.isalnum()}"
