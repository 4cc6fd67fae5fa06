"""One document of a shelf: clean it in its work file, write its files beside that, tell what became of it in a row.

Whatever goes wrong is a sentence in the row: one document never costs another. Which documents there are is in
`items`, who calls this in `lanes` and `on_ray`.
"""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from ..cleaned import Cleaned
from ..cleaners import CleanerOptions, Loaded
from ..errors import OcrError, PageRangeError, PdfError, PodprepError, RunError, sentence
from ..fidelity import words
from ..output import ENDING, check_outputs, write_texts
from ..reading import DEFAULT_LIMITS, Limits, from_record, garbled_pages, to_record
from ..runs import DifferentRunError, OtherPdfError, Run, output_names, output_texts
from ..weights import embedded_places
from .items import Item, digest_of, is_address

DONE, LOST, FAILED = "done", "pages lost", "failed"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How every document of a shelf is read, cleaned and written.

    Attributes:
        out: the shelf's folder.
        options: the cleaner's settings.
        engine: text engine.
        pages: pages to read of each document; all by default.
        password: what opens those that are locked; it is not kept.
        limits: what reading one document may take.
        ocr: which pages are recognised.
        language: the language to recognise.
        keep_pdf: whether new work files hold their PDF.
        force: whether outputs that exist are replaced.
        formats: the formats that are written of each document; its plain text as NAME.clean.txt if None.
        split_tokens: the most tokens of a part, if there are to be parts.
    """

    out: str
    options: CleanerOptions = field(default_factory=CleanerOptions)
    engine: str = "pdfium"
    pages: str | None = None
    password: str | None = field(default=None, repr=False)
    limits: Limits = DEFAULT_LIMITS
    ocr: str = "never"
    language: str = "eng"
    keep_pdf: bool = True
    force: bool = False
    formats: tuple[str, ...] | None = None
    split_tokens: int | None = None

    @property
    def reading(self) -> dict[str, Any]:
        """What `Run.start` takes of it; one document owns one processor, so that one process reads it."""
        return {"engine": self.engine, "pages": self.pages, "password": self.password,
                "limits": replace(self.limits, workers=1), "ocr": self.ocr, "language": self.language,
                "keep_pdf": self.keep_pdf}


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one document.

    Attributes:
        source: its path or address.
        name: where its files stand under the shelf's folder, without their endings.
        state: "done", "pages lost" (done, but pages could not be read or look garbled) or "failed".
        pages: pages read.
        words: words kept.
        removed: words removed.
        chunks: chunks in all.
        flagged: chunks to look at that nobody has decided about.
        seconds: on the clock.
        cpu_seconds: of processor time, the reader's included.
        told: why it failed or what was lost, in a sentence; else empty.
    """

    source: str
    name: str
    state: str
    pages: int = 0
    words: int = 0
    removed: int = 0
    chunks: int = 0
    flagged: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    told: str = ""


def packed(value: Any) -> bytes:
    """A dataclass as a line that other processes read; in ASCII, since the names of files may be no text."""
    return json.dumps(to_record(value)).encode() + b"\n"


def unpacked(line: bytes | str, kind: type[T]) -> T:
    """What `packed` made the line of.

    Raises:
        ValueError: it has not the shape of that class.
    """
    return from_record(json.loads(line), kind)


def clean_item(item: Item, recipe: Recipe, cleaner: Loaded) -> Row:
    """Clean a document, or go on with it, and write its files; nothing is raised but an interrupt."""
    clock, cpu = time.monotonic(), _cpu_seconds()
    try:
        name, run = _cleaned(item, recipe, cleaner)
        facts, told = _facts(run), _lost(run.cleaned)
    except Exception as error:  # a document's own fault or podprep's: either way the others go on
        name, facts, told = item.name, {"state": FAILED}, sentence(error)
    return Row(item.source, name, told=told, seconds=time.monotonic() - clock, cpu_seconds=_cpu_seconds() - cpu,
               **facts)


def failed(item: Item, why: str) -> Row:
    """The row of a document that could not even be tried to its end."""
    return Row(item.source, item.name, FAILED, told=why)


