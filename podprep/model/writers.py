"""Ask a chat model for cleaned chunks: prompt, guide and generation loop put together.

A `FreeWriter` gives what the model wrote; a `FaithfulWriter` tells which words of the chunk the
model copied. Whether an answer is good enough is judged in `cleaner`.
"""

from __future__ import annotations

from collections.abc import Sequence

from .answers import ROOM, Generation, Piece
from .faithful import CopyState, SkipCosts, encode_source
from .generation import DRAFT_LENGTH, Generator, end_tokens
from .guides import FaithfulGuide, FreeGuide, Guide
from .loader import LanguageModel
from .prompt import EncodedPrompt, Prompt, encode_chunk, encode_prompt


class _Writer:
    """A model, a prompt whose prefix is run once, and the tokens that end a turn."""

    def __init__(
        self, language_model: LanguageModel, prompt: Prompt | None = None, draft_length: int = DRAFT_LENGTH
    ) -> None:
        self._model = language_model
        self._prompt: EncodedPrompt = encode_prompt(language_model.tokenizer, prompt)
        self._ends = end_tokens(language_model)
        self._generator = Generator(language_model, self._prompt.prefix, draft_length)

    def _ask(self, sources: Sequence[Sequence[int]], guides: Sequence[Guide]) -> list[Generation]:
        return self._generator.generate([(*source, *self._prompt.suffix) for source in sources], guides)


class FreeWriter(_Writer):
    """Lets the model write what it likes."""

    def write(self, texts: Sequence[str]) -> list[tuple[str, Generation]]:
        """What the model writes for each text, at most a little longer than the text itself."""
        sources = [encode_chunk(self._model.tokenizer, text) for text in texts]
        guides = [FreeGuide(source, self._ends, len(source) + ROOM) for source in sources]
        answers = self._ask(sources, guides)
        return [(self._model.decode(answer.tokens), answer) for answer in answers]


class FaithfulWriter(_Writer):
    """Lets the model copy its source, skip, or stop, and nothing else.

    Args:
        language_model: the loaded model.
        prompt: the instructions and examples; podprep's own by default.
        costs: what skipping costs.
        draft_length: most tokens drafted for one pass.
    """

    def __init__(
        self, language_model: LanguageModel, prompt: Prompt | None = None, costs: SkipCosts | None = None,
        draft_length: int = DRAFT_LENGTH,
    ) -> None:
        super().__init__(language_model, prompt, draft_length)
        self._costs = costs or SkipCosts()

    def write(self, pieces: Sequence[Piece]) -> list[tuple[list[bool], Generation]]:
        """Which words of each piece the model copies; all of them where the piece is too long for the model.

        Raises:
            ModelError: the tokenizer does not tell where its tokens stand.
        """
        sources = [encode_source(self._model.tokenizer, piece.text, piece.words) for piece in pieces]
        states = [CopyState(source, self._ends, self._costs, piece.opinions) for source, piece in zip(sources, pieces)]
        answers = self._ask([source.ids for source in sources], [FaithfulGuide(state) for state in states])
        return [
            (state.kept_words() if state.stopped else [True] * len(piece.words), answer)
            for state, piece, answer in zip(states, pieces, answers)
        ]
