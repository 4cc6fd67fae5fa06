"""The review panel: a chunk side by side, its page beside it, and what to do with it, by mouse or by keyboard.

A thin layer over `Review`, which keeps the decisions. This file answers what the browser asks; what it shows of a chunk
is put together in `panel_view`, and `panel.js` draws it. Needs anywidget; without a front end it is one line of text.
"""

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread
from typing import Any

import anywidget
import traitlets

from ..choices import FORMATS
from ..cleaned import Cleaned
from ..counts import counted
from ..errors import OutputError, PodprepError, ReviewError, require_known
from ..output import Name
from ..runs import Run
from ..spans import KINDS
from .account import decisions_as
from .diff import DIFF_CSS
from .page_view import page_png
from .panel_view import chunk_view, list_row
from .report import report_html
from .review import Review
from .rows import Row
from .signs import pictured, shown

ACTIONS = (
    ("a", "accept", "Accept", "chunk"), ("r", "raw", "Keep raw", "chunk"), ("d", "strike", "Strike out", "chunk"),
    ("e", "edit", "Edit sentence", "chunk"), ("E", "whole", "Edit all", "chunk"), ("c", "remark", "Comment", "chunk"),
    ("n", "next", "Next", "chunk"), ("p", "previous", "Previous", "chunk"), ("u", "undo", "Undo", "top"),
    ("y", "redo", "Redo", "top"), ("A", "all", "Accept all without a flag", "top"), ("w", "plan", "Write", "top"),
    ("?", "help", "Keys", "top"), (",", "back", "Before", "page"), (".", "forth", "After", "page"),
    ("+", "larger", "Larger", "page"), ("-", "smaller", "Smaller", "page"), ("v", "view", "Hide", "page"),
    ("/", "search", "Search", ""), ("x", "choose", "Choose for what is done with several", ""),
)
"""What the panel does: key, name, what its button says, and where the button stands."""

_SHOW = ("all", "open", "flagged", "decided")
_SORT = ("flags first", "page", "state", "kept least")
_EXTRAS = ("report", "decisions")  # what can be written beside the formats