def _cleaned(item: Item, recipe: Recipe, cleaner: Loaded) -> tuple[str, Run]:
    """The document's run, finished and its files written, and the name that these have."""
    with _local(item, recipe) as (pdf, fetched):
        item, run = _started(item, recipe, pdf, {"loaded": cleaner, **fetched})
        inputs, output = [pdf, run.path, *embedded_places()], _output(run.path, recipe)
        run.path.parent.mkdir(parents=True, exist_ok=True)
        check_outputs(output_names(output, recipe.formats).values(), inputs, recipe.force or run.state == "finished")
        try:
            cleaned = run.go()
        except (PdfError, PageRangeError, OcrError):
            run.forget()
            raise
        texts = output_texts(cleaned, output, recipe.formats, split_tokens=recipe.split_tokens)
        write_texts(texts, inputs, recipe.force, cleaned.document.sha256)
    return item.name, run


def _started(item: Item, recipe: Recipe, pdf: Path, more: dict[str, Any]) -> tuple[Item, Run]:
    """The run of a document, in a work file of its own name where another PDF has the one that it would have."""
    try:
        try:
            return item, Run.start(pdf, _work_file(item, recipe), **recipe.reading, **more)
        except OtherPdfError:
            item = item.with_hash(digest_of(item.source))
            return item, Run.start(pdf, _work_file(item, recipe), **recipe.reading, **more)
    except DifferentRunError as error:
        raise RunError(f"{error.what}: choose another folder with -o, or take the same settings.") from None


def _work_file(item: Item, recipe: Recipe) -> Path:
    return Path(recipe.out, item.name + ENDING)


def _output(work: Path, recipe: Recipe) -> Path:
    """What the files of a document are named after: beside its work file, and like that."""
    return work.with_name(work.name.removesuffix(ENDING) + (".clean.txt" if recipe.formats is None else ""))


@contextmanager
def _local(item: Item, recipe: Recipe) -> Iterator[tuple[Path, dict[str, str]]]:
    """The PDF as a file for as long as the block lasts, and where it was fetched from if it was."""
    if not is_address(item.source):
        yield Path(item.source), {}
        return
    from .fetch import fetch_pdf  # what speaks HTTP is loaded only where something is fetched

    with ExitStack() as stack:
        pdf, sha256 = _kept(stack, item, recipe)
        if not sha256:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="podprep-"))
            pdf = fetch_pdf(item.source, Path(folder) / "fetched.pdf")
        try:
            yield pdf, {"address": item.source, "sha256": sha256}
        except PodprepError as error:
            told = str(error).replace(str(pdf), item.source).replace(str(Path(item.source)), item.source)
            raise PodprepError(told) from None


def _kept(stack: ExitStack, item: Item, recipe: Recipe) -> tuple[Path, str]:
    """The PDF that was fetched before, and its hash; where a finished run does not hold it, its hash alone counts."""
    for work in (_work_file(one, recipe) for one in (item, item.with_hash(digest_of(item.source)))):
        with suppress(RunError):  # there is none, or what is wrong with it is told when it is worked on
            run = Run.open(work)
            if run.name == item.source:
                with suppress(PdfError):
                    return stack.enter_context(run.pdf_file()), run.sha256
                if run.state == "finished":
                    return Path("fetched.pdf"), run.sha256
    return Path(), ""


def _facts(run: Run) -> dict[str, Any]:
    cleaned, flagged = run.cleaned, len(run.cleaned.flagged)
    if run.reviewed:
        from ..review import Review  # loaded for few: a shelf is mostly cleaned once

        flagged = len(Review(run).flagged)
    return {"state": LOST if _lost(cleaned) else DONE, "pages": len(cleaned.document.pages),
            "words": len(words(cleaned.text)), "removed": cleaned.words_removed().total(),
            "chunks": len(cleaned.chunks), "flagged": flagged}


def _lost(cleaned: Cleaned) -> str:
    """Which pages could not be read or look garbled, in a sentence."""
    failures, garbled = cleaned.document.failures, garbled_pages(cleaned.document)
    more = f"; and {len(failures) - 1} more" if len(failures) > 1 else ""
    parts = [f"not read: {failures[0]}{more}"] if failures else []
    parts += [f"pages whose text layer looks like garbage: {', '.join(map(str, garbled[:20]))}"] if garbled else []
    return "; ".join(parts)


def _cpu_seconds() -> float:
    """Processor time of this process and of the readers that it has had."""
    return sum(os.times()[:4])
