"""Measure a cleaned chunk against its source, and say whether a person should look.

Words are aligned (longest common subsequence), not looked up: a paraphrase uses the source's own
vocabulary. Measures and a verdict come out; nothing is changed here.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from .stumbles import stumbles

LOOP_LENGTH = 6  # words of an n-gram whose repetition counts as a loop
STOPS_CUT_SHORT = ("length", "loop", "too long")


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How one cleaned chunk compares with its source.

    Attributes:
        source_words: words in the source.
        cleaned_words: words in the cleaned text.
        kept: share of the source's words that the cleaned text keeps, 0 to 1.
        invented: words of the cleaned text that align with no word of the source.
        repeated: n-grams that the cleaned text repeats more often than the source does.
        numbers: numbers in the cleaned text that the source does not hold as often.
        verdict: "clean", "look" or "failed".
        reasons: why the verdict is not "clean", in words.
    """

    source_words: int
    cleaned_words: int
    kept: float
    invented: tuple[str, ...]
    repeated: int
    numbers: tuple[str, ...]
    verdict: str
    reasons: tuple[str, ...] = ()


def words(text: str) -> list[str]:
    """Words as they are compared: NFKC, lower case, runs of letters and digits, hyphens closed up."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"(?<=\w)[-\u2010\u2011\u00ad](?:[ \t]*\n[ \t]*)?(?=\w)", "", text)
    return re.findall(r"[^\W_]+", text)


def aligned(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where the words stand that two lists have in common, in order: the index in each."""
    for op in LCSseq.opcodes(a, b):
        if op.tag == "equal":
            yield from zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end))


def measure(source: str, cleaned: str, expected: str | None = None, stop_reason: str | None = None) -> Fidelity:
    """Compare a cleaned chunk with its source.

    Args:
        source: the chunk's text with words closed up at line ends, nothing removed.
        cleaned: the cleaned text.
        expected: what the rules would keep of the source; a model that keeps far less has summarised.
        stop_reason: why generation stopped, for text that a model wrote.
    """
    a, b = words(source), words(cleaned)
    blocks = LCSseq.opcodes(a, b)
    kept = sum(op.src_end - op.src_start for op in blocks if op.tag == "equal")
    new = [w for op in blocks if op.tag != "equal" for w in b[op.dest_start:op.dest_end]]
    heads, known = _cut_heads(source), set(a)
    invented = tuple(w for w in new if not any(w[:i] in heads and w[i:] in known for i in range(1, len(w))))
    repeated = _repeated(a, b)
    numbers = tuple((Counter(w for w in b if w.isdigit()) - Counter(w for w in a if w.isdigit())).elements())
    share = kept / len(a) if a else 1.0
    verdict, reasons = _verdict(b, invented, repeated, numbers, stop_reason, _missing(b, expected))
    tripping = stumbles(cleaned)
    if tripping:
        verdict, reasons = "look" if verdict == "clean" else verdict, (*reasons, *tripping)
    return Fidelity(len(a), len(b), share, invented, repeated, numbers, verdict, reasons)


def _cut_heads(source: str) -> set[str]:
    """Words that stand before a hyphen and a space: the first halves of words that a page's foot may have cut."""
    return set(re.findall(r"(?<![^\W_])([^\W_]+)[-\u2010]\s", unicodedata.normalize("NFKC", source).lower()))


def _repeated(source: Sequence[str], cleaned: Sequence[str]) -> int:
    """How many n-grams the cleaned words hold beyond what the source holds of them."""
    grams = [Counter(tuple(w[i:i + LOOP_LENGTH]) for i in range(len(w) - LOOP_LENGTH + 1)) for w in (source, cleaned)]
    return sum(n - max(grams[0][gram], 1) for gram, n in grams[1].items() if n > max(grams[0][gram], 1))


def _missing(cleaned: Sequence[str], expected: str | None) -> float:
    """Share of the expected words that the cleaned text lacks, 0 to 1."""
    target = words(expected) if expected is not None else []
    return 1 - LCSseq.similarity(target, cleaned) / len(target) if target else 0.0


def _verdict(
    cleaned: Sequence[str], invented: Sequence[str], repeated: int, numbers: Sequence[str], stop_reason: str | None,
    missing: float,
) -> tuple[str, tuple[str, ...]]:
    """Verdict and reasons; the limits are those of a copy edit, where nothing at all should be new."""
    share = len(invented) / max(len(cleaned), 1)
    failures = [
        (stop_reason in STOPS_CUT_SHORT, f"stopped early ({stop_reason})"),
        (share > 0.03 and len(invented) > 2, f"{len(invented)} of {len(cleaned)} words are not in the source"),
        (repeated > 3, f"repeats itself {repeated} times"),
        (missing > 0.25, f"{missing:.0%} of the expected words are missing"),
    ]
    doubts = [
        (bool(invented), f"not in the source: {', '.join(invented[:5])}"),
        (bool(numbers), "numbers changed: " + ", ".join(numbers[:5])),
        (missing > 0.1, f"{missing:.0%} of the expected words are missing"),
    ]
    for verdict, checks in (("failed", failures), ("look", doubts)):
        reasons = tuple(reason for fired, reason in checks if fired)
        if reasons:
            return verdict, reasons
    return "clean", ()
