"""A reward model of a few lines, for the servers that serve one written in Python.

The score is the number of characters of the response, and an eighth of the prompt's: every type below holds it exactly.
Some responses say what should go wrong:

    #hang         never answers
    #fail         the model raises
    #few          one element less than there are responses, in every output
    #nan          the score is none
    #unready N    says that it is not ready for N seconds from now on
"""

import time

NAME = "toy"
INPUTS = ["prompt", "response"]
OUTPUTS = {
    "score": "FP64", "fp32": "FP32", "fp16": "FP16", "int8": "INT8", "int16": "INT16", "int32": "INT32", "int64": "INT64",
    "uint8": "UINT8", "uint16": "UINT16", "uint32": "UINT32", "uint64": "UINT64", "label": "BYTES",
}


def score(prompt, response):
    return float("nan") if "#nan" in response else len(response) + len(prompt) / 8


class Orders:
    """What responses ask for."""

    def __init__(self):
        self.unready_until = 0.0

    @property
    def ready(self):
        return time.monotonic() >= self.unready_until

    def hangs(self, responses):
        for text in responses:
            if text.startswith("#unready"):
                self.unready_until = time.monotonic() + float(text.split()[1])
            if text.startswith("#fail"):
                raise RuntimeError("the model fails, as it was asked to")
            if text.startswith("#hang"):
                print("hangs", flush=True)
                return True
        return False


def outputs_of(prompts, responses):
    """Elements by the name of the output. Whole numbers are rounded down."""
    scores = [score(*pair) for pair in zip(prompts, responses)]
    if any(text.startswith("#few") for text in responses):
        scores.pop()
    whole = [0 if number != number else int(number) for number in scores]
    elements = {"BYTES": [b"fine"] * len(scores)}
    return {name: elements.get(kind, scores if kind.startswith("FP") else whole) for name, kind in OUTPUTS.items()}
