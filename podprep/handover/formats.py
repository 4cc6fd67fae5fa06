"""The formats of the hand-over by name: plain text, Markdown, JSON, speech; and the files that they go to.

A manuscript is written as it is; nothing here decides what a paragraph is.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from .. import __version__
from ..choices import FORMATS
from ..errors import require_known
from ..output import Name, fitting_name
from ..weights import EMBEDDED
from .manuscript import Manuscript
from .markdown import blocks_of, front_matter
from .numbers import Numbers, numbers_of
from .parts import parts_of
from .speech import Repair, find_repairs, spoken

SCHEMA = "podprep document 1"
_ENDINGS = {"txt": ".txt", "md": ".md", "json": ".document.json", "speech": ".speech.txt"}
_GIVEN = re.compile(r"\.(?:(?:speech\.)?txt|md|(?:document\.)?json)$", re.IGNORECASE)


def file_names(stem: str | Path, formats: Sequence[str]) -> dict[str, Path]:
    """The file of each format: NAME.txt, NAME.md, NAME.document.json, NAME.speech.txt.

    Args:
        stem: NAME; an ending of one of these is taken off.
        formats: names out of `FORMATS`.

    Raises:
        SettingsError: a format is unknown.
    """
    for name in formats:
        require_known("format", name, FORMATS)
    named = Path(_GIVEN.sub("", str(stem)))
    return {name: named.with_name(fitting_name(named.name, _ENDINGS[name])) for name in dict.fromkeys(formats)}


def file_texts(
    manuscript: Manuscript, stem: str | Path, formats: Sequence[str], reviewed: float = 0.0,
    tokenizer: str | Path = EMBEDDED, repairs: Sequence[Repair] | None = None, split_tokens: int | None = None,
) -> dict[Name, str]:
    """What each format's file is to hold, see `file_names`; and its parts', NAME.1-of-4.md, if there are to be any.

    Args:
        manuscript: what is handed over.
        stem: what the files are named after.
        formats: names out of `FORMATS`.
        reviewed: share of the chunks that a person has decided about, 0 to 1.
        tokenizer: what counts tokens, see `numbers_of`.
        repairs: what is said otherwise in speech; all that the rules find by default.
        split_tokens: the most tokens of a part, see `parts_of`; no parts by default.

    Raises:
        SettingsError: a format is unknown, a tokenizer that was named is none, or parts would be too small.
    """
    names = file_names(stem, formats)
    aloud = manuscript
    if "speech" in names:
        aloud = spoken(manuscript, find_repairs(manuscript.text) if repairs is None else repairs)
    write: dict[str, Callable[[], str]] = {
        "txt": lambda: manuscript.text,
        "md": lambda: markdown_of(manuscript, reviewed, tokenizer),
        "json": lambda: json_of(manuscript, reviewed, tokenizer),
        "speech": lambda: aloud.text,
    }
    texts: dict[Name, str] = {path: write[name]() for name, path in names.items()}
    if split_tokens is not None:
        for name, path in names.items():
            whole = aloud if name == "speech" else manuscript
            texts |= _part_texts(whole, name, path, split_tokens, tokenizer) if name != "json" else {}
    return texts


def markdown_of(manuscript: Manuscript, reviewed: float = 0.0, tokenizer: str | Path = EMBEDDED) -> str:
    """The manuscript as Markdown: front matter, then headings, paragraphs and lists."""
    numbers = numbers_of(manuscript.text, tokenizer)
    front = front_matter({
        "title": manuscript.title, "authors": manuscript.authors, "source": manuscript.file, "pages": manuscript.pages,
        **_measured(numbers), "podprep": __version__, "reviewed": f"{reviewed:.0%}",
    })
    return "\n\n".join([front, *blocks_of(manuscript.paragraphs)]) + "\n"


def json_of(manuscript: Manuscript, reviewed: float = 0.0, tokenizer: str | Path = EMBEDDED) -> str:
    """The manuscript as JSON; `schema.json` says what is where."""
    made = {
        "format": SCHEMA, "podprep": __version__, "title": manuscript.title, "authors": manuscript.authors,
        "abstract": manuscript.abstract,
        "source": {"file": manuscript.file, "sha256": manuscript.sha256, "pages": manuscript.pages},
        **_measured(numbers_of(manuscript.text, tokenizer)), "reviewed": round(reviewed, 4),
        "sections": [asdict(section) for section in manuscript.sections],
        "paragraphs": [asdict(paragraph) for paragraph in manuscript.paragraphs],
    }
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _part_texts(
    manuscript: Manuscript, name: str, path: Path, tokens: int, tokenizer: str | Path
) -> dict[Name, str]:
    """The parts of one format's file, numbered so that they sort, and are known from those of another cut."""
    parts = parts_of(manuscript, tokens, tokenizer)
    digits, stem = len(str(len(parts))), path.name.removesuffix(_ENDINGS[name])
    endings = [f".{part.number:0{digits}}-of-{part.of}{_ENDINGS[name]}" for part in parts]
    return {path.with_name(fitting_name(stem, ending)): part.to_markdown() if name == "md" else part.to_text()
            for part, ending in zip(parts, endings)}


def _measured(numbers: Numbers) -> dict[str, int | str | None]:
    return {"words": numbers.words, "minutes": numbers.minutes, "tokens": numbers.tokens,
            "tokenizer": numbers.tokenizer if numbers.tokens is not None else None}
