"""What every script here shares: the job file, a model in transformers, and the conversation with the program that measures.

A script is started with the path of a job file. It says on stdout which ways it has of doing the job and with which
versions, then answers each line, the name of a way, with the seconds that way took.
"""

import importlib.metadata
import json
import os
import sys
import time
import traceback

PROTOCOL = os.fdopen(os.dup(1), "w", buffering=1)
sys.stdout = sys.stderr  # libraries may print; the conversation is ours alone


def compiles():
    """Whether torch.compile takes part: BENCH_COMPILE=1. Compiling a training step takes more than ten minutes on two cores."""
    return os.environ.get("BENCH_COMPILE") == "1"


def job():
    with open(sys.argv[1]) as file:
        return json.load(file)


def use_threads(count):
    import torch

    torch.set_num_threads(count)


def load_model(path, dtype):
    """A Hugging Face folder or a .gguf file, with scaled-dot-product attention."""
    from transformers import AutoModelForCausalLM

    folder, file = place_of(path)
    return AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, attn_implementation="sdpa", **file)


def load_tokenizer(path):
    from transformers import AutoTokenizer

    folder, file = place_of(path)
    return AutoTokenizer.from_pretrained(folder, **file)


def place_of(path):
    if path.endswith(".gguf"):
        return os.path.dirname(os.path.abspath(path)), {"gguf_file": os.path.basename(path)}
    return path, {}


def timed(work):
    """Seconds that `work` takes."""

    def run():
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return run


def answer(ways, packages):
    """Serves until stdin ends. `ways` maps a name to a function that returns seconds."""
    versions = {package: importlib.metadata.version(package) for package in packages}
    say({"variants": list(ways), "versions": versions})
    for line in sys.stdin:
        try:
            say({"seconds": ways[line.strip()]()})
        except Exception as error:  # a way that does not work here is a result too
            traceback.print_exc()
            say({"error": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:300]})


def say(message):
    PROTOCOL.write(json.dumps(message) + "\n")
    PROTOCOL.flush()
