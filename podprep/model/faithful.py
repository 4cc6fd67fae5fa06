"""The copy constraint: what a model may write next if it may only copy its source or skip ahead.

A source is cut into units, runs of tokens that hold whole words. At the start of a unit the model
copies it, skips to the start of a later one, or stops; inside a unit it can only go on. Whatever
the model, what comes out is a subsequence of the source's words. A word that occurs again may have
been copied from either place: all places that fit are kept, each with its least cost, and the
cheapest reading is taken at the end. No model runs here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from ..spans import Span

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Source:
    """A text as token ids, cut into units that hold whole words.

    Attributes:
        ids: all token ids.
        starts: offset in `ids` of each unit's first token, and the number of ids at the end.
        words: index of each unit's first word, and the number of words at the end.
    """

    ids: tuple[int, ...]
    starts: tuple[int, ...]
    words: tuple[int, ...]

    @property
    def firsts(self) -> list[int]:
        """The first token of each unit."""
        return [self.ids[start] for start in self.starts[:-1]]


def encode_source(tokenizer: Any, text: str, words: Sequence[Span]) -> Source:
    """Encode a text; a unit begins where a token does and no token holds parts of two words.

    Args:
        tokenizer: a tokenizer that tells which characters each token stands for.
        text: the text, in which nothing can become a special token.
        words: the character span of each word, in order.

    Raises:
        ModelError: the tokenizer does not tell.
    """
    if not tokenizer.is_fast:
        raise ModelError("This model's tokenizer does not tell where its tokens stand: use --mode free, or another.")
    encoded = tokenizer(text, add_special_tokens=False, split_special_tokens=True, return_offsets_mapping=True)
    ids, offsets = tuple(encoded["input_ids"]), encoded["offset_mapping"]
    starts, firsts, at = [0], [0], 0
    for index in range(1, len(words)):
        end_before, start = words[index - 1][1], words[index][0]
        while at < len(ids) and offsets[at][0] < end_before:
            at += 1
        if starts[-1] < at < len(ids) and offsets[at - 1][1] <= start:
            starts.append(at)
            firsts.append(index)
    return Source(ids, (*starts, len(ids)), (*firsts, len(words)))


@dataclass(frozen=True, slots=True)
class SkipCosts:
    """What leaving words out costs, in nats of log-probability.

    Attributes:
        start: for each skip, however long.
        word: for each word skipped.
        opinion: for each word skipped that another cleaner keeps, and as much back for each that
            it removes. At 32 the embedded model never goes against the advice; at 16 and at 10 it
            copies more of what should go, and is the worse for it; a better model may need less.
        reach: most units that one skip may leave out; None for no limit.
    """

    start: float = 2.0
    word: float = 0.0
    opinion: float = 32.0
    reach: int | None = None


class CopyState:
    """Where in its source a model may stand after what it has written, and what it may write next.

    Args:
        source: the text that may be copied.
        ends: token ids that end the model's turn.
        costs: what skipping costs.
        opinions: for each word of the source, from -1 (another cleaner removes it) to 1 (it keeps it).

    Attributes:
        tokens: every token id that can ever come next, sorted.
        stopped: whether the model has ended its turn.
    """

    def __init__(
        self, source: Source, ends: Iterable[int], costs: SkipCosts, opinions: Sequence[float] | None = None
    ) -> None:
        self.source, self._costs = source, costs
        self._ids = np.array(source.ids, np.int64)
        self._ends = np.array(sorted(ends), np.int64)
        self.tokens = np.unique(np.concatenate([self._ids, self._ends]))
        words = np.full(source.words[-1], float(costs.word))
        if opinions is not None:
            words += costs.opinion * np.asarray(opinions, float)
        self._before = np.concatenate([[0.0], np.cumsum(words)])[list(source.words)]  # cost of all words before a unit
        self._starts = np.array(source.starts[:-1], np.int64)
        self._unit_at = {start: unit for unit, start in enumerate(source.starts)}
        self._ahead = self._cost_ahead()
        self._reached = {0: 0.0}  # offset of the next token to copy: least cost of having come there
        self._came: list[dict[int, int]] = []  # for each token written: offset reached, and the one before it
        self._moves = self._find_moves()
        self.stopped = False

    def penalties(self) -> Floats:
        """How much dearer each of `tokens` makes the cheapest way to the end, in nats; inf where it may not come next.

        Costs still to come count, so that what pays off later is neither forestalled nor overlooked:
        the cheapest way itself has no penalty.
        """
        offsets, costs, _ = self._moves
        found = np.full(len(self.tokens), np.inf)
        np.minimum.at(found, np.searchsorted(self.tokens, self._ids[offsets]), costs + self._ahead[offsets + 1])
        found[np.searchsorted(self.tokens, self._ends)] = min(self._stops().values(), default=np.inf)
        penalties: Floats = found - min(cost + self._ahead[offset] for offset, cost in self._reached.items())
        return penalties

    def advance(self, token: int) -> None:
        """Take note of what the model wrote.

        Raises:
            ValueError: the token may not come next.
        """
        offsets, costs, came = self._moves
        fits = np.flatnonzero((self._ids[offsets] == token) & np.isfinite(costs))
        if len(fits):
            self._reached = {int(offsets[i]) + 1: float(costs[i]) for i in fits}
            self._came.append({int(offsets[i]) + 1: int(came[i]) for i in fits})
            self._moves = self._find_moves()
        elif token in self._ends and self._stops():
            self.stopped = True
        else:
            raise ValueError(f"Token {token} is neither the next of the source nor the start of a later word.")

    def kept_words(self) -> list[bool]:
        """Which words of the source were copied, as the cheapest reading of what was written has it.

        Raises:
            ValueError: the last word is not whole.
        """
        stops = self._stops()
        if not stops:
            raise ValueError("The last word is not whole yet: let the model go on.")
        kept = [False] * self.source.words[-1]
        at = min(stops, key=lambda offset: stops[offset])
        for came in reversed(self._came):
            unit = self._unit_at.get(at - 1)
            if unit is not None and unit < len(self._starts):
                kept[self.source.words[unit]:self.source.words[unit + 1]] = [True] * (
                    self.source.words[unit + 1] - self.source.words[unit]
                )
            at = came[at]
        return kept

    def expected(self, length: int) -> list[int]:
        """The cheapest way on, up to `length` tokens, an end token included."""
        offset = min(self._reached, key=lambda offset: self._reached[offset] + self._ahead[offset])
        drafted: list[int] = []
        while len(drafted) < length:
            unit = self._unit_at.get(offset)
            if unit is not None:
                unit = int(self._next_unit[unit])
                if unit == len(self._starts):
                    return [*drafted, int(self._ends[0])]
                offset = self.source.starts[unit]
            drafted.append(self.source.ids[offset])
            offset += 1
        return drafted

    def _cost_ahead(self) -> Floats:
        """The least cost from each offset to the end; notes which unit is copied next on the cheapest way."""
        count = len(self._starts)
        reach = count if self._costs.reach is None else self._costs.reach
        after = np.zeros(count + 1)  # from the start of each unit
        self._next_unit = np.full(count + 1, count, np.int64)
        for unit in range(count - 1, -1, -1):
            last = min(unit + reach, count - 1)
            ways = self._before[unit:last + 1] - self._before[unit] + self._costs.start + after[unit + 1:last + 2]
            ways[0] = after[unit + 1]  # copied, not skipped to
            stop = self._before[-1] - self._before[unit] + self._costs.start
            best = int(np.argmin(ways))
            after[unit] = min(ways[best], stop)
            self._next_unit[unit] = count if stop < ways[best] else unit + best
        ahead = np.concatenate([np.repeat(after[1:], np.diff([*self._starts, len(self._ids)])), [0.0]])
        ahead[self._starts] = after[:-1]
        return ahead

    def _find_moves(self) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64]]:
        """Offsets that may be copied next, the least cost of each, and the offset it is reached from."""
        inside = [offset for offset in self._reached if offset not in self._unit_at]
        count = len(self._starts)
        best, came = np.full(count, np.inf), np.zeros(count, np.int64)
        for offset, cost in self._reached.items():
            unit = self._unit_at.get(offset, count)
            if unit == count:
                continue
            far = count if self._costs.reach is None else unit + self._costs.reach + 1
            reached = cost + self._costs.start + self._before[unit:min(far, count)] - self._before[unit]
            reached[0] = cost
            window = slice(unit, unit + len(reached))
            came[window] = np.where(reached < best[window], offset, came[window])
            best[window] = np.minimum(best[window], reached)
        open_ = np.flatnonzero(np.isfinite(best))
        offsets = np.concatenate([np.array(inside, np.int64), self._starts[open_]])
        costs = np.concatenate([[self._reached[offset] for offset in inside], best[open_]])
        return offsets, costs, np.concatenate([np.array(inside, np.int64), came[open_]])

    def _stops(self) -> dict[int, float]:
        """Cost of stopping at each offset reached where a word ends; what is left counts as skipped."""
        found = {}
        for offset, cost in self._reached.items():
            unit = self._unit_at.get(offset)
            if unit is not None:
                left = self._before[-1] - self._before[unit]
                found[offset] = cost + left + (self._costs.start if unit < len(self._starts) else 0.0)
        return found
