"""A weighted-DPO LoRA step as PyTorch users write it: transformers, PEFT, AdamW, reference = the base without its adapter.

Four sequences of 256 tokens in one batch. Only positions that predict a response go through the head (`logits_to_keep`),
since all rows are equally long there is no padding, and the cross-entropy kernel gives log-probabilities without a second
copy of the logits.
"""

import contextlib

import torch
import torch.nn.functional as F
from peft import LoraConfig, get_peft_model

from conversation import answer, compiles, job, load_model, timed, use_threads

JOB = job()
use_threads(JOB["threads"])
torch.manual_seed(1)

PAIRS = JOB["pairs"]
RESPONSES = [pair["chosen"] for pair in PAIRS] + [pair["rejected"] for pair in PAIRS]
IDS = torch.tensor([pair["prompt"] + response for pair, response in zip(PAIRS + PAIRS, RESPONSES)])
TARGETS = torch.tensor(RESPONSES)
RESPONSE_LENGTH = TARGETS.shape[1]
# MetaAPO's weights of the two pairs, which add up to one.
WEIGHTS = torch.tensor([JOB["weight"], 1 - JOB["weight"]])[: len(PAIRS)]


def sums_of_log_probs(forward):
    logits = forward(input_ids=IDS, logits_to_keep=RESPONSE_LENGTH + 1, use_cache=False).logits[:, :-1]
    losses = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), TARGETS.reshape(-1), reduction="none")
    return -losses.view(TARGETS.shape).sum(-1)


class Step:
    def __init__(self, autocast=False, compiled=False):
        lora = JOB["lora"]
        model = load_model(JOB["model"], torch.float32)
        config = LoraConfig(r=lora["rank"], lora_alpha=lora["alpha"], target_modules=list(lora["targetModules"]))
        self.model = get_peft_model(model, config)
        self.model.train()
        self.parameters = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.parameters, lr=JOB["learningRate"])
        self.autocast = autocast
        self.forward = torch.compile(self.model) if compiled else self.model

    def __call__(self):
        with torch.autocast("cpu", torch.bfloat16) if self.autocast else contextlib.nullcontext():
            with torch.no_grad(), self.model.disable_adapter():
                reference = sums_of_log_probs(self.forward).float()
            policy = sums_of_log_probs(self.forward).float()
        chosen, rejected = (policy - reference).chunk(2)
        loss = -(WEIGHTS * F.logsigmoid(JOB["beta"] * (chosen - rejected))).sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, JOB["clip"])
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)


def way(**options):
    """Made when it is first asked for, so that a way that is never asked for takes no memory."""
    step = None

    def run():
        nonlocal step
        if step is None:
            step = Step(**options)
            if options.get("compiled"):
                step()  # compiles
        return timed(step)()

    return run


answer(
    {
        "PyTorch eager float32": way(),
        "PyTorch bf16 autocast": way(autocast=True),
        **({"PyTorch compiled float32": way(compiled=True)} if compiles() else {}),
    },
    ["torch", "transformers", "peft"],
)
