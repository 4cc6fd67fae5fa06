"""Ask a server's model for cleaned chunks: freely over any chat, or faithfully over llama.cpp's server.

Faithful decoding keeps the copy constraint on this side. For each token the server is asked for its likeliest ones
with their log-probabilities; the choice is certified if the best of those allowed beats all that the answer leaves
out, and otherwise asked for again with more of them. So what comes out is what `faithful` would choose with all of
them, token for token. A token that nothing else may come in place of is not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import accumulate
from typing import Any, TypeVar

import numpy as np

from ..errors import ModelError, SettingsError
from ..spans import Span
from .answers import ROOM, Generation, Piece
from .faithful import CopyState, SkipCosts, Source, encode_source
from .prompt import Prompt, encode_prompt, load_prompt, turns_of
from .server import Record, Server, chat, record_of

_CHARACTERS = 2  # that a token stands for at least, where the server does not count them
_LIKELIEST = 100  # tokens with their log-probabilities in a first answer
_MORE = 10  # times as many in each next one
# What chat templates take for marks of their own: a server does not tell a PDF's words from them.
_MARKS = re.compile(r"(?<=<)(?=[^\s<>]{1,40}>)|(?<=\[)(?=/?[A-Z_]{3,24}\])")
_DROPPED = bytes(range(32))  # of which a tokenizer may have no token for some
T = TypeVar("T")
U = TypeVar("U")


class ServedFreeWriter:
    """Lets a server's model write what it likes.

    Args:
        server: the server.
        prompt: the instructions and examples; podprep's own by default.
    """

    def __init__(self, server: Server, prompt: Prompt | None = None) -> None:
        self._server = server
        prompt = prompt or load_prompt()
        self._turns = [{"role": "system", "content": prompt.system}, *turns_of(prompt)]

    def write(self, texts: Sequence[str]) -> list[tuple[str, Generation]]:
        """What the model writes for each text, at most a little longer than the text itself.

        Raises:
            ModelError: the server gives no answer, or another model's.
        """
        self._server.require_same()
        return _side_by_side(self._server, self._answer, texts)

    def _answer(self, text: str) -> tuple[str, Generation]:
        text = without_marks(text)
        messages = [*self._turns, {"role": "user", "content": text}]
        written, reason = chat(self._server, messages, self._length(text) + ROOM)
        return written, Generation((), reason, 1, 0)

    def _length(self, text: str) -> int:
        """A text's length in tokens, or more."""
        if self._server.kind == "llama.cpp":
            return len(ServerTokenizer(self._server)(text)["input_ids"])
        return len(text) // _CHARACTERS


class ServedFaithfulWriter:
    """Lets the model of llama.cpp's server copy its source, skip, or stop, and nothing else.

    Args:
        server: the server.
        prompt: the instructions and examples; podprep's own by default.
        costs: what skipping costs.

    Raises:
        SettingsError: the server is another one, which does not tell what is needed.
        ModelError: the server gives no answer, or nonsense.
    """

    def __init__(self, server: Server, prompt: Prompt | None = None, costs: SkipCosts | None = None) -> None:
        if server.kind != "llama.cpp":
            raise SettingsError(f"{server.address} is not llama.cpp's server, the only one that tells what faithful "
                                "decoding needs: use --mode free.")
        self._server, self._tokenizer = server, ServerTokenizer(server)
        self._prompt = encode_prompt(self._tokenizer, prompt)
        self._ends, self._costs = self._tokenizer.ends(), costs or SkipCosts()
        self._plain = self._tokenizer("\n")["input_ids"][-1]

    def write(self, pieces: Sequence[Piece]) -> list[tuple[list[bool], Generation]]:
        """Which words of each piece the model copies; all of them where the piece is too long for the server.

        Raises:
            ModelError: the server gives no answer, nonsense, or another model's.
        """
        self._server.require_same()
        return _side_by_side(self._server, self._answer, pieces)

    def _answer(self, piece: Piece) -> tuple[list[bool], Generation]:
        source = encode_source(self._tokenizer, piece.text, piece.words)
        if self._is_too_long(source):
            return [True] * len(piece.words), Generation((), "too long", 0, 0)
        state = CopyState(source, self._ends, self._costs, piece.opinions)
        prompt, written, asked = self._prompt.with_chunk(source.ids), list[int](), 0
        while not state.stopped:
            penalties = state.penalties()
            token = int(state.tokens[np.argmin(penalties)])
            if np.isfinite(penalties).sum() > 1:
                token, asked = self._chosen([*prompt, *written], state.tokens, penalties), asked + 1
            state.advance(token)
            written.append(token)
        return state.kept_words(), Generation(tuple(written[:-1]), "end", asked, len(written) - asked)

    def _is_too_long(self, source: Source) -> bool:
        room = int(record_of(self._server.properties.get("default_generation_settings"), self._server).get("n_ctx", 0))
        return len(self._prompt.with_chunk(source.ids)) + len(source.ids) + 1 > room

    def _chosen(self, prompt: Sequence[int], tokens: Any, penalties: Any) -> int:
        """The likeliest token after penalties, the lowest id where two are level, certified."""
        count = _LIKELIEST
        while True:
            told = self._likeliest(prompt, count)
            known = np.array([told.get(int(token), -np.inf) for token in tokens], np.float32)
            scores = known - penalties.astype(np.float32)
            best, left_out = int(np.argmax(scores)), penalties[np.isinf(known)].min(initial=np.inf)
            if len(told) < count or scores[best] > min(told.values()) - left_out:
                return int(tokens[best])
            count *= _MORE

    def _likeliest(self, prompt: Sequence[int], count: int) -> dict[int, float]:
        """The likeliest tokens and their log-probabilities; all there are, if there are fewer than asked for.

        What the server writes itself is made a line end: for half a character it would tell nothing.
        """
        answer = record_of(self._server.ask(
            "POST", "/completion", prompt=list(prompt), n_predict=1, n_probs=count, temperature=0, cache_prompt=True,
            logit_bias=[[self._plain, 10_000]], stream=False,
        ), self._server)
        if answer.get("model") != self._server.name:
            self._server.require_same()
        try:
            listed = answer["completion_probabilities"][0]["top_logprobs"]
            told = {int(one["id"]): float(one["logprob"]) for one in listed if one["logprob"] is not None}
        except (KeyError, IndexError, TypeError, ValueError):
            raise self._server.nonsense("no log-probabilities") from None
        if len(told) > 1 and not any(told.values()):
            raise ModelError(f"{self._server.address} tells no log-probabilities, as with speculation on: start it "
                             "without a draft model, or use --mode free.")
        if not told or not np.isfinite(list(told.values())).all():
            raise self._server.nonsense("no log-probabilities")
        return told


