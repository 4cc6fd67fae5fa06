"""Where a review stands: what is decided about each chunk of a cleaned document, and the text that this gives.

Only reads: deciding and writing are in `review`. Chunks are counted from 0, as in `Cleaned.chunks`.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from ..cleaned import Cleaned, CleanedChunk
from ..errors import ReviewError
from ..fidelity import measure
from ..handover import Repair, repairs_of
from ..rules import PARAGRAPH, text_and_gap
from ..runs import OPEN, Chart, Decision, Log, Run, run_of
from ..spans import Removal, Span, merge_removals, without_spans
from .account import Deed, Summary, deeds, summary
from .rebuild import Rebuilder, Removals, with_kinds


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review has come: chunks decided, chunks in all, flagged chunks still open."""

    decided: int
    total: int
    flagged: int

    def __str__(self) -> str:
        return f"{self.decided} of {self.total} decided, {self.flagged} flagged"


class Standing:
    """What stands decided about the chunks of one cleaned document, and what they are by that."""

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
        decision, chunk = self.decision(index), self.cleaned.chunks[index]
        if any(d.by_person for d in self._state.decisions.values()):
            losses = self._all_losses()
            near = self._rebuilder.reach(index, losses)
            key = (decision.status, decision.text, tuple(tuple(losses[i]) for i in near))
            if index not in self._made or self._made[index][0] != key:
                self._made[index] = key, self._remade(index, decision, losses, near)
            chunk = self._made[index][1]
        return replace(chunk, removals=with_kinds(chunk.removals, decision.kinds)) if decision.kinds else chunk

    def origin(self, index: int, part: Span) -> Span | None:
        """Where in the document's text a part (start, end) of a chunk's clean text comes from, as far as it does."""
        chunk = self.chunk(index)
        return self._rebuilder.origin(index, chunk.text, chunk.removals, part)

    @property
    def result(self) -> Cleaned:
        """The document as it stands, with everything that was decided."""
        return replace(self.cleaned, chunks=tuple(self.chunk(i) for i in range(len(self.cleaned.chunks))))

    @property
    def text(self) -> str:
        """The clean text as it stands, ending in a line end unless empty."""
        return self.result.text

    @property
    def decisions(self) -> tuple[Deed, ...]:
        """All that was ever decided, one row a chunk and decision, in order."""
        return deeds(self.cleaned, self._chart, self._log.entries, self._state)

    @property
    def summary(self) -> Summary:
        """What was decided: words by whom, and how many flags were right."""
        return summary(self.cleaned, [self.chunk(i) for i in self._numbers], [self.decision(i) for i in self._numbers],
                       self.decisions)

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What speech says otherwise than the text writes it, without what was left as written."""
        return tuple(repairs_of(self.result, [self.decision(i).as_written for i in self._numbers]))

    @property
    def flagged(self) -> tuple[int, ...]:
        """Chunks with a flag that are still open: first where people disagree, then failed ones."""
        def weight(index: int) -> tuple[bool, str]:
            """What comes first, to compare."""
            return not self.decision(index).versions, self.cleaned.chunks[index].fidelity.verdict

        return tuple(sorted((i for i in self._open() if self._is_flagged(i)), key=weight))

    @property
    def progress(self) -> Progress:
        """How many chunks are decided, and how many flagged ones are not."""
        total = len(self.cleaned.chunks)
        return Progress(total - len(self._open()), total, len(self.flagged))

    @property
    def unapplied(self) -> tuple[str, ...]:
        """One sentence for each decision in the log that no longer applies, since the cleaner ran anew."""
        return self._state.unapplied

    # Within

    @property
    def _numbers(self) -> range:
        return range(len(self.cleaned.chunks))

    def _open(self) -> list[int]:
        return [i for i in self._numbers if self.decision(i).status == "open"]

    def _is_flagged(self, index: int) -> bool:
        return self.cleaned.chunks[index].fidelity.verdict != "clean" or bool(self.decision(index).versions)

    def _replay(self) -> None:
        self._state = self._chart.replay(self._log.entries)
        self._left_out: list[Removals] | None = None

    def _refresh(self) -> None:
        """Take in what another review on the same file has decided."""
        self._log.refresh()
        self._replay()

    def _losses(self, index: int) -> Removals:
        """What is left out of a chunk, as decided; an edited chunk counts as before the edit."""
        decision, chunk = self.decision(index), self.cleaned.chunks[index]
        removals = () if decision.status == "raw" else chunk.removals
        struck = merge_removals(Removal(max(start, chunk.chunk.start), min(end, chunk.chunk.end), "edit")
                                for start, end in decision.struck)
        own = without_spans(struck, [(r.start, r.end) for r in removals])
        return without_spans(merge_removals([*removals, *own]), decision.restored)

    def _all_losses(self) -> list[Removals]:
        changed = self._state.decisions
        if self._left_out is None:
            self._left_out = [self._losses(i) if i in changed else c.removals
                              for i, c in enumerate(self.cleaned.chunks)]
        return self._left_out

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
            text, gap = self._rebuilder.put_back(index, chunk.text, chunk.removals, removals), chunk.gap or gap
            if decision.struck:
                standing = without_spans(removals, decision.struck)
                text = self._rebuilder.take_out(index, text, standing, decision.struck)
        source = text if decision.status == "raw" else self._rebuilder.source(index)
        return replace(chunk, text=text, gap=gap, removals=removals, fidelity=measure(source, text))
