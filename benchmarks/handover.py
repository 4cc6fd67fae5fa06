"""Whether the formats of a clean text say the same words, and how long it takes to make them.

    python benchmarks/handover.py FOLDER_OR_PDF ... [--tokens 6000]

For each document: words of the plain text, whether Markdown without its front matter, JSON's paragraphs, Markdown as a
parser reads it, and the parts together say just those words; and the processor seconds of title, sections and formats.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from sections import pdfs

from podprep import Cleaned, Cleaner, words


def main() -> int:
    """Print a line for each document; the status is 1 if any differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--tokens", type=int, default=6000)
    arguments = parser.parse_args()
    cleaner, failures = Cleaner("probe"), 0
    for path in pdfs(arguments.paths):
        cleaned = cleaner.clean(path)
        began = time.process_time()
        differs = [name for name, said in spoken(cleaned, arguments.tokens).items() if said != words(cleaned.text)]
        seconds = time.process_time() - began
        failures += bool(differs)
        told = f"differs: {', '.join(differs)}" if differs else "all the same"
        print(f"{path.name:34} {len(words(cleaned.text)):>7,} words  {told:14} {seconds:.2f} s")
    return int(bool(failures))


def spoken(cleaned: Cleaned, tokens: int) -> dict[str, list[str]]:
    """The words that each format says."""
    body = cleaned.to_markdown().split("\n---\n", 1)[1]
    parsed = " ".join(read(token) for token in MarkdownIt("commonmark").parse(body))
    paragraphs = " ".join(paragraph["text"] for paragraph in json.loads(cleaned.to_json())["paragraphs"])
    parts = " ".join(part.text for part in cleaned.parts(tokens))
    return {"Markdown": words(body), "parsed": words(parsed), "JSON": words(paragraphs), "parts": words(parts)}


def read(token: Token) -> str:
    """What a token of Markdown says: an item's number, or a line's text."""
    if token.type == "list_item_open":
        return token.info
    return "".join(child.content for child in token.children or ())


if __name__ == "__main__":
    sys.exit(main())