class ReviewPanel(anywidget.AnyWidget):
    """Review one document chunk by chunk; `review` holds what was decided."""

    _esm = Path(__file__).parent / "panel.js"
    _css = DIFF_CSS + (Path(__file__).parent / "panel.css").read_text("utf-8")
    actions = traitlets.List(list(map(list, ACTIONS))).tag(sync=True)
    choices = traitlets.Dict().tag(sync=True)
    rows: Any = traitlets.List().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(
        self, source: Review | Cleaned | Run, file: str | Path | None = None, author: str | None = None
    ) -> None:
        """Open where the review was left.

        Args:
            source: a review, or a run or a cleaned document to begin one with.
            file: the work file whose log of decisions is used, where `source` is no review.
            author: who decides, where `source` is no review; the user's login name by default.

        Raises:
            RunError: the file is damaged or in use.
        """
        self.review = source if isinstance(source, Review) else Review(source, file, author)
        self._at: int | None = None
        self._message, self._plan = "", dict[str, Any]()
        self._filter = {"show": "all", "kind": "any", "sort": "flags first", "search": ""}
        self._rows: list[Row] = []
        kinds = sorted({r.kind for r in self.review.cleaned.removals})
        super().__init__(choices={
            "show": _SHOW, "sort": _SORT, "kind": ["any", *map(shown, kinds)], "kinds": list(KINDS),
            "formats": [*FORMATS, *_EXTRAS], "pages": [page.number for page in self.review.cleaned.document.pages],
            "warning": shown(self.review.cleaned.warning), "unapplied": [shown(s) for s in self.review.unapplied],
        })
        self.on_msg(self._on_message)
        self._go(self._next())
        if self.review.cleaned.chunks:
            Thread(target=self.review.prepare, daemon=True).start()

    def __repr__(self) -> str:
        """One line, for front ends that show no widgets."""
        return f"ReviewPanel: {self.review.progress}"

    @property
    def message(self) -> str:
        """What the panel last said, such as why something was refused."""
        return self._message

    @property
    def chunk(self) -> int | None:
        """The chunk in sight, from 0; None where the filters leave none."""
        return self._at

    @property
    def listed(self) -> list[int]:
        """The chunks that pass the filters, in the order chosen: flagged and open ones first by default."""
        numbers = [i for i in range(len(self.review.cleaned.chunks)) if self._passes(i)]
        match self._filter["sort"]:
            case "page":
                return numbers
            case "state":
                return sorted(numbers, key=lambda i: self.review.decision(i).status)
            case "kept least":
                return sorted(numbers, key=lambda i: self.review.chunk(i).fidelity.kept)
        first = [i for i in self.review.flagged if i in set(numbers)]
        return [*first, *(i for i in numbers if i not in set(first))]

    # Doing

    def accept(self) -> None:
        """Accept the chunk in sight, and go to the next open one."""
        self._decide(self.review.accept)

    def keep_raw(self) -> None:
        """Keep the chunk in sight raw, and go to the next open one."""
        self._decide(self.review.keep_raw)

    def operate(self, span: Sequence[int]) -> None:
        """Restore a removed span of the chunk in sight, or remove it again if it was restored."""
        at, place = self._here(), (int(span[0]), int(span[1]))
        restored = place in self.review.decision(at).restored
        (self.review.remove if restored else self.review.restore)(at, place)
        self._draw()

    def strike(self, first: Sequence[int], last: Sequence[int]) -> None:
        """Strike words of the clean text: from one to another, each as the row it stands in and its number there."""
        at, part = self._here(), (self._word(*first)[0], self._word(*last)[1])
        source = self.review.origin(at, part)
        if source is None:  # words of somebody's own
            self.review.edit(at, "", part)
        else:
            self.review.strike(at, source)
        self._draw()

    def edit(self, text: str, row: int | None = None) -> None:
        """Take a text for a sentence of the chunk in sight, by the row it stands in, or for the whole chunk."""
        self.review.edit(self._here(), text, None if row is None else self._row(row))
        self._draw()

    def set_kind(self, span: Sequence[int], kind: str) -> None:
        """Give a removal of the chunk in sight another kind."""
        self.review.set_kind(self._here(), (int(span[0]), int(span[1])), kind)
        self._draw()

    def comment(self, text: str) -> None:
        """Remark something on the chunk in sight."""
        self.review.comment(self._here(), text)
        self._draw()

    def settle(self, version: int) -> None:
        """Take a version of a chunk that two people decided differently."""
        self.review.settle(self._here(), version)
        self._draw()

    def undo(self) -> None:
        """Take the last decision back, and show its chunk."""
        self._show_again(self.review.undo(), "Nothing to undo.")

    def redo(self) -> None:
        """Decide again what was undone last, and show its chunk."""
        self._show_again(self.review.redo(), "Nothing to redo.")

    def accept_unflagged(self) -> None:
        """Accept all open chunks that raised no flag."""
        count = self.review.accept_unflagged()
        self._go(self._next(), f"{counted(count, 'chunks')} accepted.")

    def decide_several(self, how: str, chunks: Sequence[int]) -> None:
        """Accept several chunks, or keep them raw, in one step."""
        {"accept": self.review.accept, "raw": self.review.keep_raw}[how](list(chunks))
        done = "accepted" if how == "accept" else "kept raw"
        self._go(self._next(), f"{counted(len(chunks), 'chunks')} {done}.")

    def filter(self, **chosen: str) -> None:
        """List what passes.

        Args:
            chosen: `show` ("all", "open", "flagged", "decided"), `kind` of removal or "any", `search` for words, and
                `sort` ("flags first", "page", "state", "kept least").

        Raises:
            SettingsError: there is no such way to show or to sort.
        """
        wanted = self._filter | chosen
        require_known("way to show chunks", wanted["show"], _SHOW)
        require_known("order", wanted["sort"], _SORT)
        self._filter = wanted
        self._go(self._next(keep=True))

    def plan(self, formats: Sequence[str] = ("txt",), name: str = "") -> None:
        """Say which files would be written, and which of them would replace something."""
        path = Path(name) if name else self.review.usual_name
        files = list(self._texts(path, formats))
        self._plan = {"name": str(path), "formats": list(formats), "files": [
            {"name": str(file), "there": os.path.lexists(file), "ours": self._is_ours(file)} for file in files]}
        self._draw()

    def write(self) -> None:
        """Write what was planned; what `plan` did not show to be there is not replaced.

        Raises:
            ReviewError: nothing is planned.
            OutputError: something came to be there meanwhile, or a file cannot be written.
        """
        if not self._plan:
            raise ReviewError("Nothing is planned to be written: call plan first, which says what would be replaced.")
        if self.review.run is not None:
            self.review.run.require_finished("write its text")
        texts = self._texts(Path(self._plan["name"]), self._plan["formats"])
        new = [file for file in self._plan["files"] if not file["there"] and os.path.lexists(file["name"])]
        if new:
            self.plan(self._plan["formats"], self._plan["name"])
            raise OutputError(f"{new[0]['name']} is there now: look at what is replaced, and write again.")
        made = self.review.write_files(texts, force=True)
        self._plan = {}
        self._go(self._at, f"Written: {', '.join(map(str, made))}")

    # Within

    def _here(self) -> int:
        if self._at is None:
            raise PodprepError("No chunk is in sight: change what is listed.")
        return self._at

    def _row(self, number: int) -> tuple[int, int]:
        span = self._rows[number].span if 0 <= number < len(self._rows) else None
        if span is None:
            raise PodprepError("No sentence of the clean text stands there.")
        return span

    def _word(self, row: int, number: int) -> tuple[int, int]:
        """Where a word stands in the clean text of the chunk in sight, by its row and its number there."""
        start, end = self._row(row)
        found = list(re.finditer(r"\S+", pictured(self.review.chunk(self._here()).text)[start:end]))
        match = found[max(0, min(number, len(found) - 1))]
        return start + match.start(), start + match.end()

    def _texts(self, path: Path, formats: Sequence[str]) -> dict[Name, str]:
        stem = path.with_suffix("") if path.suffix == ".txt" else path
        wanted = [name for name in formats if name in FORMATS]
        texts = self.review.texts(stem, wanted) if wanted else {}
        if "report" in formats:
            texts[stem.with_name(f"{stem.name}.html")] = report_html(self.review)
        if "decisions" in formats:
            table = stem.with_name(f"{stem.name}.decisions.csv")
            texts[table] = decisions_as(table, self.review.decisions)
        return texts

    def _is_ours(self, file: Name) -> bool:
        """Whether what is there is as podprep wrote it."""
        try:
            self.review.check_files([file])
        except PodprepError:
            return False
        return True

    def _decide(self, do: Callable[[int], None]) -> None:
        if self._at is not None:
            do(self._at)
            self._go(self._next())

    def _show_again(self, index: int | None, otherwise: str) -> None:
        self._go(self._at if index is None else index, otherwise if index is None else "")

    def _passes(self, index: int) -> bool:
        review, status = self.review, self.review.decision(index).status
        chunk, wanted = review.cleaned.chunks[index], self._filter
        flagged = chunk.fidelity.verdict != "clean" or bool(review.decision(index).versions)
        shows = {"all": True, "open": status == "open", "decided": status != "open", "flagged": flagged}
        kind = wanted["kind"] == "any" or any(shown(r.kind) == wanted["kind"] for r in chunk.removals)
        search = wanted["search"].lower()
        found = not search or search in f"{chunk.chunk.text}\n{review.chunk(index).text}".lower()
        return shows[wanted["show"]] and kind and found

    def _next(self, keep: bool = False) -> int | None:
        """The chunk in sight if it is to be kept and still listed, or else the next open one, or the first."""
        listed = self.listed
        if keep and self._at in listed:
            return self._at
        after = listed[listed.index(self._at) + 1:] if self._at in listed else []
        flagged = [i for i in self.review.flagged if i in set(listed)]
        open_ones = [i for i in (*flagged, *after, *listed) if self.review.decision(i).status == "open"]
        return next(iter(open_ones), listed[0] if listed else None)

    def _step(self, by: int) -> None:
        listed = self.listed
        if listed:
            at = listed.index(self._at) + by if self._at in listed else 0
            self._go(listed[at % len(listed)])

    def _go(self, index: int | None, message: str = "") -> None:
        self._at = index
        self._draw(message)

    def _draw(self, message: str = "") -> None:
        """Show the chunk in sight as it stands, and the list."""
        review, progress, listed = self.review, self.review.progress, self.listed
        self._message, view = message, None
        if self._at is not None:
            view, self._rows = chunk_view(review, self._at)
            view["place"] = f"{listed.index(self._at) + 1} of {len(listed)} listed" if self._at in listed else ""
        done = progress.decided == progress.total
        with self.hold_sync():
            self.rows = [list_row(review, i) for i in listed]
            self.state = {
                "chunk": view, "message": shown(message), "plan": self._plan, "filter": self._filter,
                "decided": progress.decided, "total": progress.total, "progress": str(progress),
                "summary": shown(f"All chunks are decided. {review.summary}") if done else "",
            }

    def _send_page(self, number: int) -> None:
        """Send a page's picture; drawn apart, so that no key waits for it."""
        try:
            self.send({"page": number}, [page_png(self.review, number)])
        except (PodprepError, OSError) as error:
            self.send({"page": number, "error": shown(str(error))})

    def _on_message(self, widget: Any, content: dict[str, Any], buffers: Any) -> None:
        """Do what the front end asks for, by name, and say why if it is refused."""
        more = {key: value for key, value in content.items() if key != "do"}
        doings: dict[str, Callable[..., None]] = {
            "accept": self.accept, "raw": self.keep_raw, "operate": self.operate, "strike": self.strike,
            "edit": self.edit, "kind": self.set_kind, "comment": self.comment, "settle": self.settle,
            "undo": self.undo, "redo": self.redo, "all": self.accept_unflagged, "several": self.decide_several,
            "filter": self.filter, "plan": self.plan, "write": self.write, "leave": self._leave,
            "next": lambda: self._step(1), "previous": lambda: self._step(-1), "go": lambda index: self._go(int(index)),
        }
        if content.get("do") == "page":
            Thread(target=self._send_page, args=(int(more["number"]),), daemon=True).start()
        elif content.get("do") in doings:
            try:
                doings[content["do"]](**more)
            except PodprepError as error:
                self._draw(str(error))

    def _leave(self) -> None:
        """Write nothing."""
        self._plan = {}
        self._draw()
