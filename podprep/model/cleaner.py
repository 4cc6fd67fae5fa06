"""The `prompt` cleaner: a chat model copies each chunk without what does not belong, under guard.

Mode "faithful" holds the model to its source: it can leave words out, and nothing else. Mode "free"
lets it write what it likes. Every chunk is checked in either mode; one that fails is replaced by the
text of a cleaner that does not write, and flagged, and the model's draft is kept for review. In
free mode it is first tried once more, in two halves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from rapidfuzz.distance import LCSseq

from ..choices import MODES
from ..chunks import DEFAULT_SIZE, Chunk, chunk_document, sentence_ends
from ..cleaned import Cleaned, CleanedChunk
from ..document import Document
from ..errors import SettingsError, require_known
from ..fidelity import STOPS_CUT_SHORT, measure, words
from ..probe import Probe
from ..progress import with_bar
from ..rules import PARAGRAPH, Word
from ..spans import Removal, merge_removals
from .advice import Advised, advise
from .answers import Piece
from .faithful import SkipCosts
from .prompt import Prompt, load_prompt
from .server import Server

if TYPE_CHECKING:
    from .loader import LanguageModel
    from .served import ServedFaithfulWriter, ServedFreeWriter
    from .writers import FaithfulWriter, FreeWriter

    AnyModel = LanguageModel | Server


@dataclass(frozen=True)
class PromptSettings:
    """How the prompt cleaner works.

    Attributes:
        prompt: the instructions and worked examples.
        mode: "faithful" or "free".
        adviser: whose opinion of each word faithful decoding hears, "probe", "tidy" or "none".
        costs: what leaving words out costs in faithful decoding.
        batch: chunks decoded side by side; on the CPU one is best.
    """

    prompt: Prompt = field(default_factory=load_prompt)
    mode: str = "faithful"
    adviser: str = "probe"
    costs: SkipCosts = field(default_factory=SkipCosts)
    batch: int = 1

    def __post_init__(self) -> None:
        require_known("mode", self.mode, MODES)
        if self.batch < 1:
            raise SettingsError(f"A batch of {self.batch} chunks is too small: use 1 or more.")

    def load_probe(self) -> Probe | None:
        """The probe, if it is the adviser that is heard."""
        return Probe.load() if self.mode == "faithful" and self.adviser == "probe" else None

    def record(self, language_model: AnyModel) -> dict[str, str]:
        """All that decides the outcome, as text."""
        costs = ", ".join(f"{name} {value}" for name, value in asdict(self.costs).items())
        faithful = {"adviser": self.adviser, "costs": costs} if self.mode == "faithful" else {}
        where = {"server": language_model.kind} if isinstance(language_model, Server) else {"batch": str(self.batch)}
        return {
            "mode": self.mode, "model": language_model.name, "revision": language_model.revision,
            "prompt": f"{self.prompt.name} {self.prompt.hash}", **faithful, **where,
        }


def clean_with_prompt(
    document: Document, language_model: AnyModel, settings: PromptSettings | None = None, size: int = DEFAULT_SIZE,
    limit: int | None = None, progress: bool = False,
) -> Cleaned:
    """Clean a document with a chat model, chunk by chunk.

    Args:
        document: the document as read.
        language_model: a model from `load_model`, or a `Server`.
        settings: prompt, mode and costs.
        size: chunk size in characters of raw text.
        limit: most chunks to clean, from the first; all by default.
        progress: whether to show a progress bar on standard error.

    Raises:
        SettingsError: a setting is unknown.
        ModelError: the model's chat template or tokenizer does not do.
    """
    settings = settings or PromptSettings()
    chunks = chunk_document(document, size)[:limit]
    made = prompt_chunks(document, chunks, language_model, settings)
    record = {"size": str(size), **settings.record(language_model)}
    return Cleaned(document, "prompt", record, tuple(with_bar(progress, made, "cleaning", "chunk", len(chunks))))


def prompt_chunks(
    document: Document, chunks: Sequence[Chunk], language_model: AnyModel, settings: PromptSettings | None = None,
    probe: Probe | None = None,
) -> Iterator[CleanedChunk]:
    """Yield each chunk as the model cleans it, checked, or as another cleaner does where it fails.

    Args:
        document: the whole document.
        chunks: the chunks to clean, in order.
        language_model: a model from `load_model`, or a `Server`.
        settings: prompt, mode and costs.
        probe: the adviser, where it is the probe and loaded already.
    """
    settings = settings or PromptSettings()
    adviser = settings.adviser if settings.mode == "faithful" else "tidy"
    advised = iter(advise(document, chunks, adviser, probe))
    cleaner = _Faithful(language_model, settings) if settings.mode == "faithful" else _Free(language_model, settings)
    at_once = language_model.side_by_side if isinstance(language_model, Server) else settings.batch
    while batch := list(islice(advised, at_once)):
        asked = [one for one in batch if words(one.source_text)]
        answers = iter(cleaner.clean(asked) if asked else ())
        for one in batch:
            yield next(answers) if words(one.source_text) else one.without_model()


def _faithful_writer(model: AnyModel, settings: PromptSettings) -> FaithfulWriter | ServedFaithfulWriter:
    """Who writes faithfully; torch is loaded only for a model that runs here."""
    if isinstance(model, Server):
        from .served import ServedFaithfulWriter

        return ServedFaithfulWriter(model, settings.prompt, settings.costs)
    from .writers import FaithfulWriter

    return FaithfulWriter(model, settings.prompt, settings.costs)


def _free_writer(model: AnyModel, settings: PromptSettings) -> FreeWriter | ServedFreeWriter:
    """Who writes freely."""
    if isinstance(model, Server):
        from .served import ServedFreeWriter

        return ServedFreeWriter(model, settings.prompt)
    from .writers import FreeWriter

    return FreeWriter(model, settings.prompt)


class _Faithful:
    """Chunks in which the model chose what to leave out."""

    def __init__(self, language_model: AnyModel, settings: PromptSettings) -> None:
        self._writer = _faithful_writer(language_model, settings)
        self._advised = settings.adviser != "none"

    def clean(self, chunks: Sequence[Advised]) -> list[CleanedChunk]:
        """The chunks without the words that the model left out."""
        pieces = [Piece.of(one.source, one.opinions if self._advised else None) for one in chunks]
        return [self._checked(one, kept, answer.stop_reason)
                for one, (kept, answer) in zip(chunks, self._writer.write(pieces))]

    def _checked(self, advised: Advised, kept: Sequence[bool], stop: str) -> CleanedChunk:
        text, gap, removals = advised.without(kept)
        fidelity = measure(advised.source_text, text, advised.text, stop)
        if fidelity.verdict == "failed":
            return replace(advised.without_model(fidelity), stop_reason=stop, draft=text)
        return CleanedChunk(advised.chunk, text, gap, removals, fidelity, stop)


class _Free:
    """Chunks that the model wrote anew."""

    def __init__(self, language_model: AnyModel, settings: PromptSettings) -> None:
        self._writer = _free_writer(language_model, settings)

    def clean(self, chunks: Sequence[Advised]) -> list[CleanedChunk]:
        """The chunks as the model wrote them."""
        answers = self._writer.write([one.source_text for one in chunks])
        return [self._checked(one, text, answer.stop_reason) for one, (text, answer) in zip(chunks, answers)]

    def _checked(self, advised: Advised, text: str, stop: str) -> CleanedChunk:
        fidelity = measure(advised.source_text, text, advised.text, stop)
        if fidelity.verdict == "failed":
            again, again_stop = self._in_halves(advised.source_text)
            better = measure(advised.source_text, again, advised.text, again_stop)
            if better.verdict == "failed":
                return replace(advised.without_model(fidelity), stop_reason=stop, draft=text)
            text, stop, fidelity = again, again_stop, better
        removals = tuple(merge_removals(removed_words(advised.chunk, advised.source, text)))
        return CleanedChunk(advised.chunk, text, advised.source[0].gap or PARAGRAPH, removals, fidelity, stop)

    def _in_halves(self, text: str) -> tuple[str, str]:
        """The text written in two parts, and the worse of the two reasons for stopping."""
        ends = [*sentence_ends(text), len(text)]
        middle = min(ends, key=lambda end: abs(end - len(text) / 2))
        halves = [half.strip() for half in (text[:middle], text[middle:]) if half.strip()]
        answers = self._writer.write(halves)
        stops = [answer.stop_reason for _, answer in answers]
        return " ".join(written for written, _ in answers), next((s for s in stops if s in STOPS_CUT_SHORT), "end")


def removed_words(chunk: Chunk, source: Sequence[Word], written: str) -> Iterator[Removal]:
    """Runs of source words that align with nothing the model wrote."""
    owners = [word for word in source for _ in words(word.text)]
    a = [w for word in source for w in words(word.text)]
    for op in LCSseq.opcodes(a, words(written)):
        if op.tag != "equal" and op.src_end > op.src_start:
            first, last = owners[op.src_start], owners[op.src_end - 1]
            yield Removal(max(first.start, chunk.start), min(last.end, chunk.end), "model")
