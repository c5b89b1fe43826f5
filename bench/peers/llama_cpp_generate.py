"""llama.cpp in Q8_0 through llama-cpp-python's low-level interface: all samples in one batch, the prompt's cache shared.

A prompt goes through the model once, its cache cells are then given to all its samples (`llama_memory_seq_cp`), and each
step decodes one token of every sample. Flash attention is on. Temperature 1, whole vocabulary; tokens are drawn from the
logits of the whole batch at once in numpy, which takes a few milliseconds where llama.cpp's own sampler takes each row in
turn. The first run also checks that a prompt decoded with shared cells has the logits of a prompt decoded by itself, and
that they are the float32 model's but for the rounding of Q8_0.
"""

import ctypes
import os

import llama_cpp as lc
import numpy as np
import torch

from conversation import answer, job, load_model, timed, use_threads
from gguf_model import write_q8_0

JOB = job()
use_threads(JOB["threads"])

PROMPTS = JOB["prompts"]
SAMPLES = JOB["samples"]
NEW_TOKENS = JOB["newTokens"]
PATH = os.path.join(JOB["folder"], "model-Q8_0.gguf")
SEQUENCES = len(PROMPTS) * SAMPLES
# A prompt and a token after it, and its logits in float32.
CHECKED = PROMPTS[-1] + [1]
EXPECTED = []


@lc.llama_log_callback
def errors_only(level, text, _user_data):
    if level == 4:
        print(text.decode(), end="", flush=True)


lc.llama_log_set(errors_only, ctypes.c_void_p(0))
lc.llama_backend_init()


class Generation:
    def __init__(self, unified):
        if not os.path.exists(PATH):
            model = load_model(JOB["model"], torch.float32).eval()
            write_q8_0(model, PATH)
            with torch.inference_mode():
                EXPECTED.append(model(input_ids=torch.tensor([CHECKED])).logits[0, -1].numpy())
        self.model = lc.llama_model_load_from_file(PATH.encode(), lc.llama_model_default_params())
        length = max(map(len, PROMPTS)) + NEW_TOKENS
        params = lc.llama_context_default_params()
        params.n_threads = params.n_threads_batch = JOB["threads"]
        params.n_seq_max = SEQUENCES
        params.kv_unified = unified
        # One buffer holds each prompt once; without it every sequence has a buffer of its own, of a multiple of 256.
        each = -(-length // 256) * 256
        cells = sum(map(len, PROMPTS)) + SEQUENCES * NEW_TOKENS
        params.n_ctx = -(-cells // 256) * 256 if unified else SEQUENCES * each
        params.n_batch = 2048
        params.n_ubatch = 512
        params.flash_attn_type = 1
        self.context = lc.llama_init_from_model(self.model, params)
        assert self.context, "llama.cpp made no context"
        self.vocabulary = lc.llama_vocab_n_tokens(lc.llama_model_get_vocab(self.model))
        self.memory = lc.llama_get_memory(self.context)
        self.batch = lc.llama_batch_init(2048, 0, 1)
        self.random = np.random.default_rng(1)

    def decode(self, tokens, positions, sequences, outputs):
        """Rows are (token, position, sequence, whether its logits are wanted); the wanted logits, in order."""
        batch = self.batch
        batch.n_tokens = len(tokens)
        for index, (token, position, sequence, output) in enumerate(zip(tokens, positions, sequences, outputs)):
            batch.token[index] = token
            batch.pos[index] = position
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = sequence
            batch.logits[index] = output
        status = lc.llama_decode(self.context, batch)
        assert status == 0, f"llama_decode returned {status}"
        pointer = ctypes.cast(lc.llama_get_logits(self.context), ctypes.POINTER(ctypes.c_float))
        return np.ctypeslib.as_array(pointer, shape=(sum(outputs), self.vocabulary))

    def prefill(self):
        """Logits after each prompt; the cache of prompt p is then that of all its samples."""
        lc.llama_memory_clear(self.memory, True)
        rows = [
            (token, position, p * SAMPLES, position == len(prompt) - 1)
            for p, prompt in enumerate(PROMPTS)
            for position, token in enumerate(prompt)
        ]
        logits = self.decode(*zip(*rows)).copy()
        for p in range(len(PROMPTS)):
            for sample in range(1, SAMPLES):
                lc.llama_memory_seq_cp(self.memory, p * SAMPLES, p * SAMPLES + sample, -1, -1)
        return logits

    def draw(self, logits):
        """One token per row, by inversion of the cumulative distribution."""
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        sums = np.cumsum(weights, axis=1)
        thresholds = self.random.random(len(sums), dtype=np.float32) * sums[:, -1]
        return [min(int(np.searchsorted(row, t)), self.vocabulary - 1) for row, t in zip(sums, thresholds)]

    def __call__(self):
        first = self.prefill()
        tokens = self.draw(np.repeat(first, SAMPLES, axis=0))
        lengths = [len(prompt) for prompt in PROMPTS for _ in range(SAMPLES)]
        for step in range(NEW_TOKENS - 1):
            positions = [length + step for length in lengths]
            tokens = self.draw(self.decode(tokens, positions, range(SEQUENCES), [True] * SEQUENCES))

    def check(self):
        """All samples of a prompt, given the same token, have the same next logits, and those of the prompt alone."""
        self.prefill()
        last = [len(prompt) for prompt in PROMPTS for _ in range(SAMPLES)]
        shared = self.decode([1] * SEQUENCES, last, range(SEQUENCES), [True] * SEQUENCES).copy()
        lc.llama_memory_clear(self.memory, True)
        count = len(CHECKED)
        alone = self.decode(CHECKED, range(count), [0] * count, [False] * (count - 1) + [True])[0]
        for what, logits in (("shared cache", shared[-SAMPLES:]), ("float32", EXPECTED[0])):
            error = np.abs(logits - alone).max() / np.abs(alone).max()
            assert error < 0.05, f"{what}: logits differ by {error:.3f} of their largest"
            print(f"llama.cpp: logits differ from {what} by {error:.1e} of their largest", flush=True)


def way(**options):
    generation = None

    def run():
        nonlocal generation
        if generation is None:
            generation = Generation(**options)
            generation.check()
        return timed(generation)()

    return run


answer(
    {"llama.cpp Q8_0, one cache": way(unified=True), "llama.cpp Q8_0, a cache per sequence": way(unified=False)},
    ["llama-cpp-python", "gguf"],
)
