"""The formats of the hand-over by name: plain text, Markdown, JSON; and the files that they go to.

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

SCHEMA = "podprep document 1"
_ENDINGS = {"txt": ".txt", "md": ".md", "json": ".document.json"}
_GIVEN = re.compile(r"\.(?:txt|md|document\.json|json)$", re.IGNORECASE)


def file_names(stem: str | Path, formats: Sequence[str]) -> dict[str, Path]:
    """The file of each format: NAME.txt, NAME.md, NAME.document.json.

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
    tokenizer: str | Path = EMBEDDED,
) -> dict[Name, str]:
    """What each format's file is to hold, see `file_names`.

    Args:
        manuscript: what is handed over.
        stem: what the files are named after.
        formats: names out of `FORMATS`.
        reviewed: share of the chunks that a person has decided about, 0 to 1.
        tokenizer: what counts tokens, see `numbers_of`.

    Raises:
        SettingsError: a format is unknown, or a tokenizer that was named is none.
    """
    write: dict[str, Callable[[], str]] = {
        "txt": lambda: manuscript.text,
        "md": lambda: markdown_of(manuscript, reviewed, tokenizer),
        "json": lambda: json_of(manuscript, reviewed, tokenizer),
    }
    return {path: write[name]() for name, path in file_names(stem, formats).items()}


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


def _measured(numbers: Numbers) -> dict[str, int | str | None]:
    return {"words": numbers.words, "minutes": numbers.minutes, "tokens": numbers.tokens,
            "tokenizer": numbers.tokenizer if numbers.tokens is not None else None}
