"""Small valid PDFs, broken at random: the parent never crashes, never hangs, and says what is wrong.

    python benchmarks/mutations.py [--count 2000] [--first 0] [PDF ...]

Each case is made from a seed (its number), so that a failure can be made again: flipped bits, a cut
end, a piece moved or doubled, objects swapped, numbers changed. Every case must end in a document or
a `PodprepError` within the time limit. The tests run the first few.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from podprep import Limits, PodprepError, read_pdf, tidy_document

ROOT = Path(__file__).parents[1]
SOURCES = (*sorted((ROOT / "tests" / "documents").glob("*.pdf")), ROOT / "notebooks" / "sample" / "sample.pdf")
LIMITS = Limits(page_seconds=10, document_seconds=20, memory_mb=1024)
LONGEST = 40.0  # seconds: the reading, and the rules after it

Mutation = Callable[[random.Random, bytes], bytes]


def main() -> int:
    """Try every case and count the outcomes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pdfs", type=Path, nargs="*", default=SOURCES)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    sources = [path.read_bytes() for path in options.pdfs]
    outcomes: Counter[str] = Counter()
    slowest, failed = (0.0, -1), []
    for seed in range(options.first, options.first + options.count):
        began = time.perf_counter()
        try:
            outcome = attempt(mutated(seed, sources))
        except Exception as error:  # what no case may end in
            outcome = f"crash: {type(error).__name__}"
            failed.append(seed)
        seconds = time.perf_counter() - began
        slowest = max(slowest, (seconds, seed))
        if seconds > LONGEST:
            failed.append(seed)
        outcomes[outcome] += 1
    for outcome, number in outcomes.most_common():
        print(f"{number:6}  {outcome}")
    print(f"slowest: {slowest[0]:.1f} s (seed {slowest[1]}); failed seeds: {failed or 'none'}")
    return 1 if failed else 0


def attempt(data: bytes) -> str:
    """Read and tidy one broken file; the kind of outcome in a few words."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "broken.pdf"
        path.write_bytes(data)
        try:
            document = read_pdf(path, limits=LIMITS)
        except PodprepError as error:
            return "refused: " + re.sub(r"\S*broken\.pdf:?|\d+|\(.*\)", "", str(error)).split(":")[0].strip()
    tidy_document(document)
    if document.failures:
        return "text, some pages failed"
    return "text" if document.text.strip() else "no text"


def mutated(seed: int, sources: list[bytes]) -> bytes:
    """One source, broken in one to three ways."""
    chance = random.Random(seed)
    data = chance.choice(sources)
    for _ in range(chance.randint(1, 3)):
        data = chance.choice(MUTATIONS)(chance, data)
    return data


def flip_bits(chance: random.Random, data: bytes) -> bytes:
    """Flip one to a thousand bits."""
    broken = bytearray(data)
    for _ in range(int(10 ** chance.uniform(0, 3))):
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def cut_end(chance: random.Random, data: bytes) -> bytes:
    """Cut the end off."""
    return data[:chance.randint(1, len(data))]


def cut_piece(chance: random.Random, data: bytes) -> bytes:
    """Take a piece out."""
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randint(1, 2000):] or b"%"


def move_piece(chance: random.Random, data: bytes) -> bytes:
    """Copy a piece over another place."""
    start, target = chance.randrange(len(data)), chance.randrange(len(data))
    piece = data[start:start + chance.randint(1, 2000)]
    return data[:target] + piece + data[target + len(piece):]


def swap_objects(chance: random.Random, data: bytes) -> bytes:
    """Swap the bodies of two objects."""
    objects = list(re.finditer(rb"\d+ 0 obj(.*?)endobj", data, re.DOTALL))
    if len(objects) < 2:
        return data
    one, two = sorted(chance.sample(objects, 2), key=lambda match: match.start())
    return b"".join((data[:one.start(1)], two[1], data[one.end(1):two.start(1)], one[1], data[two.end(1):]))


def change_reference(chance: random.Random, data: bytes) -> bytes:
    """Let a reference name another object, perhaps its own."""
    found = list(re.finditer(rb"(\d+) 0 R", data))
    if not found:
        return data
    match = chance.choice(found)
    return data[:match.start(1)] + str(chance.randint(0, len(found))).encode() + data[match.end(1):]


def change_number(chance: random.Random, data: bytes) -> bytes:
    """Make a number huge, negative, zero or odd."""
    found = list(re.finditer(rb"(?<=[ \[])\d+(?=[ \]/>])", data))
    if not found:
        return data
    match = chance.choice(found)
    number = chance.choice([b"0", b"-1", b"2147483647", b"99999999999999999999", b"0.0000001", b"1e9", b"65536"])
    return data[:match.start()] + number + data[match.end():]


MUTATIONS: tuple[Mutation, ...] = (
    flip_bits, cut_end, cut_piece, move_piece, swap_objects, change_reference, change_number,
)


if __name__ == "__main__":
    sys.exit(main())
