"""The toy reward model as MLServer serves it: `implementation` of a model-settings.json."""

import asyncio

from mlserver import MLModel
from mlserver.types import InferenceResponse, ResponseOutput

from toy_reward import INPUTS, OUTPUTS, Orders, outputs_of


class ToyReward(MLModel):
    async def load(self):
        self.orders = Orders()
        return self.name != "never"

    async def predict(self, payload):
        texts = {one.name: [bytes(text).decode() for text in one.data] for one in payload.inputs}
        prompts, responses = (texts[name] for name in INPUTS)
        if self.orders.hangs(responses):
            await asyncio.sleep(3600)
        if not self.orders.ready:
            self.ready = False
            asyncio.create_task(self.recover())
        asked = [one.name for one in payload.outputs or []]
        outputs = [
            ResponseOutput(name=name, shape=[len(data)], datatype=OUTPUTS[name], data=data)
            for name, data in outputs_of(prompts, responses).items()
            # Half precision fails the whole reply here, unless the request came raw.
            if name in asked or OUTPUTS[name] != "FP16"
        ]
        return InferenceResponse(model_name=self.name, outputs=outputs)

    async def recover(self):
        while not self.orders.ready:
            await asyncio.sleep(0.05)
        self.ready = True
