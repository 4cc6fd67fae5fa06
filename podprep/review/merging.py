"""Put two logs of decisions on one PDF together: what stands decided in one of them and is new to the other.

A decision is known by all that it says, with time and name. Nothing is lost: what cannot stand beside something else
is named, and a person decides.
"""

from collections.abc import Iterable, Sequence

from ..runs import OPEN, Chart, Entry, in_force, signed

People = tuple[str, str]
"""Who decided last about a chunk, here and there."""


def merged(here: Sequence[Entry], there: Sequence[Entry], chart: Chart) -> tuple[list[Entry], dict[int, People]]:
    """What is to be added to the log `here`, and the chunks about which both decided, and not the same.

    Entries that were added there since the logs parted come with their time and name; those that both had and that
    were undone there are undone. Chunks where both restored, struck or remarked only are no conflict: all of it stands.
    """
    first = next((i for i, pair in enumerate(zip(here, there)) if pair[0] != pair[1]), min(len(here), len(there)))
    before, ours, theirs = (in_force(log)[0] for log in (here[:first], here, there))
    added = [there[i] for i in theirs if there[i] not in here or (i < first and i not in before and i not in ours)]
    undone = [i for i in before if i in ours and i not in theirs]
    own = [here[i] for i in ours if here[i] not in there] + [here[i] for i in before if i not in ours]
    touched = _touched(chart, [*added, *(here[i] for i in undone)])
    disputed = {i: (_last(chart, here, ours, i), _last(chart, there, theirs, i))
                for i in sorted(touched & _touched(chart, own)) if _differ(chart, here, there, i)}
    return [{"do": "undo", "of": i} for i in undone] + added, disputed


def _touched(chart: Chart, entries: Iterable[Entry]) -> set[int]:
    """The chunks that entries decide about."""
    return {i for entry in entries if entry["do"] != "comment" for i in chart.found(entry)}


def _differ(chart: Chart, here: Sequence[Entry], there: Sequence[Entry], index: int) -> bool:
    """Whether a chunk stands otherwise there than here, and is decided in one of the two."""
    one, other = (chart.replay(log).decisions.get(index, OPEN).wordless for log in (here, there))
    return one != other and {one.status, other.status} != {"open"}


def _last(chart: Chart, log: Sequence[Entry], order: Sequence[int], index: int) -> str:
    """Who decided last about a chunk."""
    return next((signed(log[i])[0] for i in reversed(order) if index in chart.found(log[i])), "")
