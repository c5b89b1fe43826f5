"""Make the golden data of model families and rope types, with the helpers of the reference data (goldenlib).

    python families.py --goldenlib DIR --out DIR

DIR of --goldenlib is the folder that holds `goldenlib/`; requirements are those of its own generate.py. What comes out
has the form that its README describes; every case.json names versions and seed.
"""

import argparse
import json
import os
import random
import string
import sys
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
import transformers
from safetensors.torch import load_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import AutoTokenizer, PreTrainedTokenizerFast

HERE = Path(__file__).parent
ALPHABET = ["Ġ", "Ċ", *string.ascii_lowercase, *string.digits, *"+=.,?!>"]
SPECIAL = ["<pad>", "<s>", "</s>"]
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}{{ message['content'] }}{{ eos_token }}{% endfor %}"
    "{% if add_generation_prompt %}>{% endif %}"
)


def save_tokenizer(folder: Path):
    """One token per printable character: small files, long enough sequences."""
    tokenizer = Tokenizer(models.BPE(vocab={token: index for index, token in enumerate(ALPHABET)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL])
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>", clean_up_tokenization_spaces=False
    )
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["tokenizer_class"] = "PreTrainedTokenizerFast"
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    return AutoTokenizer.from_pretrained(folder)


def records(seed: int, count: int) -> list[dict]:
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        a, b = rng.randint(2, 60), rng.randint(2, 60)
        found.append(
            {
                "messages": [{"role": "user", "content": f"{a}+{b}?"}],
                "chosen": f"it is {a + b}.",
                "rejected": f"{a + b + 1}, hm",
                "online_chosen": f"{a}+{b}={a + b}",
                "online_rejected": rng.choice(["no", "hm?", "?!"]),
            }
        )
    return found


def train_cases(out: Path, spec: dict, model, tokenizer, seed: int):
    from goldenlib import toymodels, training

    folder = out / "models" / spec["name"]
    batch = records(seed + 2, 2)

    def load():
        return toymodels.load(spec["class"], folder)

    names = [name for name, _ in model.named_parameters()]
    weights = {name: model.state_dict()[name] for name in names}
    if "lora" in spec["train"]:
        lora = {"r": 2, "alpha": 4, "targets": spec.get("targets", training.LINEAR), "base": f"models/{spec['name']}"}
        place = training.fresh(out / "adapters" / f"{spec['name']}-lora")
        training.make_adapter(model, seed + 3, lora, place)
        saved = load_file(place / "adapter_model.safetensors")
        training.LOSSES = {name: training.LOSSES[name] for name in ("dpo",)}
        setup = {
            "model": f"models/{spec['name']}",
            "adapter": f"adapters/{spec['name']}-lora",
            "reference_is": f"models/{spec['name']} (the base, adapter off)",
            "seed": seed,
            "single": lambda: training.SinglePolicy(
                training.PeftModel.from_pretrained(load(), place, is_trainable=True).eval()
            ),
            "exact": lambda: training.ExactPolicy(model.config, model.state_dict(), saved, 2.0),
            "reference": training.SinglePolicy(model),
            "exact_reference": training.ExactPolicy(model.config, model.state_dict()),
        }
        yield training.gradient_case(out, f"{spec['name']}-lora", setup, batch, tokenizer, ["dpo"])
    if "full" in spec["train"]:
        other = training.fresh(out / "models" / f"{spec['name']}-ref")
        toymodels.save_model(training.perturbed(model, seed + 4, 0.02), spec, other)
        frozen = toymodels.load(spec["class"], other)
        setup = {
            "model": f"models/{spec['name']}",
            "adapter": None,
            "reference_is": f"models/{spec['name']}-ref",
            "seed": seed,
            "single": lambda: training.SinglePolicy(load()),
            "exact": lambda: training.ExactPolicy(model.config, weights),
            "reference": training.SinglePolicy(frozen),
            "exact_reference": training.ExactPolicy(model.config, {name: frozen.state_dict()[name] for name in names}),
        }
        yield training.gradient_case(out, f"{spec['name']}-full", setup, batch, tokenizer, ["dpo"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--goldenlib", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    sys.path.insert(0, str(options.goldenlib))
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()

    from exact_decoder import Decoder
    from goldenlib import cases, toymodels, training
    from goldenlib.files import fresh

    cases.Decoder = training.Decoder = Decoder
    training.OFFLINE_ONLY = {}
    training.cross_check = lambda *_: {}  # the losses are checked there; here the models are what is new
    plan = json.loads((HERE / "families.json").read_text(encoding="utf-8"))
    for spec in plan["models"]:
        spec = {"save_dtype": "bfloat16", "std": 0.3, "vocab_size": 50, "long": 28, **spec}
        folder = fresh(options.out / "models" / spec["name"])
        tokenizer = save_tokenizer(folder)
        model = toymodels.build_and_save(spec, tokenizer, folder)
        seed = plan["seed"] + spec["seed"]
        summary = [cases.forward_case(options.out, spec, model, tokenizer, records(seed, 1))]
        summary.append(cases.generation_case(options.out, spec, model, tokenizer, records(seed + 1, 400), 3))
        if "train" in spec:
            summary += train_cases(options.out, spec, model, tokenizer, seed)
        print(spec["name"], json.dumps(summary), flush=True)


if __name__ == "__main__":
    main()
