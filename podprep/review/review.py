"""Review a cleaned document: decide on its chunks, take decisions back, read the text they give.

Every decision is in the log before the call returns. No widgets here: those are in `panel`.
Chunks are counted from 0, as in `Cleaned.chunks`.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import index as index_of
from pathlib import Path
from typing import Any

from ..cleaned import Cleaned, CleanedChunk
from ..errors import ReviewError
from ..fidelity import measure
from ..output import Name, write_texts
from ..rules import PARAGRAPH, text_and_gap
from ..runs import OPEN, Chart, Decision, Log, Run, output_texts, run_of
from ..spans import Removal, Span, without_spans
from .rebuild import Rebuilder, Removals


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review has come: chunks decided, chunks in all, flagged chunks still open."""

    decided: int
    total: int
    flagged: int

    def __str__(self) -> str:
        return f"{self.decided} of {self.total} decided, {self.flagged} flagged"


class Review:
    """Decisions on the chunks of one cleaned document.

    Restoring a removal does not decide a chunk; accepting it, keeping it raw or editing it does. Each of these raises
    `ReviewError` where somebody else has decided about the chunk since this review last looked; it has looked then.
    """

    def __init__(self, source: Cleaned | Run, file: str | Path | None = None, author: str | None = None) -> None:
        """Take up a review where its log of decisions left it, or begin one.

        Args:
            source: the document, from any cleaner, or a run.
            file: the work file whose log is used, made of `source` if it is not there; by default the
                run's own, and without a run decisions live in memory only.
            author: who decides; the user's login name by default.

        Raises:
            RunError: the run has read nothing yet, or a file is about another PDF, not finished, damaged or in use.
            OutputError: the file cannot be made.
        """
        self.run = source if isinstance(source, Run) else None
        self.cleaned = cleaned = source.cleaned if isinstance(source, Run) else source
        path = Path(file) if file is not None else self.run.path if self.run else None
        if path is not None and (self.run is None or path != self.run.path):
            run_of(cleaned, path)
        self._log = Log(path, author)
        self._chart = Chart(cleaned)
        self._rebuilder = Rebuilder(cleaned)
        self._is_assembled = cache(self._rebuilder.is_assembled)
        self._made: dict[int, tuple[Any, CleanedChunk]] = {}
        self._replay()

    def __repr__(self) -> str:
        return f"Review of {self.cleaned.document.path.name or 'a document'}: {self.progress}"

    # Deciding

    def accept(self, index: int) -> None:
        """Take a chunk as cleaned, with the removals that were restored; an edit or raw text is taken back."""
        self._decide("accept", index)

    def keep_raw(self, index: int) -> None:
        """Take all a chunk's words, nothing removed; words cut at line ends are closed up, lines joined."""
        self._decide("raw", index)

    def edit(self, index: int, text: str) -> None:
        """Take a person's own text for a chunk; blank lines separate paragraphs."""
        self._decide("edit", index, text="\n".join(text.splitlines()).strip())

    def restore(self, index: int, removal: Removal | Span) -> None:
        """Take one removal back, or any span (start, end) of the document's text that removals cover.

        Raises:
            ReviewError: nothing in the span is removed, or the chunk was edited.
        """
        span = self._span(index, removal)
        if without_spans(self._losses(index), [span]) == tuple(self._losses(index)):
            raise ReviewError(f"Nothing is removed at {span} of chunk {index}: choose one of its removals.")
        self._decide("restore", index, span=span)

    def remove(self, index: int, removal: Removal | Span) -> None:
        """Remove again what was restored; `removal` is what `restore` was given.

        Raises:
            ReviewError: this span was not restored.
        """
        span = self._span(index, removal)
        if span not in self.decision(index).restored:
            raise ReviewError(f"{span} of chunk {index} was not restored: choose from decision({index}).restored.")
        self._decide("remove", index, span=span)

    def accept_unflagged(self) -> int:
        """Accept every open chunk that raised no flag, in one step; return how many."""
        self._refresh()
        wanted = [i for i in self._open() if self.cleaned.chunks[i].fidelity.verdict == "clean"]
        if wanted:
            self._write(self._chart.entry("accept", wanted))
        return len(wanted)

    def undo(self) -> int | None:
        """Take the last decision back; return the (first) chunk it was about, or None if there is none."""
        self._refresh()
        return self._again("undo", self._state.done)

    def redo(self) -> int | None:
        """Decide again what was undone last; return the (first) chunk it is about, or None if there is none."""
        self._refresh()
        return self._again("redo", self._state.undone)

    # Reading

    def decision(self, index: int) -> Decision:
        """What stands decided about a chunk.

        Raises:
            ReviewError: there is no such chunk.
        """
        if not 0 <= index < len(self.cleaned.chunks):
            raise ReviewError(f"There is no chunk {index}: chunks are 0 to {len(self.cleaned.chunks) - 1}.")
        return self._state.decisions.get(index, OPEN)

    def chunk(self, index: int) -> CleanedChunk:
        """A chunk as it stands: the cleaner's, or with what was decided about it."""
        decision, losses = self.decision(index), self._all_losses()
        if not any(d.by_person for d in self._state.decisions.values()):
            return self.cleaned.chunks[index]
        near = self._rebuilder.reach(index, losses)
        key = (decision.status, decision.text, tuple(tuple(losses[i]) for i in near))
        if index not in self._made or self._made[index][0] != key:
            self._made[index] = key, self._remade(index, decision, losses, near)
        return self._made[index][1]

    @property
    def result(self) -> Cleaned:
        """The document as it stands, with everything that was decided."""
        return replace(self.cleaned, chunks=tuple(self.chunk(i) for i in range(len(self.cleaned.chunks))))

    @property
    def text(self) -> str:
        """The clean text as it stands, ending in a line end unless empty."""
        return self.result.text

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What stands decided, one entry a chunk."""
        return tuple(self.decision(i) for i in range(len(self.cleaned.chunks)))

    @property
    def flagged(self) -> tuple[int, ...]:
        """Chunks with a flag that are still open, failed ones first."""
        chunks = self.cleaned.chunks
        doubtful = (i for i in self._open() if chunks[i].fidelity.verdict != "clean")
        return tuple(sorted(doubtful, key=lambda i: chunks[i].fidelity.verdict))

    @property
    def progress(self) -> Progress:
        """How many chunks are decided, and how many flagged ones are not."""
        decided = sum(decision.status != "open" for decision in self.decisions)
        return Progress(decided, len(self.cleaned.chunks), len(self.flagged))

    @property
    def unapplied(self) -> tuple[str, ...]:
        """One sentence for each decision in the log that no longer applies, since the cleaner ran anew."""
        return self._state.unapplied

    def write(
        self, path: str | Path, force: bool = False, formats: Sequence[str] | None = None
    ) -> tuple[Path, ...]:
        """Write the clean text, and beside it a JSON file that tells where each part of it comes from.

        Args:
            path: the text's file, or with formats what all files are named after.
            force: whether files that exist are replaced.
            formats: names out of `FORMATS`; the plain text by default.

        Returns:
            The paths of the text, or of the formats in their order, and of the JSON file.

        Raises:
            OutputError: one cannot be written, or exists and `force` is false.
            RunError: the run is not finished, so that its text is not whole.
            SettingsError: a format is unknown.
        """
        if self.run is not None:
            self.run.require_finished("write its text")
        texts = self.texts(path, formats)
        return tuple(write_texts(texts, self.inputs, force, self.cleaned.document.sha256))

    def texts(self, path: str | Path, formats: Sequence[str] | None = None) -> dict[Name, str]:
        """What `write` writes, by file."""
        return output_texts(self.cleaned, path, formats, self.result, self.decisions)

    @property
    def inputs(self) -> tuple[Path, ...]:
        """What no output may be, of what is there: the PDF, the work files, and the PDF beside them."""
        pdf, files = self.cleaned.document.path, [self._log.path, self.run.path if self.run else None]
        places = [pdf, *(place for file in files if file for place in (file, file.parent / pdf.name))]
        return tuple(place for place in places if os.path.isfile(place))

    # Within

    def _open(self) -> list[int]:
        return [i for i, decision in enumerate(self.decisions) if decision.status == "open"]

    def _replay(self) -> None:
        self._state = self._chart.replay(self._log.entries)

    def _refresh(self) -> None:
        """Take in what another review on the same file has decided."""
        self._log.refresh()
        self._replay()

    def _write(self, entry: dict[str, Any]) -> None:
        self._log.append(entry)
        self._replay()

    def _decide(self, do: str, index: int, **more: Any) -> None:
        seen = self.decision(index)
        self._refresh()
        if self.decision(index) != seen:
            raise ReviewError(f"Chunk {index} was decided by somebody else just now: look at it, then decide again.")
        self._write(self._chart.entry(do, [index], **more))

    def _again(self, do: str, numbers: Sequence[int]) -> int | None:
        if not numbers:
            return None
        number = numbers[-1]
        self._write({"do": do, "of": number})
        return self._chart.first(self._log.entries[number])

    def _span(self, index: int, removal: Removal | Span) -> Span:
        if self.decision(index).status in ("raw", "edited"):
            raise ReviewError(f"Chunk {index} is {self.decision(index).status}: accept it or undo that first.")
        try:
            first, last = (removal.start, removal.end) if isinstance(removal, Removal) else removal
            return index_of(first), index_of(last)
        except (TypeError, ValueError):
            raise ReviewError(f"{removal} is no span: give two offsets of the document's text.") from None

    def _losses(self, index: int) -> Removals:
        """What is left out of a chunk, as decided; an edited chunk counts as cleaned."""
        decision = self.decision(index)
        removals = self.cleaned.chunks[index].removals
        return () if decision.status == "raw" else without_spans(removals, decision.restored)

    def _all_losses(self) -> list[Removals]:
        changed = self._state.decisions
        return [self._losses(i) if i in changed else c.removals for i, c in enumerate(self.cleaned.chunks)]

    def _remade(self, index: int, decision: Decision, losses: list[Removals], near: range) -> CleanedChunk:
        """A chunk with what was decided about it and about its neighbours."""
        chunk = self.cleaned.chunks[index]
        if decision.status != "edited" and all(losses[i] == self.cleaned.chunks[i].removals for i in near):
            return chunk
        text, gap = text_and_gap(self._rebuilder.words(index, losses))
        removals = tuple(losses[index])
        if decision.status == "edited":
            text, gap = decision.text, chunk.gap or gap or PARAGRAPH
            removals = self._rebuilder.missing(index, text)
        elif decision.status != "raw" and not self._is_assembled(index):
            if removals == chunk.removals:
                return chunk
            text, gap = self._rebuilder.put_back(index, removals), chunk.gap or gap
        source = text if decision.status == "raw" else self._rebuilder.source(index)
        return replace(chunk, text=text, gap=gap, removals=removals, fidelity=measure(source, text))
