"""The files that a clean text goes to, by format, and beside them the sidecar: what they are called and what they hold.

The formats are made in `handover`, the sidecar in `sidecar`; writing is in `output`.
"""

from collections.abc import Sequence
from pathlib import Path

from ..cleaned import Cleaned
from ..handover import file_names, file_texts, repairs_of
from ..output import Name, named
from .decisions import Decision
from .sidecar import sidecar_json, sidecar_path

SIDECAR = "where it comes from"


def output_names(output: Name, formats: Sequence[str] | None = None) -> dict[str, Path]:
    """The files by what they are: the format's name, and `SIDECAR`.

    Args:
        output: without formats, the plain text's own name; else what all files are named after, as NAME in NAME.md.
        formats: names out of `FORMATS`; the plain text alone by default.

    Raises:
        OutputError: the name is a folder's.
        SettingsError: a format is unknown.
    """
    names = {"txt": named(output)} if formats is None else file_names(named(output), formats)
    return names | {SIDECAR: sidecar_path(names["txt"] if formats is None else file_names(output, ["txt"])["txt"])}


def output_texts(
    cleaned: Cleaned, output: Name, formats: Sequence[str] | None = None, result: Cleaned | None = None,
    decisions: Sequence[Decision] = (), split_tokens: int | None = None,
) -> dict[Name, str]:
    """What the files of `output_names` are to hold, and those of the parts if there are to be any.

    Args:
        cleaned: what the cleaner gave.
        output: as for `output_names`.
        formats: as for `output_names`.
        result: what a review made of it; the same by default.
        decisions: one entry a chunk; all open by default.
        split_tokens: the most tokens of a part; no parts by default.

    Raises:
        OutputError: the name is a folder's.
        SettingsError: a format is unknown, or parts would be too small.
    """
    names, result, wanted = output_names(output, formats), result or cleaned, ("txt",) if formats is None else formats
    reviewed = sum(decision.status != "open" for decision in decisions) / max(len(cleaned.chunks), 1)
    repairs = repairs_of(result, [decision.as_written for decision in decisions]) if "speech" in wanted else []
    texts = file_texts(result.manuscript, output, wanted, reviewed, repairs=repairs, split_tokens=split_tokens)
    if formats is None:  # the plain text has the very name that was given
        texts = {names["txt"]: texts.pop(file_names(output, wanted)["txt"]), **texts}
    return texts | {names[SIDECAR]: sidecar_json(cleaned, result, decisions, repairs)}
