"""The toy reward model as KServe's model server serves it, and one beside it that says that it is not ready.

    python kserve_model.py --http_port PORT --grpc_port PORT
"""

import asyncio

import numpy
from kserve import InferOutput, InferResponse, Model, ModelServer

from toy_reward import INPUTS, NAME, OUTPUTS, Orders, outputs_of

TYPES = {"FP64": "float64", "FP32": "float32", "FP16": "float16", "BYTES": "object"}


class ToyReward(Model):
    def __init__(self, name):
        super().__init__(name)
        self.orders = Orders()

    async def healthy(self):
        return self.name == NAME and self.orders.ready

    async def predict(self, payload, headers=None, response_headers=None):
        texts = {one.name: [bytes(text).decode() for text in one.data] for one in payload.inputs}
        prompts, responses = (texts[name] for name in INPUTS)
        if self.orders.hangs(responses):
            await asyncio.sleep(3600)
        asked = [one.name for one in payload.request_outputs or []]
        outputs = []
        for name, data in outputs_of(prompts, responses).items():
            kind = OUTPUTS[name]
            # Half precision turns the whole reply into raw bytes.
            if name not in asked and kind == "FP16":
                continue
            tensor = InferOutput(name, [len(data)], kind)
            array = numpy.array(data, dtype=TYPES.get(kind, kind.lower()))
            tensor.set_data_from_numpy(array, binary_data="fp16" in asked)
            outputs.append(tensor)
        return InferResponse(payload.id, self.name, outputs)


if __name__ == "__main__":
    models = [ToyReward(NAME), ToyReward("never")]
    for model in models:
        model.load()
    ModelServer(workers=1).start(models)
