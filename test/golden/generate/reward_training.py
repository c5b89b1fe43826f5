"""Make the golden data of reward-model training: TRL's own RewardTrainer on a tiny random model.

    python reward_training.py --out DIR

Writes DIR/models/reward-tiny, a LlamaForSequenceClassification, and DIR/cases/*: the loss, learning rate and gradient norm
of every step as the trainer logs them, every gradient of the first batch, and what was trained before and after. Batches are
taken in order, unshuffled. Every case.json names versions and seed.
"""

import argparse
import json
import os
import tempfile
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from datasets import Dataset
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from tokenizers import Tokenizer, models
from torch.utils.data import SequentialSampler
from transformers import LlamaConfig, LlamaForSequenceClassification, PreTrainedTokenizerFast, set_seed
from trl import RewardConfig, RewardTrainer

SEED = 50500
PAD, EOS, VOCABULARY = 0, 2, 40
PACKAGES = ("torch", "transformers", "peft", "trl", "datasets", "safetensors")
CASES = [
    {
        "name": "reward-trace-lora",
        "about": "low-rank updates of all layers and the head in full, margins, centred rewards, warm-up and linear decay",
        "lora": {"r": 4, "lora_alpha": 8, "target_modules": ["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"]},
        "margins": True,
        "center_rewards_coefficient": 0.05,
        "lr": 2e-2, "schedule": "linear", "warmup_ratio": 0.25, "weight_decay": 0.0, "clip": 1.0,
    },
    {
        "name": "reward-trace-full",
        "about": "every weight, no margins, weight decay, cosine, gradients clipped hard",
        "lora": None,
        "margins": False,
        "center_rewards_coefficient": None,
        "lr": 3e-3, "schedule": "cosine", "warmup_ratio": 0.0, "weight_decay": 0.1, "clip": 0.5,
    },
]
STEPS, BATCH = 8, 3


class InOrder(RewardTrainer):
    def _get_train_sampler(self, *_):
        return SequentialSampler(self.train_dataset)


def new_model():
    set_seed(SEED)
    config = LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=64, num_labels=1, pad_token_id=PAD, bos_token_id=1,
        eos_token_id=EOS, initializer_range=0.3, tie_word_embeddings=True,
    )
    model = LlamaForSequenceClassification(config)
    model.config.problem_type = "regression"
    return model.float()


def tokenizer():
    plain = Tokenizer(models.WordLevel({f"t{i}": i for i in range(VOCABULARY)}, unk_token="t3"))
    return PreTrainedTokenizerFast(tokenizer_object=plain, pad_token="t0", bos_token="t1", eos_token="t2", unk_token="t3")


def pairs(with_margin):
    generator = torch.Generator().manual_seed(SEED)

    def ids(low, high):
        length = int(torch.randint(low, high, (1,), generator=generator))
        return torch.randint(4, VOCABULARY, (length,), generator=generator).tolist()

    rows = []
    for _ in range(STEPS * BATCH):
        prompt = [1, *ids(2, 9)]
        row = {"chosen": [*prompt, *ids(1, 9), EOS], "rejected": [*prompt, *ids(1, 9), EOS]}
        if with_margin:
            row["margin"] = round(float(torch.rand(1, generator=generator)) * 2, 3)
        rows.append(row)
    return rows


def plain_name(name):
    """PEFT's names in memory as it writes them to files; the head by its name in the model."""
    name = name.replace(".default", "")
    return "score.weight" if name.endswith("score.modules_to_save.weight") else name


def trainable(model):
    return {plain_name(name): p for name, p in model.named_parameters() if p.requires_grad}


def copies(tensors):
    return {name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}


def run(case, out):
    model = new_model()
    if case["lora"]:
        set_seed(SEED + 1)
        model = get_peft_model(model, LoraConfig(task_type="SEQ_CLS", modules_to_save=["score"], lora_dropout=0.0, **case["lora"]))
        for name, p in model.named_parameters():  # not at zero, so that the first gradient of A is not zero either
            if "lora_B" in name:
                torch.nn.init.normal_(p, std=0.05)
    rows = pairs(case["margins"])
    columns = {"chosen_ids": [r["chosen"] for r in rows], "rejected_ids": [r["rejected"] for r in rows]}
    if case["margins"]:
        columns["margin"] = [r["margin"] for r in rows]
    with tempfile.TemporaryDirectory() as folder:
        args = RewardConfig(
            output_dir=folder, per_device_train_batch_size=BATCH, max_steps=STEPS, learning_rate=case["lr"],
            lr_scheduler_type=case["schedule"], warmup_steps=int(case["warmup_ratio"] * STEPS), weight_decay=case["weight_decay"],
            max_grad_norm=case["clip"], center_rewards_coefficient=case["center_rewards_coefficient"], logging_steps=1,
            bf16=False, use_cpu=True, gradient_checkpointing=False, report_to=[], save_strategy="no", seed=SEED, adam_beta1=0.9,
            adam_beta2=0.999, adam_epsilon=1e-8, disable_tqdm=True, dataloader_pin_memory=False,
        )
        trainer = InOrder(model=model, args=args, train_dataset=Dataset.from_dict(columns), processing_class=tokenizer())
        initial = copies(trainable(trainer.model))
        batch = next(iter(trainer.get_train_dataloader()))
        trainer.compute_loss(trainer.model, batch).backward()
        gradients = copies({name: p.grad for name, p in trainable(trainer.model).items()})
        trainer.model.zero_grad()
        trainer._metrics["train"].clear()
        trainer.train()
    final = copies(trainable(trainer.model))
    logged = [entry for entry in trainer.state.log_history if "loss" in entry]
    folder = out / "cases" / case["name"]
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"{kind}.{name}": t for kind, group in (("initial", initial), ("gradient", gradients), ("final", final)) for name, t in group.items()}
    save_file(tensors, folder / "tensors.safetensors")
    content = {
        "kind": "reward-trace",
        "about": case["about"],
        "model": "models/reward-tiny",
        "seed": SEED,
        "versions": {package: version(package) for package in PACKAGES},
        "lora": case["lora"],
        "optimizer": {key: case[key] for key in ("lr", "schedule", "warmup_ratio", "weight_decay", "clip")},
        "center_rewards_coefficient": case["center_rewards_coefficient"] or 0,
        "steps": STEPS,
        "batch": BATCH,
        "tolerance": {"loss": 1e-5, "grad_norm": 1e-4, "gradients": 1e-4, "final": 1e-4},
        "pairs": rows,
        "logged": [{key: entry[key] for key in ("loss", "grad_norm", "learning_rate")} for entry in logged],
    }
    (folder / "case.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    torch.set_num_threads(1)
    new_model().save_pretrained(out / "models" / "reward-tiny")
    for case in CASES:
        run(case, out)


if __name__ == "__main__":
    main()
