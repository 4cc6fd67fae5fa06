"""llama.cpp's server on loopback, as `xllamacpp` carries it: `python llama_server.py MODEL.gguf NAME [SLOTS]`.

Prints its address once it listens, and ends when its standard input does.
"""

import os
import subprocess
import sys
from contextlib import contextmanager


def main(gguf, name, slots="1"):
    """Serve a model."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path, params.hostnames, params.port = gguf, ["127.0.0.1"], 0
    params.n_parallel, params.n_ctx, params.warmup = int(slots), 8192 * int(slots), False
    params.model_alias = {name}
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # two wait for each other on a busy machine
    server = xllamacpp.Server(params)
    print("listens:", server.listening_address, flush=True)
    sys.stdin.read()
    os._exit(0)


@contextmanager
def llama_server(gguf, name, slots=1):
    """The server's address and process, for as long as the block lasts."""
    process = subprocess.Popen([sys.executable, __file__, str(gguf), name, str(slots)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = next(line for line in process.stdout if line.startswith("listens:")).split()[1]
        yield address, process
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
