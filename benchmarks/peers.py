"""The text that other tools give for PDFs, with the CPU seconds they take.

    python benchmarks/peers.py TOOL OUTPUT_FOLDER PDF [PDF ...]

Runs under an interpreter that has the tools (`peers.txt`), and imports nothing of podprep: some of
them are under licences that podprep's own environment should not carry. Writes one text a PDF and
prints one line of JSON: label, version and CPU seconds, imports left out, or why the tool is skipped.
Settings are the tools' own defaults; the runs called "prose" keep what the tool itself labels as title, heading or
paragraph (one of them list items as well), which is the best a user can do with it in ten lines.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

_PYMUPDF_PROSE = ("title", "section-header", "text")
_PYMUPDF_LISTS = (*_PYMUPDF_PROSE, "list-item")
_OPENDATALOADER_PROSE = ("heading", "paragraph")


class Tool(NamedTuple):
    """One way of using a tool: its label, package (None for a program), module or program, and the use of it."""

    label: str
    package: str | None
    needs: str
    texts: Callable[[Sequence[Path]], Iterator[str]]


def main() -> int:
    """Convert all PDFs with one tool and print what it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("tool", choices=TOOLS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pdfs", type=Path, nargs="+")
    options = parser.parse_args()
    print(json.dumps(convert(TOOLS[options.tool], options.pdfs, options.folder)))
    return 0


def convert(tool: Tool, pdfs: Sequence[Path], folder: Path) -> dict[str, object]:
    """Write each PDF's text into a folder; give label, version and CPU seconds, or the reason for not running."""
    reason = missing(tool)
    if reason:
        return {"skipped": reason}
    began = cpu_seconds()
    for pdf, text in zip(pdfs, tool.texts(pdfs)):
        (folder / f"{pdf.stem}.txt").write_text(text, "utf-8", "replace")
    seconds = (cpu_seconds() - began) / max(len(pdfs), 1)
    return {"label": f"{tool.label} ({tool_version(tool)})", "cpu_seconds_per_article": seconds}


def missing(tool: Tool) -> str | None:
    """Why a tool cannot run here, or None; imports it, so that its use is timed without."""
    if tool.package is None:
        return None if shutil.which(tool.needs) else f"{tool.needs} is not on the PATH"
    try:
        import_module(tool.needs)
    except ImportError as error:
        return f"{tool.package} is not installed: {error}"
    return "no java on the PATH" if tool.needs == "opendataloader_pdf" and not shutil.which("java") else None


def tool_version(tool: Tool) -> str:
    """The tool's version, as its package or program tells it."""
    if tool.package:
        return version(tool.package)
    told = subprocess.run([tool.needs, "-v"], capture_output=True, text=True).stderr
    return told.splitlines()[0].split()[-1]


def cpu_seconds() -> float:
    """User and system seconds of this process and of the programs it has run."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def pdftotext(pdfs: Sequence[Path]) -> Iterator[str]:
    """Poppler's text in reading order."""
    for pdf in pdfs:
        yield subprocess.run(["pdftotext", "-enc", "UTF-8", pdf, "-"], capture_output=True, check=True).stdout.decode()


def markitdown(pdfs: Sequence[Path]) -> Iterator[str]:
    """MarkItDown's Markdown."""
    tool = import_module("markitdown").MarkItDown()
    return (str(tool.convert(str(pdf)).text_content) for pdf in pdfs)


def pymupdf4llm(pdfs: Sequence[Path]) -> Iterator[str]:
    """PyMuPDF4LLM's Markdown."""
    return (_without_tags(import_module("pymupdf4llm").to_markdown(str(pdf))) for pdf in pdfs)


def pymupdf4llm_prose(pdfs: Sequence[Path], kinds: Sequence[str] = _PYMUPDF_PROSE) -> Iterator[str]:
    """The boxes that PyMuPDF's layout model takes for titles, headings and text."""
    for pdf in pdfs:
        pages = import_module("pymupdf4llm").to_markdown(str(pdf), page_chunks=True)
        yield "\n\n".join(text for page in pages for text in _boxes(page, kinds))


def pymupdf4llm_lists(pdfs: Sequence[Path]) -> Iterator[str]:
    """Those boxes, and those of list items."""
    return pymupdf4llm_prose(pdfs, _PYMUPDF_LISTS)


def _boxes(page: dict[str, Any], kinds: Sequence[str]) -> Iterator[str]:
    for box in page["page_boxes"]:
        if box["class"] in kinds:
            yield _without_tags(page["text"][slice(*box["pos"])])


def _without_tags(text: str) -> str:
    """Markdown without the HTML tags in it, such as <sup>, which would count as words."""
    return re.sub(r"</?\w+>", " ", text).strip()


def opendataloader_prose(pdfs: Sequence[Path]) -> Iterator[str]:
    """The elements that OpenDataLoader takes for headings and paragraphs; one Java machine for all PDFs."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(pdf) for pdf in pdfs]
        import_module("opendataloader_pdf").convert(input_path=paths, output_dir=folder, format="json", quiet=True)
        for pdf in pdfs:
            found = json.loads((Path(folder) / f"{pdf.stem}.json").read_text("utf-8"))
            yield "\n\n".join(_contents(found))


def _contents(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") in _OPENDATALOADER_PROSE:
            yield str(node.get("content", ""))
        else:
            yield from _contents(list(node.values()))
    elif isinstance(node, list):
        for child in node:
            yield from _contents(child)


TOOLS = {
    "pdftotext": Tool("pdftotext", None, "pdftotext", pdftotext),
    "markitdown": Tool("MarkItDown, Markdown", "markitdown", "markitdown", markitdown),
    "pymupdf4llm": Tool("PyMuPDF4LLM, Markdown", "pymupdf", "pymupdf4llm", pymupdf4llm),
    "pymupdf4llm-prose": Tool("PyMuPDF4LLM, prose boxes only", "pymupdf", "pymupdf4llm", pymupdf4llm_prose),
    "pymupdf4llm-lists": Tool("PyMuPDF4LLM, prose and list boxes", "pymupdf", "pymupdf4llm", pymupdf4llm_lists),
    "opendataloader-prose": Tool(
        "OpenDataLoader, prose only", "opendataloader-pdf", "opendataloader_pdf", opendataloader_prose
    ),
}

if __name__ == "__main__":
    sys.exit(main())
