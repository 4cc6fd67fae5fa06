"""What goes wrong when a model writes freely, by kind: how many chunks, and what the checks said.

    python benchmarks/free_mode.py PDF --chunks 40 --json free_mode.json --texts free_mode.txt

The text file holds every chunk with what the model wrote, those that passed the checks first, to be
read by a person: whether something bad passed is for a reader to say.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from podprep import PromptSettings, clean_with_prompt, load_model, read_pdf
from podprep.cleaned import CleanedChunk
from podprep.weights import EMBEDDED


def main() -> int:
    """Clean chunks in free mode and count what became of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--chunks", type=int, default=40)
    parser.add_argument("--model", default=EMBEDDED)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--texts", type=Path)
    options = parser.parse_args()
    settings = PromptSettings(mode="free")
    cleaned = clean_with_prompt(
        read_pdf(options.pdf), load_model(options.model), settings, limit=options.chunks, progress=True
    )
    kinds = Counter(kind for chunk in cleaned.chunks for kind in kinds_of(chunk))
    verdicts = Counter(chunk.fidelity.verdict for chunk in cleaned.chunks)
    result = {"pdf": options.pdf.name, "chunks": len(cleaned.chunks), "settings": cleaned.settings,
              "verdicts": dict(verdicts), "kinds": dict(kinds.most_common())}
    print(json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    if options.texts:
        order = ("clean", "look", "failed")
        by_verdict = sorted(cleaned.chunks, key=lambda chunk: order.index(chunk.fidelity.verdict))
        options.texts.write_text("\n\n".join(map(side_by_side, by_verdict)) + "\n", encoding="utf-8")
    return 0


def kinds_of(chunk: CleanedChunk) -> list[str]:
    """What was wrong with an answer, by the checks that fired; several may."""
    found = chunk.fidelity
    share = len(found.invented) / max(found.cleaned_words, 1)
    kinds = [
        (chunk.stop_reason in ("loop", "length", "too long"), f"stopped: {chunk.stop_reason}"),
        (share > 0.5, "mostly not the source's words: refused, explained or made up"),
        (0.5 >= share > 0.03, "rewritten or added to"),
        (0.03 >= share > 0, "a word or two not in the source"),
        (found.repeated > 3, "repeats itself"),
        (any("missing" in reason for reason in found.reasons), "left out what should stay"),
        (bool(found.numbers), "numbers changed"),
    ]
    return [kind for fired, kind in kinds if fired] or ["nothing found"]


def side_by_side(chunk: CleanedChunk) -> str:
    """A chunk, its verdict, and what the model wrote, to be read."""
    head = f"=== chunk {chunk.chunk.index + 1}: {chunk.fidelity.verdict} {'; '.join(chunk.fidelity.reasons)}"
    return f"{head}\n--- raw\n{chunk.chunk.text}\n--- written\n{chunk.draft or chunk.text}"


if __name__ == "__main__":
    sys.exit(main())
