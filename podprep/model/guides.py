"""What steers the generation loop for one chunk: which token is chosen, what is drafted, when to stop.

A guide sees the model's logits and keeps track of what was written. `FreeGuide` takes the likeliest
token; `FaithfulGuide` the likeliest one under the copy constraint. Both draft from the source, so
that the model can check many tokens in one pass; a draft never changes what is chosen. Running the
model is in `generation`.

Drafts checked in one pass: Leviathan, Kalman and Matias, Fast inference from transformers via
speculative decoding, 2023; drafts from the input: Saxena, Prompt lookup decoding, 2023.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from .faithful import CopyState

_LOOP_WINDOW = 32  # tokens that, written twice alike, count as a loop
_NGRAM = 3  # tokens by which the place in the source is found again


class Guide(Protocol):
    """Steers decoding of one chunk.

    Attributes:
        tokens: what was written so far, without the end token.
        stop_reason: None while it goes on; then "end", "length" or "loop".
        limit: most tokens to write, the end token included.
    """

    tokens: list[int]
    stop_reason: str | None
    limit: int

    def draft(self, length: int) -> list[int]:
        """Up to `length` tokens that are likely to come next."""
        ...

    def reduce(self, logits: torch.Tensor) -> NDArray[Any]:
        """What of the logits (positions, vocabulary) is needed to choose, one row a position."""
        ...

    def choose(self, row: NDArray[Any]) -> int:
        """The next token, from one row of `reduce`."""
        ...

    def write(self, token: int) -> None:
        """Take note of the token chosen."""
        ...


class FreeGuide:
    """Plain greedy decoding, with drafts from the source and from what was written.

    Args:
        source: token ids of the text that the model is likely to copy.
        ends: token ids that end the model's turn.
        limit: most tokens to write, at least one.
    """

    def __init__(self, source: Sequence[int], ends: frozenset[int], limit: int) -> None:
        self.tokens: list[int] = []
        self.stop_reason: str | None = None
        self.limit = limit
        self._source, self._ends = list(source), ends
        self._place: int | None = 0  # where in the source the next token is looked for

    def draft(self, length: int) -> list[int]:
        """What stands in the source after the last tokens written, or what was written after them before."""
        length = min(length, self.limit - len(self.tokens) - 1)
        if self._place is not None:
            return self._source[self._place:self._place + length]
        last = self.tokens[-_NGRAM:]
        after = _after(last, self.tokens[:-1])
        return [] if after is None else self.tokens[after:after + length]

    def reduce(self, logits: torch.Tensor) -> NDArray[Any]:
        """The likeliest token of each position."""
        tokens: NDArray[np.int64] = logits.argmax(-1).cpu().numpy()
        return tokens

    def choose(self, row: NDArray[Any]) -> int:
        """The likeliest token."""
        return int(row)

    def write(self, token: int) -> None:
        """Note the token, move on in the source, and stop at an end, a loop or the limit."""
        if token in self._ends:
            self.stop_reason = "end"
            return
        self.tokens.append(token)
        self._place = self._next_place(token)
        if _loops(self.tokens):
            self.stop_reason = "loop"
        elif len(self.tokens) >= self.limit:
            self.stop_reason = "length"

    def _next_place(self, token: int) -> int | None:
        """The place after the token just written if it is the one that was looked for; else by its last words."""
        if self._place is not None and self._source[self._place:self._place + 1] == [token]:
            return self._place + 1
        return _after(self.tokens[-_NGRAM:], self._source)


class FaithfulGuide:
    """Greedy decoding under the copy constraint, with drafts along the source.

    Args:
        state: the constraint at the source's beginning.
    """

    def __init__(self, state: CopyState) -> None:
        self.state = state
        self.limit = len(state.source.ids) + 1
        self.tokens: list[int] = []
        self.stop_reason: str | None = None

    def draft(self, length: int) -> list[int]:
        """What the source goes on with, but for what skipping pays for."""
        return self.state.expected(length)

    def reduce(self, logits: torch.Tensor) -> NDArray[Any]:
        """Logits of the tokens that can ever come next, in float32."""
        wanted = torch.as_tensor(self.state.tokens, device=logits.device)
        seen: NDArray[np.float32] = logits[:, wanted].float().cpu().numpy()
        return seen

    def choose(self, row: NDArray[Any]) -> int:
        """The likeliest token after penalties; the lowest id where two are level."""
        return int(self.state.tokens[np.argmax(row - self.state.penalties().astype(np.float32))])

    def write(self, token: int) -> None:
        """Note the token; the model's turn ends with an end token."""
        self.state.advance(token)
        if self.state.stopped:
            self.stop_reason = "end"
        else:
            self.tokens.append(token)


def _after(ngram: list[int], text: list[int]) -> int | None:
    """Where in a text an n-gram of full length first ends, if it is there."""
    starts = range(len(text) - _NGRAM + 1) if len(ngram) == _NGRAM else range(0)
    return next((at + _NGRAM for at in starts if text[at:at + _NGRAM] == ngram), None)


def _loops(tokens: Sequence[int]) -> bool:
    """Whether the last window of tokens was written once before."""
    window = list(tokens[-_LOOP_WINDOW:])
    starts = range(len(tokens) - 2 * _LOOP_WINDOW + 1)
    return any(tokens[i] == window[0] and list(tokens[i:i + _LOOP_WINDOW]) == window for i in starts)
