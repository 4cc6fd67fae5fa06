"""Runs: a document's work is kept step by step, so that no kill loses it.

    manifest    what a run is bound to: its PDF, settings, versions
    store       the work file
    run         Run: a cleanup that goes on where it stopped
    decisions   what a person decided, as log entries, and what they add up to
    sidecar     where each paragraph and removal of a clean text comes from, as JSON

Does not clean (`cleaners` do) and does not decide anything about a chunk: it keeps what `review` decides.
"""

from typing import TYPE_CHECKING

from ..faces import face

if TYPE_CHECKING:
    from .decisions import OPEN, Chart, Decision
    from .journal import Entry, Journal
    from .run import Run, list_runs
    from .sidecar import sidecar_json, sidecar_path

__getattr__, __dir__, __all__ = face(__name__, __file__)
