"""The wings of the package in numbers: files, lines, and how many imports each takes from which other.

    python benchmarks/house.py

Prints the table of docs/guide.md; `figures` puts it there, and a test holds it true.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
WINGS = ("shelf", "review", "runs", "model", "probe", "rules", "reading", "handover", "weights")
DOORS = (
    "__main__", "cli", "options", "commands", "shelf_commands", "console", "terminal", "cleaning", "cleaners",
    "vllm", "widgets", "__init__",
)


def main() -> int:
    """Print the table."""
    print(table(), end="")
    return 0


def table() -> str:
    """A Markdown table, one line a room, from the doors down to the words that all share."""
    taken: dict[str, Counter[str]] = {}
    graph = grimp.build_graph("podprep", cache_dir=None)
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            taken.setdefault(room_of(importer), Counter())[room_of(imported)] += room_of(importer) != room_of(imported)
    rows = ["| | files | lines | imports from |", "|---|--:|--:|---|"]
    for room in ("doors", *WINGS, "words"):
        files = [path for path in (ROOT / "podprep").rglob("*.py") if room_of_path(path) == room]
        lines = sum(len(path.read_text("utf-8").splitlines()) for path in files)
        counts = sorted(taken.get(room, Counter()).items(), key=lambda item: (-item[1], item[0]))
        sources = ", ".join(f"{name} {count}" for name, count in counts if count)
        label = {"doors": "the doors", "words": "the words that all share"}.get(room, f"`{room}`")
        rows.append(f"| {label} | {len(files)} | {lines:,} | {sources or 'nothing'} |")
    return "\n".join(rows) + "\n"


def room_of(module: str) -> str:
    """The room that a module lies in."""
    name = module.partition(".")[2].partition(".")[0]
    return name if name in WINGS else "doors" if not name or name in DOORS else "words"


def room_of_path(path: Path) -> str:
    """The room that a file lies in."""
    name = path.relative_to(ROOT / "podprep").parts[0].removesuffix(".py")
    return name if name in WINGS else "doors" if name in DOORS else "words"


if __name__ == "__main__":
    sys.exit(main())
