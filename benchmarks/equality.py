"""Is the loop's output token for token that of plain greedy decoding? In float32, on chunks of a real PDF.

    python benchmarks/equality.py PDF --chunks 50 --json equality.json

The reference is transformers' own `generate`, with the copy constraint as a logits processor in
faithful mode, ten chunks in a batch. Each chunk is then decoded by this package's loop with several
draft lengths, with and without the prefix's cache, and side by side.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from transformers import LogitsProcessorList

from podprep import CopyProcessor, CopyState, Generator, SkipCosts, chunk_document, encode_prompt, load_model, read_pdf
from podprep.model import (
    FaithfulGuide,
    FreeGuide,
    Guide,
    LanguageModel,
    Piece,
    Source,
    advise,
    encode_source,
    end_tokens,
)
from podprep.weights import EMBEDDED

BATCH = 10
ROOM = 32  # tokens beyond the source's own in free mode
Tokens = list[int]


def main() -> int:
    """Compare all ways on all chunks; exit with 1 if any chunk differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--chunks", type=int, default=50)
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--drafts", type=int, nargs="+", default=[0, 5, 24, 96])
    parser.add_argument("--model", default=EMBEDDED)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    model = load_model(options.model, device="cpu", dtype=torch.float32)
    document = read_pdf(options.pdf)
    advised = list(advise(document, chunk_document(document, options.size), "tidy"))[:options.chunks]
    pieces = [Piece.of(one.source, one.opinions) for one in advised if one.source]
    sources = [encode_source(model.tokenizer, piece.text, piece.words) for piece in pieces]
    ends = end_tokens(model)
    costs = {"faithful, advised": SkipCosts(), "faithful, skipping is free": SkipCosts(0.0, 0.0, 0.0)}
    found: dict[str, dict[str, int]] = {}
    for name, cost in costs.items():
        def state(i: int, cost: SkipCosts = cost) -> CopyState:
            return CopyState(sources[i], ends, cost, pieces[i].opinions)

        found[name] = compare(model, sources, options.drafts, lambda i: FaithfulGuide(state(i)), state)
        print(name, found[name], flush=True)
    found["free"] = compare(
        model, sources, options.drafts, lambda i: FreeGuide(sources[i].ids, ends, len(sources[i].ids) + ROOM)
    )
    print("free", found["free"], flush=True)
    if options.json:
        result = {"pdf": options.pdf.name, "chunks": len(sources), "model": model.name, "differing_chunks": found}
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    return int(any(count for row in found.values() for count in row.values()))


def compare(
    model: LanguageModel, sources: Sequence[Source], drafts: Sequence[int], guide: Callable[[int], Guide],
    state: Callable[[int], CopyState] | None = None,
) -> dict[str, int]:
    """Number of chunks that differ from the reference, by way of decoding."""
    prompt = encode_prompt(model.tokenizer)
    rests = [source.ids + prompt.suffix for source in sources]
    wholes = [prompt.prefix + rest for rest in rests]
    expected = reference(model, wholes, [guide(i).limit for i in range(len(sources))], state)
    ways = {f"drafts of {length}": (Generator(model, prompt.prefix, length), rests, 1) for length in drafts}
    ways["no prefix cache"] = (Generator(model, (), drafts[-1]), wholes, 1)
    ways["four side by side"] = (Generator(model, prompt.prefix, drafts[-1]), rests, 4)
    differing = {}
    for name, (generator, prompts, batch) in ways.items():
        written: list[tuple[Tokens, str]] = []
        for i in range(0, len(prompts), batch):
            guides = [guide(j) for j in range(i, min(i + batch, len(prompts)))]
            written += [(list(a.tokens), a.stop_reason) for a in generator.generate(prompts[i:i + batch], guides)]
        differing[name] = sum(not same(a, b, reason) for a, (b, reason) in zip(expected, written))
    return differing


def same(expected: Tokens, written: Tokens, reason: str) -> bool:
    """Whether two answers are one; a loop is stopped early, and is the same as far as it goes."""
    return written == (expected[:len(written)] if reason == "loop" else expected)


def reference(
    model: LanguageModel, prompts: Sequence[tuple[int, ...]], limits: Sequence[int],
    state: Callable[[int], CopyState] | None,
) -> list[Tokens]:
    """What transformers' `generate` writes for each prompt, in left-padded batches."""
    ends, answers = end_tokens(model), []
    for first in range(0, len(prompts), BATCH):
        some = prompts[first:first + BATCH]
        width = max(map(len, some))
        ids = torch.tensor([[min(ends)] * (width - len(p)) + list(p) for p in some])
        mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in some])
        processors = LogitsProcessorList([CopyProcessor([state(first + i) for i in range(len(some))])] if state else [])
        with torch.inference_mode():
            out = model.model.generate(
                ids, attention_mask=mask, do_sample=False, max_new_tokens=max(limits[first:first + BATCH]),
                logits_processor=processors,
            )
        for row, limit in zip(out[:, width:].tolist(), limits[first:first + BATCH]):
            stop = next((i for i, token in enumerate(row) if token in ends), len(row))
            answers.append(row[:min(stop, limit)])
    return answers


if __name__ == "__main__":
    sys.exit(main())
