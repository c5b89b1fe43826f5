"""Log-probabilities of responses with transformers under inference_mode.

The first way tries micro-batches of 2, 4, 8 and 16 sequences before its first run; all use the fastest.
"""

import contextlib
import time

import torch
import torch.nn.functional as F

from conversation import answer, compiles, job, load_model, timed, use_threads

JOB = job()
use_threads(JOB["threads"])

SEQUENCES = [
    (pair["prompt"] + pair[side], pair[side]) for pair in JOB["pairs"] for side in ("chosen", "rejected")
]
IDS = torch.tensor([ids for ids, _ in SEQUENCES])
TARGETS = torch.tensor([response for _, response in SEQUENCES])
MICRO_BATCHES = (4, 2, 8, 16)


class Scoring:
    def __init__(self, dtype=torch.float32, autocast=False, compiled=False):
        model = load_model(JOB["model"], dtype).eval()
        self.model = torch.compile(model) if compiled else model
        self.autocast = autocast

    @torch.inference_mode()
    def score(self, micro_batch):
        sums = []
        with torch.autocast("cpu", torch.bfloat16) if self.autocast else contextlib.nullcontext():
            for ids, targets in zip(IDS.split(micro_batch), TARGETS.split(micro_batch)):
                logits = self.model(input_ids=ids, logits_to_keep=targets.shape[1] + 1, use_cache=False).logits[:, :-1]
                losses = F.cross_entropy(logits.reshape(-1, logits.shape[-1]).float(), targets.reshape(-1), reduction="none")
                sums.append(-losses.view(targets.shape).sum(-1))
        return torch.cat(sums)

    def __call__(self):
        self.score(micro_batch or MICRO_BATCHES[0])


def fastest_micro_batch(scoring):
    seconds = {}
    for size in MICRO_BATCHES:
        for _ in range(2):  # the first meets cold caches
            start = time.perf_counter()
            scoring.score(size)
            seconds[size] = min(time.perf_counter() - start, seconds.get(size, float("inf")))
        if seconds[size] > 1.5 * min(seconds.values()):
            break
    return min(seconds, key=seconds.get)


micro_batch = None


def way(**options):
    scoring = None

    def run():
        nonlocal scoring
        global micro_batch
        if scoring is None:
            scoring = Scoring(**options)
            if micro_batch is None and not options:
                micro_batch = fastest_micro_batch(scoring)
                print(f"micro-batch {micro_batch}", flush=True)
            if options.get("compiled"):
                scoring()  # compiles
        return timed(scoring)()

    return run


answer(
    {
        "PyTorch inference_mode float32": way(),
        "PyTorch bf16 autocast": way(autocast=True),
        **({"PyTorch compiled float32": way(compiled=True)} if compiles() else {}),
    },
    ["torch", "transformers"],
)
