"""What was decided in a review, told: a table of all decisions, and the sum of it.

Tables go out as CSV, for spreadsheets, or as JSON. Decides nothing and writes no file.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from io import StringIO

from ..cleaned import Cleaned, CleanedChunk
from ..errors import OutputError
from ..fidelity import words
from ..output import Name, named
from ..runs import DOINGS, Chart, Decision, Entry, State, is_sound, signed
from ..spans import Removal, without_spans

_FORMULA = tuple("=+-@\t\r")  # what makes a spreadsheet reckon with a text


@dataclass(frozen=True, slots=True)
class Deed:
    """One decision on one chunk.

    Attributes:
        at: when, ISO 8601 in UTC.
        by: who.
        did: what, such as "accepted", "struck out" or "commented".
        chunk: the chunk, from 0.
        page: the page on which it begins.
        start: where it applies in the document's text; for a whole chunk, the chunk's.
        end: where that ends.
        words: what stands there, for a decision on a span.
        kind: the kind that was given.
        text: the text that was written: an edit, or a comment.
        stands: whether it is in force; what was undone, or no longer applies, is not.
    """

    at: str
    by: str
    did: str
    chunk: int
    page: int
    start: int
    end: int
    words: str
    kind: str
    text: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What was decided, in words and flags.

    Attributes:
        words: words of the text as it stands.
        removed: words that the cleaner left out.
        restored: those of them that a person took back.
        struck: words that a person left out.
        written: words of a person's own.
        by: decisions in force, by who made them.
        flags: chunks that were flagged and are decided.
        right: those of them that a person changed.
        open: chunks still open.
    """

    words: int
    removed: int
    restored: int
    struck: int
    written: int
    by: dict[str, int]
    flags: int
    right: int
    open: int

    def __str__(self) -> str:
        people = ", ".join(f"{name} {count:,}" for name, count in self.by.items())
        return (f"{self.words:,} words stand; the cleaner removed {self.removed:,}, people took back {self.restored:,}"
                f", struck {self.struck:,} and wrote {self.written:,}. Decisions: {people or 'none'}. "
                f"Flagged chunks decided: {self.flags:,}, of them changed: {self.right:,}.")


def deeds(cleaned: Cleaned, chart: Chart, entries: Sequence[Entry], state: State) -> tuple[Deed, ...]:
    """A log as rows, for the chunks that are in this document."""
    standing = set(state.done)
    return tuple(_deed(cleaned, chart, entry, index, number in standing) for number, entry in enumerate(entries)
                 if is_sound(entry) for index in chart.found(entry))


def _deed(cleaned: Cleaned, chart: Chart, entry: Entry, index: int, stands: bool) -> Deed:
    by, at = signed(entry)
    start, end = chart.span(entry, index)
    spelled = " ".join(cleaned.document.text[max(start, 0):max(end, 0)].split()) if "span" in entry else ""
    page = cleaned.chunks[index].chunk.first_page
    return Deed(at, by, DOINGS[entry["do"]], index, page, start, end, spelled, str(entry.get("kind", "")),
                str(entry.get("text", "")), stands)


def summary(
    cleaned: Cleaned, chunks: Sequence[CleanedChunk], decisions: Sequence[Decision], rows: Iterable[Deed]
) -> Summary:
    """The sum of a review: the cleaned document, its chunks and decisions as they stand, and the table of decisions."""
    removed = restored = struck = written = 0
    for before, after in zip(cleaned.chunks, chunks):
        spans = [[(r.start, r.end) for r in chunk.removals] for chunk in (before, after)]
        restored += _count(cleaned, without_spans(before.removals, spans[1]))
        struck += _count(cleaned, without_spans(after.removals, spans[0]))
        removed += _count(cleaned, before.removals)
        written += len(after.fidelity.invented) if after is not before else 0
    decided = [d for c, d in zip(cleaned.chunks, decisions) if c.fidelity.verdict != "clean" and d.status != "open"]
    return Summary(
        sum(len(words(chunk.text)) for chunk in chunks), removed, restored, struck, written,
        dict(Counter(row.by for row in rows if row.stands).most_common()), len(decided),
        sum(d.by_person for d in decided), sum(d.status == "open" for d in decisions),
    )


def _count(cleaned: Cleaned, removals: Iterable[Removal]) -> int:
    return sum(len(words(cleaned.document.text[r.start:r.end])) for r in removals)


def decisions_as(path: Name, rows: Sequence[Deed]) -> str:
    """A table of decisions as the ending of a file's name asks: CSV, or JSON, a row a line.

    Raises:
        OutputError: the ending is neither.
    """
    match named(path).suffix.lower():
        case ".csv":
            return _csv(rows)
        case ".json":
            return "[\n" + ",\n".join(json.dumps(asdict(row), ensure_ascii=False) for row in rows) + "\n]\n"
        case _:
            raise OutputError(f"{path} is neither .csv nor .json: name a file that ends in one of them.")


def _csv(rows: Iterable[Deed]) -> str:
    """Rows as CSV with a head; no cell begins as a formula does, so that no spreadsheet runs one."""
    made = StringIO()
    table = csv.writer(made, lineterminator="\n")
    table.writerow(field.name for field in fields(Deed))
    table.writerows(map(_harmless, astuple(row)) for row in rows)
    return made.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
