"""What a text measures for those it is handed to: words, minutes to read aloud, tokens of a named tokenizer.

Tokens are counted by the embedded model's tokenizer, or by one that is named; none is fetched for that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..counts import counted
from ..errors import SettingsError
from ..fidelity import words
from ..weights import EMBEDDED, embedded_places

WORDS_A_MINUTE = 150

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a text measures.

    Attributes:
        words: words, as they are counted everywhere here.
        tokens: tokens, without a beginning or end; None where the tokenizer is not on this machine.
        tokenizer: what counted them.
    """

    words: int
    tokens: int | None
    tokenizer: str

    @property
    def minutes(self) -> int:
        """Minutes to read it aloud at 150 words a minute, rounded; at least one, unless there is nothing to read."""
        return max(round(self.words / WORDS_A_MINUTE), 1) if self.words else 0

    def __str__(self) -> str:
        tokens = "tokens not counted" if self.tokens is None else f"{counted(self.tokens, 'tokens')} ({self.tokenizer})"
        return f"{counted(self.words, 'words')}, {counted(self.minutes, 'minutes')} read aloud, {tokens}"


def numbers_of(text: str, tokenizer: str | Path = EMBEDDED) -> Numbers:
    """What a text measures.

    Args:
        text: the text.
        tokenizer: the embedded model's name, or a `tokenizer.json` or a folder that holds one.

    Raises:
        SettingsError: a tokenizer was named that is none.
    """
    known = str(tokenizer) != EMBEDDED or _embedded().is_file()
    count = token_counter(tokenizer)(text) if known else None
    return Numbers(len(words(text)), count, str(tokenizer))


@lru_cache(maxsize=4)
def token_counter(tokenizer: str | Path = EMBEDDED) -> Count:
    """What counts a text's tokens; words that a model takes for its own marks count as text.

    Raises:
        SettingsError: there is no such tokenizer.
    """
    place = _embedded() if str(tokenizer) == EMBEDDED else Path(tokenizer)
    place = place / "tokenizer.json" if place.is_dir() else place
    if not place.is_file():
        advice = "run 'podprep fetch-model'" if str(tokenizer) == EMBEDDED else "name a tokenizer.json or its folder"
        raise SettingsError(f"The tokenizer {tokenizer} is not on this machine: {advice}.")
    from tokenizers import Tokenizer  # loaded where tokens are counted

    try:
        made = Tokenizer.from_file(str(place))
    except Exception as error:  # the library raises nothing narrower
        raise SettingsError(f"{place} is no tokenizer ({error}): name a tokenizer.json or its folder.") from None
    made.no_truncation()
    made.encode_special_tokens = True
    return lambda text: len(made.encode(text, add_special_tokens=False).ids)


def _embedded() -> Path:
    return embedded_places()[0] / "tokenizer.json"