class ServerTokenizer:
    """The tokenizer of llama.cpp's server, to be called as a tokenizer of transformers is."""

    is_fast = True  # it tells where its tokens stand

    def __init__(self, server: Server) -> None:
        self._server = server

    def __call__(
        self, text: str, add_special_tokens: bool = False, split_special_tokens: bool = True,
        return_offsets_mapping: bool = False,
    ) -> Record:
        """Token ids, and the span of characters that each stands for if that is asked for."""
        answer = record_of(self._server.ask(
            "POST", "/tokenize", content=text, add_special=add_special_tokens, parse_special=not split_special_tokens,
            with_pieces=True,
        ), self._server)
        try:
            ids = [int(one["id"]) for one in answer["tokens"]]
            told = [one["piece"] for one in answer["tokens"]]
            pieces = [piece.encode() if isinstance(piece, str) else bytes(piece) for piece in told]
        except (KeyError, TypeError, ValueError):
            raise self._server.nonsense("no tokens") from None
        return {"input_ids": ids} | ({"offset_mapping": self._offsets(text, pieces)} if return_offsets_mapping else {})

    def get_chat_template(self) -> str:
        """Nothing: the server applies its own."""
        return ""

    def apply_chat_template(self, messages: Sequence[dict[str, str]], **settings: Any) -> str:
        """The messages as one text, the beginning of the answer and of the text itself included."""
        answer = record_of(self._server.ask("POST", "/apply-template", messages=list(messages)), self._server)
        text = answer.get("prompt")
        if not isinstance(text, str):
            raise self._server.nonsense("no prompt")
        return text if text.startswith(self._begin) else self._begin + text

    def ends(self) -> frozenset[int]:
        """Ids that end the model's turn: its end of text, and what its template puts after an answer."""
        turns = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b\ue000"},
                 {"role": "user", "content": "c"}]
        after = self.apply_chat_template(turns).partition("\ue000")[2].lstrip()
        ids = [self(text, split_special_tokens=False)["input_ids"][:1]
               for text in (after, str(self._server.properties.get("eos_token") or ""))]
        return frozenset(one for listed in ids for one in listed)

    @cached_property
    def _begin(self) -> str:
        """What every text begins with for this model, if anything."""
        begins = self("", add_special_tokens=True)["input_ids"]
        return str(self._server.properties.get("bos_token") or "") if begins else ""

    def _offsets(self, text: str, pieces: Sequence[bytes]) -> list[tuple[int, int]]:
        data, at, spans = text.encode("utf-8", "replace"), 0, list[Span]()
        for piece in pieces:
            found = data.find(piece, at)
            if found < 0 and not at:  # some tokenizers put a space before every text
                piece = piece.removeprefix(b" ")
                found = data.find(piece)
            if found < 0 or data[at:found].translate(None, _DROPPED):
                raise ModelError(f"The tokens of {self._server.name} do not give the text back: use --mode free.")
            at = found + len(piece)
            spans.append((found, at))
        character = list(accumulate((byte & 0xC0 != 0x80 for byte in data), initial=0))  # how many begin before a byte
        return [(character[a + 1] - 1, character[b]) if b > a else (character[a], character[a]) for a, b in spans]


def without_marks(text: str) -> str:
    """The text with a space in whatever a chat template might take for a mark of its own."""
    return _MARKS.sub(" ", text)


def _side_by_side(server: Server, ask: Callable[[T], U], items: Iterable[T]) -> list[U]:
    """Ask for all items, as many at once as the server takes; the first failure ends it."""
    with ThreadPoolExecutor(server.side_by_side) as pool:
        try:
            return list(pool.map(ask, items))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
