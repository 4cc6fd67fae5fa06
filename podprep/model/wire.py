"""A faithful task as JSON, for a server that keeps the copy constraint itself (`podprep.vllm`).

It says what may be copied, what ends a turn, what skipping costs, and what another cleaner thinks of each word. The
constraint is in `faithful`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import msgspec

from ..errors import SettingsError
from .faithful import CopyState, SkipCosts, Source

_MOST_TOKENS = 1 << 17  # of a source; a chunk has some hundreds


@dataclass(frozen=True)
class CopyTask:
    """What a copy constraint is made of, see `CopyState`."""

    source: Source
    ends: tuple[int, ...]
    costs: SkipCosts = field(default_factory=SkipCosts)
    opinions: tuple[float, ...] | None = None

    def to_json(self) -> str:
        """The task as JSON."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> CopyTask:
        """What `to_json` made the text of; it may come from anyone.

        Raises:
            SettingsError: it has not that shape, or its parts do not fit together.
        """
        try:
            task = msgspec.json.decode(text, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise SettingsError(f"This is no task for faithful decoding ({error}): make it with CopyTask.") from None
        ids, starts, words = task.source.ids, task.source.starts, task.source.words
        fits = (
            len(starts) == len(words) > 1 and (starts[0], words[0], starts[-1]) == (0, 0, len(ids))
            and all(a < b for edges in (starts, words) for a, b in pairwise(edges)) and task.ends
            and min(*ids, *task.ends) >= 0 and len(ids) <= _MOST_TOKENS >= words[-1]
            and (task.opinions is None or len(task.opinions) == words[-1]) and (task.costs.reach or 0) >= 0
        )
        if not fits:
            raise SettingsError("The parts of this task for faithful decoding do not fit: make it with CopyTask.")
        return task

    def state(self) -> CopyState:
        """The constraint at the source's beginning."""
        return CopyState(self.source, self.ends, self.costs, self.opinions)
