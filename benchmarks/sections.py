"""How well sections are told: those of the clean text against the outline that the PDF itself carries.

    python benchmarks/sections.py FOLDER_OR_PDF ... [--show] [--json benchmarks/sections.json]

An outline is what the author's typesetter wrote into the file. Of its entries, those count whose words the clean text
holds in one paragraph or at its head. Levels are right if they are the outline's, all shifted alike: an outline may
begin with a part, or with the title. What is deeper than the outline goes is not judged. Labels that open a paragraph
count apart.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pypdfium2
from rapidfuzz.distance import LCSseq

from podprep import Cleaned, Cleaner, words

COLUMNS = {"truth": "in the outline", "told": "in the text", "found": "found", "labels": "as labels",
           "level": "level right", "extra": "more"}
SHOWN = ("2402.13116v4", "PMC1397864", "PMC6079351", "molecules21020182", "acl-safe", "lipics-bplus", "krb5_en",
         "icccm_en", "handbook_de")

Heading = tuple[str, int]
"""The words of a heading in a row, without its number, and its level from 1."""


@dataclass(frozen=True)
class Score:
    """What became of one document's sections, as counts.

    Attributes:
        truth: headings in the outline.
        told: those that the clean text says.
        found: those that are sections, in the outline's order.
        labels: those that are labels.
        level: sections found of the right level.
        extra: sections that the outline does not have, no deeper than it goes.
    """

    truth: int
    told: int
    found: int
    labels: int
    level: int
    extra: int


def main() -> int:
    """Print a line for each document that has an outline, and keep the figures if a file for them is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="print what differs")
    parser.add_argument("--json", type=Path, help="where to keep the figures, for the table of docs/handover.md")
    arguments = parser.parse_args()
    cleaner, rows = Cleaner("probe"), dict[str, dict[str, Any]]()
    print(f"{'document':34}", *COLUMNS, sep="  ")
    for path in pdfs(arguments.paths):
        if truth := outline(path):
            score, differences = compare(truth, cleaner.clean(path))
            rows[path.stem] = {"set": path.parent.name, **asdict(score)}
            print(f"{path.name:34}", *(f"{n:>{len(name)}}" for name, n in asdict(score).items()), sep="  ")
            if arguments.show:
                print(*(f"    {difference}" for difference in differences), sep="\n")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    return 0


def table(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """A Markdown table: the documents that are shown by name, and the sums of each set."""
    sums = {name: Counter[str]() for name in dict.fromkeys(row["set"] for row in rows.values())}
    for row in rows.values():
        sums[row["set"]].update({"documents": 1} | {name: row[name] for name in COLUMNS})
    lines = ["| | " + " | ".join(COLUMNS.values()) + " |", "|---|" + "--:|" * len(COLUMNS)]
    lines += [_line(name, rows[name]) for name in SHOWN]
    lines += [_line(f"all {found['documents']} {name} with an outline", found)
              for name, found in sums.items() if found["documents"] > 1]
    return "\n".join(lines) + "\n"


def _line(name: str, row: Mapping[str, Any]) -> str:
    return f"| {name} | " + " | ".join(f"{row[column]:,}" for column in COLUMNS) + " |"


def pdfs(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the PDFs that are named, and those in folders."""
    for path in paths:
        yield from sorted(path.glob("*.pdf")) if path.is_dir() else [path]


def outline(path: Path) -> list[Heading]:
    """The headings that a PDF's outline tells, without what stands above a single tree, such as the title."""
    with pypdfium2.PdfDocument(path) as pdf:
        found = [(plain(entry.get_title()), entry.level + 1) for entry in pdf.get_toc(max_depth=6)]
    found = [(text, level) for text, level in found if text]
    while found and sum(level == min(n for _, n in found) for _, level in found) == 1 and len(found) > 1:
        found = [heading for heading in found if heading[1] > min(n for _, n in found)]
    least = min((level for _, level in found), default=1) - 1
    return [(text, level - least) for text, level in found]


def plain(text: str) -> str:
    """A heading's words in a row, without its number."""
    told = words(re.sub(r"^\W*(?:chapter|appendix|annex|part|kapitel|anhang)\b", "", text.replace("\0", ""),
                        flags=re.IGNORECASE))
    while told and (told[0].isdigit() or (len(told[0]) < 4 and set(told[0]) <= set("ivx")) or len(told[0]) == 1):
        told = told[1:]
    return "".join(told)


def compare(truth: list[Heading], cleaned: Cleaned) -> tuple[Score, list[str]]:
    """The score of a document, and what differs."""
    paragraphs, title = [(plain(p.text), p) for p in cleaned.manuscript.paragraphs], plain(cleaned.title)
    told = [(text, level) for text, level in truth
            if text != title and any(said.startswith(text) for said, _ in paragraphs)]
    heads = [(said, p) for said, p in paragraphs if p.kind in ("heading", "label")]
    pairs = {op.src_start + i: op.dest_start + i
             for op in LCSseq.opcodes([text for text, _ in told], [said for said, _ in heads])
             if op.tag == "equal" for i in range(op.src_end - op.src_start)}
    labels = {i for i, j in pairs.items() if heads[j][1].kind == "label"}
    shifts = Counter(told[i][1] - heads[j][1].level for i, j in pairs.items() if i not in labels)
    shift = shifts.most_common(1)[0][0] if shifts else 0
    right = {i for i, j in pairs.items() if i not in labels and told[i][1] == heads[j][1].level + shift}
    deepest, matched = max((level for _, level in told), default=0), set(pairs.values())
    extra = [p for at, (_, p) in enumerate(heads)
             if at not in matched and p.kind == "heading" and p.level + shift <= deepest]
    differences = [f"missing: {told[at][1]} {told[at][0]}" for at in range(len(told)) if at not in pairs]
    differences += [f"level {heads[j][1].level} for {told[i][1]}: {told[i][0]}" for i, j in pairs.items()
                    if i not in right | labels]
    differences += [f"extra: {p.level} {p.text[:70]}" for p in extra]
    return Score(len(truth), len(told), len(pairs) - len(labels), len(labels), len(right), len(extra)), differences


if __name__ == "__main__":
    sys.exit(main())
