"""Review a cleaned document: decide on its chunks, take decisions back, write the text they give.

Every decision is in the log before the call returns; what they add up to is read in `standing`. No widgets here: those
are in `panel`. Chunks are counted from 0, as in `Cleaned.chunks`.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from operator import index as index_of
from pathlib import Path
from typing import Any

from ..errors import ReviewError
from ..fidelity import words
from ..handover import Repair, chunk_at, chunk_spans
from ..output import Name, check_outputs, text_hash, write_texts
from ..runs import Entry, Version, output_texts
from ..spans import KINDS, Removal, Span, kept_spans, without_spans
from .account import decisions_as
from .merging import merged
from .standing import Standing


class Review(Standing):
    """Decisions on the chunks of one cleaned document.

    Restoring a removal does not decide a chunk; accepting it, keeping it raw or editing it does. Each of these raises
    `ReviewError` where somebody else has decided about the chunk since this review last looked; it has looked then.
    Where the disk refuses, or the work file is damaged or in use, `OutputError` or `RunError` says so, and nothing is
    decided.
    """

    def accept(self, index: int | Iterable[int]) -> None:
        """Take a chunk, or several in one step, as cleaned, with what was restored and struck out; raw text is taken
        back, an edit stays as it is (`undo` takes it back, and so does `keep_raw`).
        """
        self._decide("accept", index)

    def keep_raw(self, index: int | Iterable[int]) -> None:
        """Take all words of a chunk, or of several in one step, nothing removed; words cut at line ends are closed up,
        lines joined.
        """
        self._decide("raw", index)

    def edit(self, index: int, text: str, part: Span | None = None) -> None:
        """Take a person's own text for a chunk, or for a part (start, end) of its text as it stands, such as a
        sentence; blank lines separate paragraphs.

        Raises:
            ReviewError: the part does not lie in the text.
        """
        if part is not None:
            before = self.chunk(index).text
            if not 0 <= part[0] <= part[1] <= len(before):
                raise ReviewError(f"{part} is no part of chunk {index}: its text goes from 0 to {len(before)}.")
            text = _joined(before[:part[0]], text.strip(), before[part[1]:])
        self._decide("edit", index, text="\n".join(text.splitlines()).strip())

    def restore(self, index: int, removal: Removal | Span) -> None:
        """Take one removal back, or any span (start, end) of the document's text that removals cover.

        Raises:
            ReviewError: nothing in the span is removed.
        """
        span, gone = self._span(index, removal), self.chunk(index).removals
        left = without_spans(gone, [span])
        if left == gone:
            raise ReviewError(f"Nothing is removed at {span} of chunk {index}: choose one of its removals.")
        if self.decision(index).status == "edited":
            self.edit(index, self._rebuilder.put_back(index, self.decision(index).text, gone, left))
        else:
            self._decide("restore", index, span=span)

    def strike(self, index: int, span: Removal | Span) -> None:
        """Take out what stands in a span (start, end) of the document's text: a removal by a person, of kind "edit".
        `origin` tells the span of words of the clean text.

        Raises:
            ReviewError: no words of the chunk's text come from there.
        """
        start, end = self._span(index, span)
        chunk = self.chunk(index)
        start, end = max(start, chunk.chunk.start), min(end, chunk.chunk.end)
        left = kept_spans(start, end, chunk.removals) if start < end else ()
        if not any(words(self.cleaned.document.text[a:b]) for a, b in left):
            raise ReviewError(f"No words are left at {span} of chunk {index}: choose a span of words that stand.")
        if self.decision(index).status == "edited":
            self.edit(index, self._rebuilder.take_out(index, chunk.text, chunk.removals, [(start, end)]))
        else:
            self._decide("strike", index, span=(start, end))

    def set_kind(self, index: int, removal: Removal | Span, kind: str) -> None:
        """Say of what kind a removal is, or all removals in a span; text and status of the chunk stay.

        Raises:
            ReviewError: nothing in the span is removed, or there is no such kind.
        """
        span = self._span(index, removal)
        if kind not in KINDS:
            raise ReviewError(f"{kind!r} is no kind of removal: choose one of {', '.join(KINDS)}.")
        if not any(r.start < span[1] and span[0] < r.end for r in self.chunk(index).removals):
            raise ReviewError(f"Nothing is removed at {span} of chunk {index}: choose one of its removals.")
        self._decide("kind", index, span=span, kind=kind)

    def comment(self, index: int, text: str) -> None:
        """Remark something on a chunk, with name and time; this decides nothing.

        Raises:
            ReviewError: the text is empty.
        """
        if not text.strip():
            raise ReviewError("A comment without words says nothing: write something.")
        self._decide("comment", index, text="\n".join(text.splitlines()).strip())

    def leave_written(self, repair: Repair) -> None:
        """Take one of the repairs for the ear back: its words are said as they are written.

        Raises:
            ReviewError: it is none of `repairs`.
        """
        if repair not in self.repairs:
            raise ReviewError(f"{repair.old!r} at {repair.start} is not said otherwise: choose one of review.repairs.")
        result = self.result
        self._decide("write", chunk_at(chunk_spans(result), repair.start), text=repair.key(result.text))

    def say(self, index: int, key: str) -> None:
        """Say again what was left as written in a chunk; the keys are in `decision(index).as_written`.

        Raises:
            ReviewError: nothing with this key was left as written.
        """
        if key not in self.decision(index).as_written:
            raise ReviewError(f"{key!r} was not left as written: choose from decision({index}).as_written.")
        self._decide("say", index, text=key)

    def settle(self, index: int, version: int) -> None:
        """Take one of the versions (0 or 1) of a chunk that two people decided differently.

        Raises:
            ReviewError: there is no such version.
        """
        versions = self.decision(index).versions
        if not 0 <= version < len(versions):
            raise ReviewError(f"Chunk {index} has no version {version}: see decision({index}).versions.")
        text = versions[version].text
        if text == self.chunk(index).text:
            self.accept(index)
        else:
            self.edit(index, text)

    def merge(self, other: "Review") -> tuple[int, ...]:
        """Take in what was decided in another review of the same PDF, such as a colleague's in a copy of the work file.

        Chunks about which both decided, and not the same, are open again and flagged, with both versions at hand.

        Returns:
            Those chunks.

        Raises:
            ReviewError: the other review is about another PDF.
        """
        if other.cleaned.document.sha256 != self.cleaned.document.sha256:
            named = other.run.path if other.run else other.cleaned.document.path.name
            raise ReviewError(f"{named} is about another PDF: name a work file made of the same one.")
        self._refresh()
        news, disputed = merged(self._log.entries, other._log.entries, self._chart)
        versions = {i: [asdict(Version(by, review.decision(i).status, review.chunk(i).text))
                        for review, by in zip((self, other), people)] for i, people in disputed.items()}
        news += [self._chart.entry("conflict", [i], versions=both) for i, both in versions.items()]
        if news:
            self._write(*news)
        return tuple(disputed)

    def remove(self, index: int, removal: Removal | Span) -> None:
        """Remove again what was restored; `removal` is what `restore` was given.

        Raises:
            ReviewError: this span was not restored.
        """
        span = self._span(index, removal)
        if span not in self.decision(index).restored:
            raise ReviewError(f"{span} of chunk {index} was not restored: choose from decision({index}).restored.")
        self._decide("remove", index, span=span)

    def prepare(self) -> None:
        """Measure the document now, for which the first change of a text would have to wait."""
        self._rebuilder.whole(0)

    def accept_unflagged(self) -> int:
        """Accept every open chunk that raised no flag, in one step; return how many."""
        self._refresh()
        wanted = [i for i in self._open() if not self._is_flagged(i)]
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

    # Writing

    def write(
        self, path: str | Path | None = None, force: bool = False, formats: Sequence[str] | None = None,
        split_tokens: int | None = None,
    ) -> tuple[Path, ...]:
        """Write the clean text, and beside it a JSON file that tells where each part of it comes from.

        Args:
            path: the text's file, or with formats what all files are named after; beside the work file by default.
            force: whether files that exist are replaced.
            formats: names out of `FORMATS`; the plain text by default.
            split_tokens: the most tokens of a part, if there are to be parts as well.

        Returns:
            The paths of the text, or of the formats in their order, of the parts, and of the JSON file.

        Raises:
            OutputError: one cannot be written, or exists and `force` is false.
            RunError: the run is not finished, so that its text is not whole.
            SettingsError: a format is unknown.
        """
        if self.run is not None:
            self.run.require_finished("write its text")
        stem = self.usual_name if formats is None else self.usual_name.with_suffix("")
        return tuple(self.write_files(self.texts(stem if path is None else path, formats, split_tokens), force))

    @property
    def usual_name(self) -> Path:
        """Where the text goes where no file is named: NAME.reviewed.txt, beside the work file if there is one."""
        pdf = Path(self.cleaned.document.path.name or "document")
        return (self._log.path or pdf).with_suffix(".reviewed.txt")

    def write_decisions(self, path: str | Path, force: bool = False) -> Path:
        """Write the table of decisions, as CSV or as JSON by the file's ending.

        Raises:
            OutputError: the ending is another, or as for `write`.
        """
        return self.write_files({path: decisions_as(path, self.decisions)}, force)[0]

    def check_files(self, places: Iterable[Name], force: bool = False) -> None:
        """See that files may be written, before anything is decided.

        Raises:
            OutputError: as for `write`.
        """
        check_outputs(places, self.inputs, force, self._log.outputs)

    def write_files(self, texts: Mapping[Name, str], force: bool = False) -> list[Path]:
        """Write texts made of this review; those written before are replaced as long as nobody else changed them.

        Raises:
            OutputError: as for `write`.
        """
        made = write_texts(texts, self.inputs, force, self.cleaned.document.sha256, self._log.outputs)
        self._log.keep_outputs(map(text_hash, texts.values()))
        return made

    def texts(
        self, path: str | Path, formats: Sequence[str] | None = None, split_tokens: int | None = None
    ) -> dict[Name, str]:
        """What `write` writes, by file."""
        decisions = [self.decision(i) for i in self._numbers]
        return output_texts(self.cleaned, path, formats, self.result, decisions, split_tokens)

    @property
    def markdown(self) -> str:
        """The clean text as it stands, as Markdown."""
        progress = self.progress
        return self.result.to_markdown(progress.decided / max(progress.total, 1))

    @property
    def inputs(self) -> tuple[Path, ...]:
        """What no output may be, of what is there: the PDF, the work files, and the PDF beside them."""
        pdf, files = self.cleaned.document.path, [self._log.path, self.run.path if self.run else None]
        places = [pdf, *(place for file in files if file for place in (file, file.parent / pdf.name))]
        return tuple(place for place in places if os.path.isfile(place))

    # Within

    def _write(self, *entries: Entry) -> None:
        self._log.append(*entries)
        self._replay()

    def _decide(self, do: str, index: int | Iterable[int], **more: Any) -> None:
        chunks = list(index) if isinstance(index, Iterable) else [index]
        seen = [self.decision(i).wordless for i in chunks]
        self._refresh()
        other = next((i for i, before in zip(chunks, seen) if self.decision(i).wordless != before), None)
        if other is not None:
            raise ReviewError(f"Chunk {other} was decided by somebody else just now: look at it, then decide again.")
        if chunks:
            self._write(self._chart.entry(do, chunks, **more))

    def _again(self, do: str, numbers: Sequence[int]) -> int | None:
        if not numbers:
            return None
        number = numbers[-1]
        self._write({"do": do, "of": number})
        return next(iter(self._chart.found(self._log.entries[number])), None)

    def _span(self, index: int, removal: Removal | Span) -> Span:
        self.decision(index)  # there is such a chunk
        try:
            first, last = (removal.start, removal.end) if isinstance(removal, Removal) else removal
            return index_of(first), index_of(last)
        except (TypeError, ValueError):
            raise ReviewError(f"{removal} is no span: give two offsets of the document's text.") from None


def _joined(before: str, text: str, after: str) -> str:
    """A text with a part replaced; where nothing takes its place, of the gaps that meet the wider one stays."""
    if text:
        return before + text + after
    gaps = before[len(before.rstrip()):], after[:len(after) - len(after.lstrip())]
    return before.rstrip() + max(gaps, key=lambda gap: (gap.count("\n"), len(gap))) + after.lstrip()
