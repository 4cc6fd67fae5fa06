"""Runs: a document's work is kept in one file, step by step, so that no kill loses it.

    database   a SQLite file that may come from anyone, opened so that it does no harm
    sealed     rows under seal: what was torn or edited is found
    store      the work file: what its tables hold
    manifest   what a run is bound to: its PDF, settings, versions; and where it and its PDF are found
    stage      how far a run is
    run        Run: a cleanup that goes on where it stopped
    kept       a finished run of what any cleaner made, and the one in which that is reviewed
    listing    the runs in a folder, the unusable ones too
    decisions  the log of decisions, never changed, and what can stand decided about a chunk
    chart      what a log adds up to, bound to what chunks say
    sidecar    where each paragraph and removal of a clean text comes from, as JSON
    outputs    the files of a clean text, by format

Does not clean (`cleaners` do) and does not decide anything about a chunk: it keeps what `review` decides.
"""

from typing import TYPE_CHECKING

from ..faces import face

if TYPE_CHECKING:
    from .chart import DOINGS, Chart, State, in_force, is_sound, signed
    from .decisions import OPEN, Comment, Decision, Entry, Log, Version
    from .kept import keep_cleaned, run_of
    from .listing import find_runs, list_runs
    from .manifest import DifferentRunError, OtherPdfError
    from .outputs import SIDECAR, output_names, output_texts
    from .run import Run
    from .sidecar import sidecar_json, sidecar_path

__getattr__, __dir__, __all__ = face(__name__, __file__)
