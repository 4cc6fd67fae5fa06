"""How fast the probe cleans, beside what bounds it and what people would run instead. One run, one machine.

    python benchmarks/probe_speed.py PDF [PDF ...] --json probe_speed.json

Prints tokens a second of the whole cleaning; of a bare forward pass of the same blocks over all
tokens of the same document (the limit for reading everything); of the reference's loop (the model
writes each chunk, batch 1) on a few chunks, as source tokens a second; their ratios; CPU seconds a
document; peak memory; and the cold start of the command line on the last PDF.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import torch
from scoreboard import cpu_seconds as cpu_seconds_used

from podprep import chunk_document, clean_with_probe, encode_chunk, encode_prompt, load_model, read_pdf
from podprep.probe import WINDOW, LineReader, Probe
from podprep.rules import visible
from podprep.weights import embedded_folder


def main() -> int:
    """Measure every PDF in turn and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pdfs", type=Path, nargs="+")
    parser.add_argument("--chunks", type=int, default=4, help="chunks for the reference loop")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    results: dict[str, Any] = {"threads": options.threads, "dtype": str(load_model().model.dtype)}
    results["documents"] = {pdf.stem: measure_document(pdf) for pdf in options.pdfs}
    results["reference_tokens_per_second"] = reference_loop(options.pdfs[0], options.chunks)
    results["cold_start_seconds"] = cold_start(options.pdfs[-1])
    results["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for name, found in results["documents"].items():
        found["ratio_to_reference"] = found["tokens_per_second"] / results["reference_tokens_per_second"]
        print(name, {key: round(value, 3) for key, value in found.items()})
    print({key: value for key, value in results.items() if key != "documents"})
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    return 0


def measure_document(pdf: Path) -> dict[str, float]:
    """Clean one document after a warm-up, and run the same blocks over all of its tokens."""
    reader = LineReader(embedded_folder(), Probe.load().blocks)
    texts = [line.text for line in visible(read_pdf(pdf)).lines]
    tokens = len(reader._encode(texts)[0])
    reader.states(texts[:50])
    reader.tokens_read = 0
    wall, cpu = time.perf_counter(), cpu_seconds_used()
    clean_with_probe(read_pdf(pdf), states=reader.states)
    seconds, cpu_seconds = time.perf_counter() - wall, cpu_seconds_used() - cpu
    read = reader.tokens_read
    bare = bare_forward(reader, tokens)
    return {
        "tokens": float(tokens), "share_read": read / tokens, "seconds": seconds, "cpu_seconds": cpu_seconds,
        "tokens_per_second": tokens / seconds, "bare_tokens_per_second": tokens / bare, "ratio_to_bare": seconds / bare,
    }


def bare_forward(reader: LineReader, tokens: int) -> float:
    """Seconds that the same blocks take for as many tokens in full windows, and nothing else."""
    batch = torch.randint(100, 40_000, (4, WINDOW), device=reader.device)
    rounds = max(1, round(tokens / batch.numel()))
    began = time.perf_counter()
    with torch.inference_mode():
        for _ in range(rounds):
            reader.model(batch, use_cache=False)
    return float((time.perf_counter() - began) * tokens / (rounds * batch.numel()))


def reference_loop(pdf: Path, count: int) -> float:
    """Source tokens a second of the reference's way: the model writes each chunk, nothing reused."""
    model = load_model()
    prompt = encode_prompt(model.tokenizer)
    chunks = [encode_chunk(model.tokenizer, c.text) for c in chunk_document(read_pdf(pdf))[2:2 + count]]
    began = time.perf_counter()
    for chunk in chunks:
        ids = torch.tensor([prompt.with_chunk(chunk)], device=model.device)
        with torch.inference_mode():
            model.model.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=512)
    return float(sum(map(len, chunks)) / (time.perf_counter() - began))


def cold_start(pdf: Path) -> float:
    """Seconds of `podprep clean` in a new process."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "podprep.cli", "clean", str(pdf), "-o", "-"], check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
