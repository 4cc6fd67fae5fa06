"""How fast chunks are written, beside the reference's loop and what people would pick instead. One run, one machine.

    python benchmarks/generation_speed.py PDF --chunks 20 --json generation_speed.json

Rows, all with the same model, prompt and chunks: the reference's loop (one `generate` a chunk, nothing
reused), transformers' prompt lookup, llama.cpp on the same GGUF (needs `pip install xllamacpp`), this
package's loop in both modes, alone and side by side, and the compute limit: one bare forward pass over
prompt and answer. A source token is a token of the raw chunk.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch

from podprep import FaithfulWriter, FreeWriter, Piece, chunk_document, encode_prompt, load_model, read_pdf
from podprep.model import Generation, LanguageModel, advise, encode_chunk
from podprep.weights import EMBEDDED, embedded_gguf

LIMIT = 512  # new tokens a chunk, as in the reference


@dataclass
class Row:
    """One way of writing all chunks: seconds, forward passes, tokens written, tokens accepted from drafts."""

    name: str
    seconds: float
    passes: int = 0
    written: int = 0
    accepted: int = 0


def main() -> int:
    """Measure every way in turn and print a table."""
    options = _options()
    torch.set_num_threads(options.threads)
    model = load_model(options.model)
    document = read_pdf(options.pdf)
    chunks = chunk_document(document)
    advised = list(advise(document, chunks, "probe"))[options.first:options.first + options.chunks]
    pieces = [Piece.of(one.source, one.opinions) for one in advised]
    FaithfulWriter(model).write(pieces[:1])  # first passes are slower
    rows = measure(model, pieces, options)
    tokens = sum(len(encode_chunk(model.tokenizer, piece.text)) for piece in pieces)
    result = {
        "pdf": options.pdf.name, "chunks": len(pieces), "source_tokens": tokens, "threads": options.threads,
        "model": model.name, "device": str(model.device), "dtype": str(model.model.dtype), "torch": torch.__version__,
        "transformers": version("transformers"), "rows": tabulate(rows, tokens, len(pieces)),
    }
    for row in result["rows"]:
        print(row)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--chunks", type=int, default=20)
    parser.add_argument("--first", type=int, default=3, help="number of the first chunk, from 0")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--model", default=EMBEDDED)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def measure(model: LanguageModel, pieces: Sequence[Piece], options: argparse.Namespace) -> list[Row]:
    """Every way in turn, the reference's loop first."""
    prompts = [whole_prompt(model, piece.text) for piece in pieces]
    plain = [Piece(piece.text, piece.words) for piece in pieces]
    side_by_side = f"{options.batch} at a time"
    rows = [reference("reference loop", model, prompts),
            reference("prompt lookup", model, prompts, prompt_lookup_num_tokens=10)]
    if model.name == EMBEDDED and find_spec("xllamacpp"):
        rows.append(llama_cpp(model, prompts, options.threads))
    else:
        print("llama.cpp: left out (it needs xllamacpp, and is compared on the embedded model)", file=sys.stderr)
    for name, batch in (("free", 1), (f"free, {side_by_side}", options.batch)):
        rows.append(own(name, lambda: FreeWriter(model), [p.text for p in pieces], batch)[0])
    together = (f"faithful, {side_by_side}", pieces, options.batch)
    for name, some, batch in (("faithful, no adviser", plain, 1), ("faithful", pieces, 1), together):
        row, answers = own(name, lambda: FaithfulWriter(model), some, batch)
        rows.append(row)
    return [*rows, bare_forward(model, prompts, answers)]


def whole_prompt(model: LanguageModel, text: str) -> tuple[int, ...]:
    """Token ids of the whole prompt for one chunk."""
    return encode_prompt(model.tokenizer).with_chunk(encode_chunk(model.tokenizer, text))


def reference(name: str, model: LanguageModel, prompts: Sequence[Sequence[int]], **settings: int) -> Row:
    """The reference's way: one call of `generate` a chunk, nothing kept between chunks; greedy here."""
    row, passes = Row(name, 0.0), 0

    def count(*_: Any) -> None:
        nonlocal passes
        passes += 1

    hook = model.model.register_forward_hook(count)
    began = time.perf_counter()
    for prompt in prompts:
        ids = torch.tensor([list(prompt)], device=model.device)
        with torch.inference_mode():
            answer = model.model.generate(
                ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=LIMIT, **settings
            )
        row.written += answer.shape[1] - len(prompt)
    row.seconds, row.passes = time.perf_counter() - began, passes
    hook.remove()
    row.accepted = row.written - passes
    return row


def llama_cpp(model: LanguageModel, prompts: Sequence[Sequence[int]], threads: int) -> Row:
    """llama.cpp's plain greedy loop on the GGUF that the embedded model comes from; it keeps the prefix by itself."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(embedded_gguf())
    settings.n_ctx, settings.n_parallel = 4096, 1
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(settings)
    texts = [model.tokenizer.decode(list(prompt)) for prompt in prompts]
    row = Row("llama.cpp", 0.0)
    began = time.perf_counter()
    for text in texts:
        answer = server.handle_completions({"prompt": text, "n_predict": LIMIT, "temperature": 0, "cache_prompt": True})
        row.written += answer["usage"]["completion_tokens"]
    row.seconds, row.passes = time.perf_counter() - began, row.written
    return row


def own(name: str, make: Callable[[], Any], inputs: Sequence[Any], batch: int) -> tuple[Row, list[Generation]]:
    """This package's loop, its prefix pass included."""
    began = time.perf_counter()
    writer = make()
    answers = [answer for some in chunked(inputs, batch) for _, answer in writer.write(some)]
    seconds = time.perf_counter() - began
    passes, accepted = sum(a.passes for a in answers), sum(a.drafted for a in answers)
    return Row(name, seconds, passes, sum(len(a.tokens) for a in answers), accepted), answers


def chunked(inputs: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """The inputs in groups of at most `size`."""
    return [inputs[i:i + size] for i in range(0, len(inputs), size)]


def bare_forward(model: LanguageModel, prompts: Sequence[Sequence[int]], answers: Sequence[Generation]) -> Row:
    """One forward pass over each prompt and its answer: what reading them alone takes."""
    began = time.perf_counter()
    for prompt, answer in zip(prompts, answers):
        ids = torch.tensor([[*prompt, *answer.tokens]], device=model.device)
        with torch.inference_mode():
            model.model(input_ids=ids, use_cache=False, logits_to_keep=len(answer.tokens) + 1).logits.argmax(-1).cpu()
    written = sum(len(a.tokens) for a in answers)
    return Row("compute limit (one bare forward pass)", time.perf_counter() - began, len(prompts), written)


def tabulate(rows: Sequence[Row], tokens: int, chunks: int) -> list[dict[str, Any]]:
    """Each row by chunk and by source token, beside the first one."""
    return [
        {
            "name": row.name, "seconds_a_chunk": round(row.seconds / chunks, 3),
            "source_tokens_a_second": round(tokens / row.seconds, 1), "passes_a_chunk": round(row.passes / chunks, 1),
            "accepted_a_pass": round(row.accepted / row.passes, 1), "written_a_chunk": round(row.written / chunks, 1),
            "ratio_to_reference": round(rows[0].seconds / row.seconds, 1),
            "ratio_to_limit": round(row.seconds / rows[-1].seconds, 2),
        }
        for row in rows
    ]


if __name__ == "__main__":
    sys.exit(main())
