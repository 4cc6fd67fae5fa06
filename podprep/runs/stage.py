"""How far a run is, by what its work file holds."""

from dataclasses import dataclass

from .store import Plan, WorkFile


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        state: "started", "reading", "cleaning" or "finished".
        done: pages read or chunks cleaned so far.
        total: how many there are, 0 while that is unknown.
    """

    state: str
    done: int
    total: int


NOT_BEGUN = Progress("started", 0, 0)


def progress_of(work: WorkFile) -> Progress:
    """How far the run in a work file is."""
    cleaned, chunks, plan = work.count("cleaned"), work.count("chunks"), work.fact("plan", Plan)
    if work.finished:
        return Progress("finished", cleaned, cleaned)
    if chunks:
        return Progress("cleaning", cleaned, chunks)
    if plan is None:
        return NOT_BEGUN
    return Progress("reading", work.count("pages"), len(plan.numbers) + len(plan.beside))
