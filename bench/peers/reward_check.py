"""Do others make of a trained reward model what we make of it?

    python bench/peers/reward_check.py --model RUN/model --pairs PAIRS.jsonl --report RUN/report.json
        [--base BASE --adapter RUN/adapter] [--tolerance 1e-4] [--count 32]

Compared, CPU, float32, eager attention, one text at a time and in one padded batch:
  served   transformers' AutoModelForSequenceClassification on the folder against the rewards in report.json, which the
           training measured: chosen and rejected of each held-out pair
  adapter  PEFT's adapter on the base against the merged folder

PAIRS are rows in TRL's formats; those that the report names are used. Prints one JSON line per comparison, then the
versions; exits 1 when one differs by more than the tolerance.
"""

import argparse
import importlib.metadata
import json
import os
import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

SETTINGS = {"dtype": torch.float32, "attn_implementation": "eager"}


def load(path, **more):
    if path.endswith(".gguf"):
        folder, name = os.path.split(os.path.abspath(path))
        return AutoModelForSequenceClassification.from_pretrained(folder, gguf_file=name, **SETTINGS, **more).eval()
    return AutoModelForSequenceClassification.from_pretrained(path, **SETTINGS, **more).eval()


def conversations(row):
    prompt = row["prompt"]
    turns = prompt if isinstance(prompt, list) else [{"role": "user", "content": prompt}]
    for side in ("chosen", "rejected"):
        answer = row[side]
        yield turns + (answer if isinstance(answer, list) else [{"role": "assistant", "content": answer}])


def rows_of(path, wanted):
    rows = {}
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            row = json.loads(line)
            rows[str(row.get("id", f"line-{number}"))] = row
    return [rows[name] for name in wanted]


def ids_of(tokenizer, rows):
    found = []
    for row in rows:
        for turns in conversations(row):
            text = tokenizer.apply_chat_template(turns, tokenize=False)
            found.append(tokenizer(text, add_special_tokens=False)["input_ids"])
    return found


@torch.inference_mode()
def alone(model, texts):
    return torch.stack([model(torch.tensor([ids])).logits[0, 0] for ids in texts])


@torch.inference_mode()
def batched(model, tokenizer, texts, size=8):
    tokenizer.padding_side = "right"
    scores = []
    for start in range(0, len(texts), size):
        batch = tokenizer.pad({"input_ids": texts[start : start + size]}, return_tensors="pt")
        scores.append(model(**batch).logits[:, 0])
    return torch.cat(scores)


def compared(check, got, expected, tolerance):
    worst = (got - expected).abs().max().item()
    scale = expected.abs().max().item()
    print(json.dumps({"check": check, "scores": len(got), "max_abs": worst, "scale": scale, "ok": worst <= tolerance}))
    return worst <= tolerance


def main():
    parser = argparse.ArgumentParser()
    for name in ("--model", "--pairs", "--report"):
        parser.add_argument(name, required=True)
    for name in ("--base", "--adapter"):
        parser.add_argument(name)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    parser.add_argument("--count", type=int, default=32, help="held-out pairs")
    args = parser.parse_args()
    torch.set_num_threads(2)
    with open(args.report, encoding="utf-8") as file:
        held_out = json.load(file)["heldOut"][: args.count]
    measured = torch.tensor([pair["after"][side] for pair in held_out for side in ("chosen", "rejected")])
    tokenizer, model = AutoTokenizer.from_pretrained(args.model), load(args.model)
    texts = ids_of(tokenizer, rows_of(args.pairs, [pair["rowId"] for pair in held_out]))
    own = alone(model, texts)
    results = [
        compared("served, one by one", own, measured, args.tolerance),
        compared("served, padded", batched(model, tokenizer, texts), measured, args.tolerance),
    ]
    if args.adapter:
        from peft import PeftModel

        base = load(args.base, num_labels=1)
        base.config.pad_token_id = model.config.pad_token_id
        adapted = PeftModel.from_pretrained(base, args.adapter).eval()
        results.append(compared("adapter", alone(adapted, texts), own, args.tolerance))
    names = ("torch", "transformers", "peft", "tokenizers")
    print(json.dumps({"versions": {name: importlib.metadata.version(name) for name in names}}))
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
