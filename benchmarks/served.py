"""A model behind llama.cpp's server beside the same model here: the same tokens and verdicts, and what each costs.

    python benchmarks/served.py PDF [--chunks 20] [--free 10] [--server URL] [--json benchmarks/served.json]

Without `--server` one is started on loopback with the embedded model (it needs `pip install xllamacpp`). Faithful mode:
each chunk is written by the loop here and over the server, and the tokens compared, and the words that are kept. Free
mode: the same for verdicts. A source token is a token of the raw chunk. Both have one thread: two that wait for each
other measure how busy the machine is.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from podprep import FaithfulWriter, Piece, PromptSettings, chunk_document, load_model, prompt_chunks, read_pdf
from podprep.cleaned import CleanedChunk
from podprep.model import ServedFaithfulWriter, Server, advise, encode_chunk
from podprep.weights import EMBEDDED, embedded_gguf

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from llama_server import llama_server


class Counted(Server):
    """A server that counts what it is asked for."""

    def __init__(self, address: str, model: str) -> None:
        self.asked = Counter[str]()
        super().__init__(address, model)

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """As `Server.ask`."""
        self.asked[path] += 1
        return super().ask(method, path, **body)


def main() -> int:
    """Compare both modes; the exit status is 1 if anything differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--chunks", type=int, default=20, help="in faithful mode")
    parser.add_argument("--free", type=int, default=10, help="chunks in free mode")
    parser.add_argument("--first", type=int, default=3, help="number of the first chunk, from 0")
    parser.add_argument("--server", help="address of a llama.cpp server with the embedded model")
    parser.add_argument("--when", default="one thread each, on a quiet machine", help="what it was measured on")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    started = nullcontext((options.server, None)) if options.server else llama_server(embedded_gguf(), EMBEDDED)
    torch.set_num_threads(1)
    with started as (address, _):
        server = Counted(address, EMBEDDED)
        result = {"pdf": options.pdf.name, "model": EMBEDDED, "cores": os.cpu_count(), "when": options.when,
                  "llama.cpp": version("xllamacpp") if not options.server else "as given",
                  "faithful": faithful(server, options.pdf, options.first, options.chunks),
                  "free": free(server, options.pdf, options.first, options.free)}
    print(json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    return 1 if result["faithful"]["same_words"] < options.chunks or result["free"]["differing"] else 0


def faithful(server: Counted, pdf: Path, first: int, count: int) -> dict[str, Any]:
    """Which chunks come out otherwise over the server, what was asked of it, and source tokens a second of both."""
    model, document = load_model(), read_pdf(pdf)
    advised = list(advise(document, chunk_document(document), "probe"))[first:first + count]
    pieces = [Piece.of(one.source, one.opinions) for one in advised]
    here, there = FaithfulWriter(model), ServedFaithfulWriter(server)
    seconds, differing, same_words, passes, chosen, forced = [0.0, 0.0], list[int](), 0, 0, 0, 0
    for writer in (here, there):
        writer.write(pieces[:1])  # the prompt is read with the first, here and there
    server.asked.clear()
    for number, piece in enumerate(pieces):
        clock = time.perf_counter()
        [(kept, own)] = here.write([piece])
        seconds[0] += time.perf_counter() - clock
        clock = time.perf_counter()
        [(served_kept, served)] = there.write([piece])
        seconds[1] += time.perf_counter() - clock
        passes, chosen, forced = passes + own.passes, chosen + served.passes, forced + served.drafted
        same = (kept, own.tokens, own.stop_reason) == (served_kept, served.tokens, served.stop_reason)
        differing += [] if same else [first + number]
        same_words += kept == served_kept
        print(f"chunk {first + number}: {len(own.tokens)} tokens, {'the same' if same else 'others'}; "
              f"{seconds[0]:.0f} s here, {seconds[1]:.0f} s served", file=sys.stderr, flush=True)
    tokens = sum(len(encode_chunk(model.tokenizer, piece.text)) for piece in pieces)
    requests = server.asked["/completion"]
    return {
        "chunks": len(pieces), "differing": differing, "same_words": same_words, "source_tokens": tokens,
        "passes_here": passes, "chosen": chosen, "forced": forced, "requests": requests,
        "asked_again": requests - chosen,
        "source_tokens_a_second_here": round(tokens / seconds[0], 1),
        "source_tokens_a_second_served": round(tokens / seconds[1], 1),
    }


def free(server: Counted, pdf: Path, first: int, count: int) -> dict[str, Any]:
    """Which chunks get another verdict over the server than here."""
    document, settings = read_pdf(pdf), PromptSettings(mode="free")
    chunks = chunk_document(document)[first:first + count]
    here, there = list[CleanedChunk](), list[CleanedChunk]()
    seconds = []
    for model, made in ((load_model(), here), (server, there)):
        clock = time.perf_counter()
        for chunk in prompt_chunks(document, chunks, model, settings):
            made.append(chunk)
            print(f"chunk {chunk.chunk.index}: {chunk.fidelity.verdict}", file=sys.stderr, flush=True)
        seconds.append(round(time.perf_counter() - clock, 2))
    verdicts = [(one.fidelity.verdict, other.fidelity.verdict) for one, other in zip(here, there)]
    return {"chunks": len(chunks), "differing": [first + n for n, (a, b) in enumerate(verdicts) if a != b],
            "same_text": sum(one.text == other.text for one, other in zip(here, there)),
            "verdicts": dict(Counter(verdict for verdict, _ in verdicts)),
            "seconds_here": seconds[0], "seconds_served": seconds[1]}


if __name__ == "__main__":
    sys.exit(main())
