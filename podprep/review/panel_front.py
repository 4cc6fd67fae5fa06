"""The part of the review panel that runs in the browser: its table, its keys, its looks.

The script in `panel.js` reports what was clicked or pressed; what follows from it is in `panel`.
"""

from pathlib import Path

import anywidget
import traitlets

SHORTCUTS = {
    "a": "accept", "r": "keep raw", "e": "edit", "u": "undo", "y": "redo", "n": "next chunk", "p": "previous chunk",
    "v": "show or hide the page", "/": "search", "?": "show or hide this list",
}
"""What the keys do while the panel, and no field in it, has the focus."""

PANEL_STYLE = """<style>
.podprep-panel button:focus-visible, .podprep-panel [tabindex]:focus-visible {
  outline: 3px solid #2f6fca; outline-offset: 1px; }
.podprep-panel .flag, .podprep-panel .decision { border: 1px solid; border-radius: 0.3em; padding: 0 0.4em; }
.podprep-panel .flag { font-weight: bold; } .podprep-panel progress { width: 12em; vertical-align: middle; }
.podprep-panel kbd { border: 1px solid; border-radius: 0.2em; padding: 0 0.35em; } .podprep-panel dl { columns: 2; }
.podprep-panel dt { float: left; clear: left; width: 2em; } .podprep-panel dd { margin-left: 2.5em; }
</style>"""


class PanelTable(anywidget.AnyWidget):
    """Shows HTML that was escaped here, and tells of keys and of removals that were operated."""

    _esm = Path(__file__).parent / "panel.js"
    table = traitlets.Unicode().tag(sync=True)
    shortcuts = traitlets.List(traitlets.Unicode()).tag(sync=True)
