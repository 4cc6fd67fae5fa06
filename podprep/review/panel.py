"""The review panel: a chunk side by side, and what to do with it, by mouse or by keyboard.

A thin layer of widgets over `Review`, which keeps the decisions. Flagged chunks come first. Needs
ipywidgets and anywidget; without a front end it is one line of text.
"""

import html
from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import ipywidgets

from ..cleaned import Cleaned
from ..errors import PodprepError
from ..runs import Run
from .diff import DIFF_STYLE, LEGEND, diff_table
from .page_view import show_page
from .panel_front import PANEL_STYLE, SHORTCUTS, PanelTable
from .report import chunk_name
from .review import Review
from .signs import shown

_SHOW = ("all", "open", "flagged", "decided")


class ReviewPanel(ipywidgets.VBox):
    """Review one document chunk by chunk; `review` holds what was decided."""

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
        self._table = PanelTable(shortcuts=list(SHORTCUTS))
        self._table.on_msg(self._on_message)
        self._head, self._message, self._progress = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        self._make_fields()
        warning = self.review.cleaned.warning
        told = [ipywidgets.HTML(f"<p><strong>{html.escape(shown(warning))}</strong></p>")] if warning else []
        super().__init__([
            ipywidgets.HTML(PANEL_STYLE + DIFF_STYLE), *told, self._top, self._filters, self._help, self._head,
            self._actions, self._editor, self._message, self._table, self._page,
        ])
        self.add_class("podprep-panel")
        self._go(self._next())

    def __repr__(self) -> str:
        """One line, for front ends that show no widgets."""
        return f"ReviewPanel: {self.review.progress}"

    @property
    def message(self) -> str:
        """What the panel last said, such as why something was refused."""
        return html.unescape(self._message.value)

    @property
    def chunk(self) -> int | None:
        """The chunk in sight, from 0; None where the filters leave none."""
        return self._at

    @property
    def listed(self) -> list[int]:
        """The chunks that pass the filters, flagged and open ones first."""
        first = self.review.flagged
        rest = [i for i in range(len(self.review.cleaned.chunks)) if i not in set(first)]
        return [i for i in (*first, *rest) if self._passes(i)]

    # Making

    def _make_fields(self) -> None:
        button = self._button
        self._top = ipywidgets.HBox([
            self._progress, button("Undo", self.undo, "u"), button("Redo", self.redo, "y"),
            button("Accept all without a flag", self.accept_unflagged), button("?", self._toggle_help, "?", "3em"),
        ])
        kinds = sorted({r.kind for r in self.review.cleaned.removals})
        self._show = ipywidgets.Dropdown(options=_SHOW, description="Show", layout={"width": "12em"})
        self._kind = ipywidgets.Dropdown(options=["any", *kinds], description="Removed", layout={"width": "16em"})
        self._search = ipywidgets.Text(placeholder="words in the chunk", description="Search", continuous_update=False)
        self._search.add_class("podprep-search")
        for field in (self._show, self._kind, self._search):
            field.observe(lambda change: self._go(self._next(keep=True)), "value")
        self._filters = ipywidgets.HBox([self._show, self._kind, self._search])
        keys = "".join(f"<dt><kbd>{html.escape(key)}</kbd></dt><dd>{does}</dd>" for key, does in SHORTCUTS.items())
        hint = "<p>Click a removed run, or press Enter on it, to restore it.</p>"
        self._help = ipywidgets.HTML(f"{LEGEND}{hint}<dl>{keys}</dl>")
        self._help.layout.display = "none"
        self._actions = ipywidgets.HBox([
            button("Previous", lambda: self._step(-1), "p"), button("Next", lambda: self._step(1), "n"),
            button("Accept", self.accept, "a"), button("Keep raw", self.keep_raw, "r"), button("Edit", self.edit, "e"),
            button("Page", self.toggle_page, "v"),
        ])
        self._text = ipywidgets.Textarea(layout={"width": "100%", "height": "14em"})
        self._text.add_class("podprep-edit")
        saving = [button("Save", self.save_edit), button("Cancel", self._close_editor)]
        self._editor = ipywidgets.VBox([self._text, ipywidgets.HBox(saving)], layout={"display": "none"})
        self._page = ipywidgets.VBox(layout={"display": "none"})

    def _button(self, text: str, do: Callable[[], None], key: str = "", width: str = "auto") -> ipywidgets.Button:
        tip = f"{text}, key {key}" if key else text
        made = ipywidgets.Button(description=text, tooltip=tip, layout={"width": width})
        made.on_click(lambda _: self._try(do))
        return made

    # Doing

    def accept(self) -> None:
        """Accept the chunk in sight, and go to the next open one."""
        self._decide(self.review.accept)

    def keep_raw(self) -> None:
        """Keep the chunk in sight raw, and go to the next open one."""
        self._decide(self.review.keep_raw)

    def edit(self) -> None:
        """Open the text of the chunk in sight in a field."""
        if self._at is not None:
            self._text.value = self.review.chunk(self._at).text
            self._editor.layout.display = ""
            self._table.send({"focus": "edit"})

    def save_edit(self) -> None:
        """Take the field's text for the chunk in sight, and go to the next open one."""
        text = self._text.value
        self._close_editor()
        self._decide(lambda index: self.review.edit(index, text))

    def operate(self, span: tuple[int, int]) -> None:
        """Restore a removed span of the chunk in sight, or remove it again if it was restored."""
        if self._at is not None:
            restored = span in self.review.decision(self._at).restored
            (self.review.remove if restored else self.review.restore)(self._at, span)
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
        self._go(self._next())
        self._say(f"{count} chunks accepted.")

    def toggle_page(self) -> None:
        """Show the page that the chunk in sight came from, or hide it."""
        hidden = self._page.layout.display == "none"
        self._page.layout.display = "" if hidden else "none"
        self._draw_page()

    # Within

    def _decide(self, do: Callable[[int], None]) -> None:
        if self._at is not None:
            do(self._at)
            self._go(self._next())

    def _show_again(self, index: int | None, otherwise: str) -> None:
        self._go(self._at if index is None else index)
        self._say(otherwise if index is None else "")

    def _passes(self, index: int) -> bool:
        review, status = self.review, self.review.decision(index).status
        chunk, show = review.cleaned.chunks[index], self._show.value
        wanted = {"all": True, "open": status == "open", "decided": status != "open",
                  "flagged": chunk.fidelity.verdict != "clean"}[show]
        kind = self._kind.value == "any" or any(r.kind == self._kind.value for r in chunk.removals)
        return wanted and kind and self._search.value.lower() in f"{chunk.chunk.text}\n{chunk.text}".lower()

    def _next(self, keep: bool = False) -> int | None:
        """The chunk in sight if it is to be kept and still listed, or else the next open one, or the first."""
        listed = self.listed
        if keep and self._at in listed:
            return self._at
        after = [i for i in listed if self._at is not None and i > self._at]
        open_ones = [i for i in (*self.review.flagged, *after, *listed) if self.review.decision(i).status == "open"]
        return next((i for i in open_ones if i in listed), listed[0] if listed else None)

    def _step(self, by: int) -> None:
        listed = self.listed
        if listed:
            at = listed.index(self._at) + by if self._at in listed else 0
            self._go(listed[at % len(listed)])

    def _go(self, index: int | None) -> None:
        self._at = index
        self._close_editor()
        self._say("")
        self._draw()

    def _draw(self) -> None:
        """Show the chunk in sight as it stands."""
        progress = self.review.progress
        self._progress.value = (f'<progress aria-label="decided" value="{progress.decided}" max="{progress.total}">'
                                f"</progress> {progress}")
        if self._at is None:
            self._head.value, self._table.table = "<p>No chunk passes the filters.</p>", ""
            return
        chunk, decision = self.review.chunk(self._at), self.review.decision(self._at)
        before = self.review.cleaned.chunks[self._at].fidelity
        flag = f'<span class="flag">{before.verdict}</span> ' if before.verdict != "clean" else ""
        reasons = html.escape(shown("; ".join(before.reasons)))
        status = f'<span class="decision">{decision.status}</span>'
        place = f"{self.listed.index(self._at) + 1} of {len(self.listed)} listed" if self._at in self.listed else ""
        self._head.value = f"<h3>{chunk_name(chunk)} {flag}{status}</h3>{reasons} <small>{place}</small>"
        operable = decision.status not in ("raw", "edited")
        self._table.table = diff_table(chunk, decision.restored, operable, chunk_name(chunk))
        self._draw_page()

    def _draw_page(self) -> None:
        if self._page.layout.display == "none" or self._at is None:
            self._page.children = ()
            return
        file = BytesIO()
        show_page(self.review, self._at).save(file, "PNG")
        text = f"page image of {chunk_name(self.review.chunk(self._at))}; bar: kept, struck frame: removed"
        picture = b64encode(file.getvalue()).decode()  # the image widget knows no alternative text
        self._page.children = (
            ipywidgets.HTML(f'<p>{text}</p><img alt="{text}" src="data:image/png;base64,{picture}">'),
        )

    def _close_editor(self) -> None:
        if self._editor.layout.display != "none":
            self._editor.layout.display = "none"
            self._table.send({"focus": "table"})

    def _toggle_help(self) -> None:
        self._help.layout.display = "" if self._help.layout.display == "none" else "none"

    def _say(self, message: str) -> None:
        self._message.value = html.escape(shown(message))

    def _try(self, do: Callable[[], None]) -> None:
        """Do it, and say why if it is refused."""
        try:
            do()
        except PodprepError as error:
            self._say(str(error))

    def _on_message(self, widget: Any, content: dict[str, Any], buffers: Any) -> None:
        """What the front end tells: a key of `SHORTCUTS`, or a span that was operated."""
        keys = {"a": self.accept, "r": self.keep_raw, "e": self.edit, "u": self.undo, "y": self.redo,
                "n": lambda: self._step(1), "p": lambda: self._step(-1), "v": self.toggle_page,
                "/": lambda: self._table.send({"focus": "search"}), "?": self._toggle_help}
        if content.get("key") in keys:
            self._try(keys[content["key"]])
        elif "span" in content:
            start, end = content["span"]
            self._try(lambda: self.operate((int(start), int(end))))
