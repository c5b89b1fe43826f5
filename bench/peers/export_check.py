"""Do others make of an exported model what we make of it?

    python bench/peers/export_check.py --base BASE --peft DIR --merged DIR --gguf FILE [--tolerance 1e-3] \
      --float F32.gguf --quantized Q8_0.gguf

BASE is a Hugging Face folder or a GGUF file. Compared on the same ids, CPU, float32, eager attention:
  peft    PEFT on the base against transformers on the merged folder: logits
  gguf    llama-cpp-python on the GGUF against transformers on the merged folder: greedy ids, log-probabilities
  q8_0    what llama.cpp makes of the float32 file when it quantises it itself, against the eight-bit file: every byte

Prints one JSON line per comparison, then the versions; exits 1 when the logits differ by more than the tolerance or a
greedy answer parts where the two best tokens are not closer than the file's precision explains. An argument that is not
given leaves its comparison out.
"""

import argparse
import importlib.metadata
import json
import os
import sys
import tempfile

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

TEXTS = [
    "The state of our union",
    " We must work together, because 1,234 people",
    "What is gravity? Answer in one sentence.",
    "def add(a, b):\n    return",
]
NEW_TOKENS = 24
# A greedy path may part where the two best log-probabilities are nearer than this: float16's rounding.
CLOSE = 0.15


def load(path):
    settings = {"dtype": torch.float32, "attn_implementation": "eager"}
    if path.endswith(".gguf"):
        folder, name = os.path.split(os.path.abspath(path))
        return AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, **settings).eval()
    return AutoModelForCausalLM.from_pretrained(path, **settings).eval()


def prompts_of(tokenizer):
    rows = [tokenizer(text)["input_ids"] for text in TEXTS]
    if tokenizer.chat_template:
        messages = [{"role": "user", "content": TEXTS[2]}]
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        rows.append(tokenizer(text, add_special_tokens=False)["input_ids"])
    return rows


@torch.inference_mode()
def logits_of(model, ids):
    return model(torch.tensor([ids])).logits[0]


def compare_peft(args, merged, prompts):
    from peft import PeftModel

    model = PeftModel.from_pretrained(load(args.base), args.peft).eval()
    with model.disable_adapter():
        moved = max((logits_of(model, ids) - logits_of(merged, ids)).abs().max().item() for ids in prompts)
    worst = max((logits_of(model, ids) - logits_of(merged, ids)).abs().max().item() for ids in prompts)
    scale = max(logits_of(merged, ids).abs().max().item() for ids in prompts)
    ok = worst <= args.tolerance * scale
    print(json.dumps({"check": "peft", "max_abs": worst, "scale": scale, "adapter_moves": moved, "ok": ok}))
    return ok


def greedy(step, ids, ends):
    """Greedy ids, and the gap between the two best log-probabilities at each."""
    new, gaps = [], []
    while len(new) < NEW_TOKENS:
        log_probs = torch.log_softmax(step(ids + new).double(), dim=-1)
        best = log_probs.topk(2)
        new.append(int(best.indices[0]))
        gaps.append(float(best.values[0] - best.values[1]))
        if new[-1] in ends:
            break
    return new, gaps


def compare_gguf(args, merged, tokenizer, prompts):
    from llama_cpp import Llama

    llama = Llama(args.gguf, n_ctx=256, logits_all=True, verbose=False, n_threads=2)
    ends = merged.generation_config.eos_token_id
    ends = set(ends if isinstance(ends, list) else [ends])

    def theirs(ids):
        llama.reset()
        llama.eval(ids)
        return torch.tensor(llama.scores[len(ids) - 1].copy())

    same, parted, worst, kl, ids_equal = 0, [], 0.0, 0.0, True
    for ids in prompts:
        with torch.inference_mode():
            ours, gaps = greedy(lambda row: logits_of(merged, row)[-1], ids, ends)
        answer, _ = greedy(theirs, ids, ends)
        ids_equal &= llama.tokenize(tokenizer.decode(ids).encode(), add_bos=False, special=True) == ids
        a = torch.log_softmax(logits_of(merged, ids)[-1].double(), -1)
        b = torch.log_softmax(theirs(ids).double(), -1)
        worst = max(worst, (a - b).abs().max().item())
        kl = max(kl, (a.exp() * (a - b)).sum().item())
        if ours == answer:
            same += 1
        else:
            at = next((i for i, (x, y) in enumerate(zip(ours, answer)) if x != y), min(len(ours), len(answer)) - 1)
            parted.append(gaps[at])
    ok = all(gap < CLOSE for gap in parted)
    print(json.dumps({
        "check": "gguf", "file": os.path.basename(args.gguf), "prompts": len(prompts), "greedy_equal": same,
        "gap_where_parted": parted, "log_prob_max_abs": worst, "kl_max": kl, "token_ids_equal": ids_equal,
        "template": "tokenizer.chat_template" in llama.metadata, "ok": ok,
    }))
    return ok


def compare_quantized(args):
    import ctypes

    import gguf
    import llama_cpp

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "theirs.gguf")
        params = llama_cpp.llama_model_quantize_default_params()
        params.ftype = llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0
        status = llama_cpp.llama_model_quantize(args.float.encode(), path.encode(), ctypes.byref(params))
        if status != 0:
            sys.exit(f"llama.cpp does not quantise {args.float}: status {status}")
        theirs = {tensor.name: tensor for tensor in gguf.GGUFReader(path).tensors}
        ours = {tensor.name: tensor for tensor in gguf.GGUFReader(args.quantized).tensors}
        differ = sorted(set(theirs) ^ set(ours)) + [
            name for name in ours if name in theirs
            and (ours[name].tensor_type, ours[name].data.tobytes()) != (theirs[name].tensor_type, theirs[name].data.tobytes())
        ]
    ok = not differ
    print(json.dumps({"check": "q8_0", "tensors": len(ours), "tensors_that_differ": differ, "ok": ok}))
    return ok


def main():
    parser = argparse.ArgumentParser()
    for name in ("--base", "--peft", "--merged", "--gguf", "--float", "--quantized"):
        parser.add_argument(name, action="append" if name == "--gguf" else "store")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="of the largest logit")
    args = parser.parse_args()
    torch.set_num_threads(2)
    results = [compare_quantized(args)] if args.quantized else []
    if args.merged:
        tokenizer = AutoTokenizer.from_pretrained(args.merged)
        merged = load(args.merged)
        prompts = prompts_of(tokenizer)
        results += [compare_peft(args, merged, prompts)] if args.peft else []
        for path in args.gguf or []:
            args.gguf = path
            results.append(compare_gguf(args, merged, tokenizer, prompts))
    names = ("torch", "transformers", "peft", "llama-cpp-python")
    print(json.dumps({"versions": {name: importlib.metadata.version(name) for name in names}}))
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
