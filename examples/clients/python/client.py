"""Calls every metaapo service from Python, knowing nothing but addresses: the contract comes by gRPC reflection.

    pip install grpcio grpcio-reflection protobuf
    metaapo up configs/demo/metaapo.yaml > services.json &
    python client.py services.json

Prints one JSON line per call. Needs no file of this repository.
"""

import json
import sys

import grpc
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase


class Service:
    """A service found by reflection; methods take and give plain dictionaries."""

    def __init__(self, address: str, name: str):
        self.channel = grpc.insecure_channel(address)
        pool = DescriptorPool(ProtoReflectionDescriptorDatabase(self.channel))
        self.descriptor = pool.FindServiceByName(name)

    def call(self, method_name: str, request: dict, timeout_seconds: float = 60):
        """A dictionary, or a list of them where the server streams."""
        method = self.descriptor.methods_by_name[method_name]
        request_type = message_factory.GetMessageClass(method.input_type)
        response_type = message_factory.GetMessageClass(method.output_type)
        path = f"/{self.descriptor.full_name}/{method_name}"
        options = dict(request_serializer=request_type.SerializeToString, response_deserializer=response_type.FromString)
        message = json_format.ParseDict(request, request_type())
        if method.server_streaming:
            replies = self.channel.unary_stream(path, **options)(message, timeout=timeout_seconds)
            return [json_format.MessageToDict(reply) for reply in replies]
        reply = self.channel.unary_unary(path, **options)(message, timeout=timeout_seconds)
        return json_format.MessageToDict(reply)


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        addresses = json.load(file)
    policy = Service(addresses["policy"], "metaapo.policy.v1.PolicyService")
    reward = Service(addresses["reward"], "metaapo.reward.v1.RewardService")
    meta_learner = Service(addresses["meta_learner"], "metaapo.metalearner.v1.MetaLearnerService")

    prompt = {"conversation": {"messages": [{"role": "user", "content": "We must give our children"}]}}
    responses = [{"text": "a better and a happier future."}, {"text": "nothing but war and misery."}]
    report("ScoreResponses", policy.call("ScoreResponses", {"items": [{"itemId": "a", "prompt": prompt, "responses": responses}]}))
    sampling = {"temperature": 1.0, "topP": 1.0, "maxNewTokens": 24}
    generated = policy.call(
        "GenerateResponses",
        {"items": [{"itemId": "a", "prompt": prompt, "seed": 7}], "samplesPerPrompt": 2, "sampling": sampling},
    )
    report("GenerateResponses", generated)
    model = reward.call("ListRewardModels", {})["rewardModels"][0]["rewardModel"]
    report(
        "Annotate",
        reward.call("Annotate", {"rewardModel": model, "items": [{"itemId": "a", "prompt": prompt, "responses": responses}]}),
    )
    meta_learner.call("CreateMetaLearner", {"runId": "example", "settings": {"init": "INIT_KIND_CONSTANT"}})
    items = [{"itemId": "a", "score": -0.1}, {"itemId": "b", "score": -3.0}]
    report("Gate", meta_learner.call("Gate", {"runId": "example", "items": items, "seed": 7}))


def report(call: str, reply) -> None:
    print(json.dumps({"call": call, "reply": reply}))


if __name__ == "__main__":
    main()
