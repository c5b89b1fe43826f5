"""`generate` of transformers: every sample a row of one batch, 64 new tokens each, temperature 1, whole vocabulary."""

import torch
from transformers import GenerationConfig

from conversation import answer, compiles, job, load_model, timed, use_threads

JOB = job()
use_threads(JOB["threads"])
torch.manual_seed(1)

PROMPTS = torch.tensor(JOB["prompts"])


class Generation:
    def __init__(self, dtype=torch.float32, cache=None, compiled=False):
        self.model = load_model(JOB["model"], dtype).eval()
        self.model.generation_config = GenerationConfig(
            do_sample=True,
            temperature=1.0,
            top_k=0,
            top_p=1.0,
            max_new_tokens=JOB["newTokens"],
            num_return_sequences=JOB["samples"],
            pad_token_id=0,
            eos_token_id=None,  # every sample goes to its full length
            cache_implementation=cache,
        )
        if compiled:
            self.model.forward = torch.compile(self.model.forward, dynamic=True)

    @torch.inference_mode()
    def __call__(self):
        out = self.model.generate(input_ids=PROMPTS, attention_mask=torch.ones_like(PROMPTS))
        expected = (PROMPTS.shape[0] * JOB["samples"], PROMPTS.shape[1] + JOB["newTokens"])
        assert tuple(out.shape) == expected, f"{tuple(out.shape)} instead of {expected}"


def way(**options):
    generation = None

    def run():
        nonlocal generation
        if generation is None:
            generation = Generation(**options)
            if options.get("compiled"):
                generation()  # compiles
        return timed(generation)()

    return run


answer(
    {
        "transformers float32, dynamic cache": way(),
        "transformers float32, static cache": way(cache="static"),
        "transformers bf16, dynamic cache": way(dtype=torch.bfloat16),
        **({"transformers float32, compiled, static cache": way(cache="static", compiled=True)} if compiles() else {}),
    },
    ["torch", "transformers"],
)
