"""Do the clients of other tools get from the reward service's façades what they expect?

    python bench/peers/facade_clients.py --http HOST:PORT --grpc HOST:PORT
        [--openrlhf openrlhf/utils/agent.py] [--openrlhf-old openrlhf/utils/remote_rm_utils.py]
        [--slime slime/rollout/rm_hub/__init__.py]
        [--verl verl/experimental/reward_loop/reward_loop.py] [--trl MODEL] [--only CLIENT]

The service has the reward model `length` (README beside this file), so that every expected score is the number of
characters of a response. Clients that install are used as packages: tritonclient, kserve, requests (for vLLM's documented
calls), TRL. Of the others the functions that speak HTTP are taken out of the files given, since the packages need CUDA;
nothing else of the files runs. An argument that is not given leaves its client out.

Prints one JSON line per client; exits 1 when one of them got something else.
"""

import argparse
import ast
import asyncio
import importlib.metadata
import json
import logging
import random
import subprocess
import sys
import time
import types

import requests

MODEL = "length"
PROMPT = "<|im_start|>user\nHow are you?<|im_end|>\n<|im_start|>assistant\n"
RESPONSES = ["Fine.", "Very well, thank you — and you?", "äöü 🙂"]
EXPECTED = [float(len(text)) for text in RESPONSES]


def functions_of(path, names):
    """The named functions of a source file, methods included, and nothing else of it."""
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    found = [node for node in ast.walk(tree) if getattr(node, "name", None) in names]
    namespace = {
        "asyncio": asyncio, "random": random, "requests": requests, "time": time, "logger": logging.getLogger(path),
        "DataProto": object, "Sample": object, "_shared_session": None,
    }
    if "aiohttp" in json.dumps([ast.dump(node) for node in found]):
        namespace["aiohttp"] = importlib.import_module("aiohttp")
    for node in found:
        node.decorator_list = []
    exec(compile(ast.Module(body=found, type_ignores=[]), path, "exec"), namespace)  # noqa: S102
    return types.SimpleNamespace(**{name: namespace[name] for name in names})


def openrlhf(args):
    """Two servers: the client sends the second one empty lists."""
    theirs = functions_of(args.openrlhf, ["_fetch_rewards_via_http"])
    url = f"http://{args.http}/models/{MODEL}/get_reward"
    executor = types.SimpleNamespace(reward_endpoints=[url])
    queries = [PROMPT + text + "<|im_end|>" for text in RESPONSES]
    prompts = [PROMPT] * len(queries)
    [batch] = asyncio.run(theirs._fetch_rewards_via_http(executor, queries, prompts, [""] * len(queries)))
    executor.reward_endpoints = [url, url]
    first, second = asyncio.run(theirs._fetch_rewards_via_http(executor, queries[:1], prompts[:1], [""]))
    return batch["rewards"], {"two_servers": [first["rewards"], second["rewards"]], "extra_logs": batch["extra_logs"]}


def openrlhf_old(args):
    """Before 0.9: one request for a batch."""
    theirs = functions_of(args.openrlhf_old, ["request_api_wrapper"])
    queries = [PROMPT + text + "<|im_end|>" for text in RESPONSES]
    data = {"query": queries, "prompts": [PROMPT] * len(queries), "labels": [None] * len(queries)}
    url = f"http://{args.http}/models/{MODEL}/get_reward"
    reply = theirs.request_api_wrapper(url, data)
    oldest = theirs.request_api_wrapper(url, {"query": queries})
    return reply["rewards"], {"queries_alone": oldest["rewards"], "extra_logs": reply["extra_logs"]}


def slime(args):
    theirs = functions_of(args.slime, ["remote_rm", "_get_shared_session"])
    sample = [types.SimpleNamespace(prompt=PROMPT, response=text, label=None) for text in RESPONSES]

    async def scores(query):
        settings = types.SimpleNamespace(rm_url=f"http://{args.http}/models/{MODEL}/rm{query}")
        got = await asyncio.gather(*(theirs.remote_rm(settings, one) for one in sample))
        await theirs.remote_rm.__globals__["_shared_session"].close()
        return got

    numbers = asyncio.run(scores(""))
    objects = asyncio.run(scores("?reply=object"))
    return numbers, {"reward_key_score": [one["score"] for one in objects], "epoch": objects[0]["provenance"]["epoch"]}


def verl(args):
    """The address is all that a user can give, so the model's path of the service is part of it."""
    theirs = functions_of(args.verl, ["_post_request", "compute_score_disrm"])
    names = types.SimpleNamespace
    model = names(rollout=names(name="vllm"), model_path="some/reward-model", model=names(path="some/reward-model"))

    async def score(text):
        worker = names(reward_router_address=f"{args.http}/models/{MODEL}", config=names(reward=names(reward_model=model), reward_model=model))

        async def rendered(_data):
            return PROMPT + text + "<|im_end|>\n"

        worker._preprocess_reward_inputs = rendered
        worker._post_request = lambda payload, endpoint: theirs._post_request(worker, payload, endpoint)
        return (await theirs.compute_score_disrm(worker, None))["reward_score"]

    async def all_scores():
        return await asyncio.gather(*(score(text) for text in RESPONSES))

    return asyncio.run(all_scores()), {}


def vllm(args):
    """As vLLM's documentation calls its own server."""
    classified = requests.post(f"http://{args.http}/classify", json={"model": MODEL, "input": RESPONSES}, timeout=60)
    classified.raise_for_status()
    data = {"model": MODEL, "queries": "How are you?", "documents": RESPONSES}
    scored = requests.post(f"http://{args.http}/v1/score", json=data, timeout=60)
    scored.raise_for_status()
    chat = [{"role": "user", "content": "How are you?"}, {"role": "assistant", "content": RESPONSES[0]}]
    chatted = requests.post(f"http://{args.http}/classify", json={"model": MODEL, "messages": chat}, timeout=60).json()
    pairs = [one["score"] for one in scored.json()["data"]]
    epoch = classified.headers["metaapo-reward-epoch"]
    probs = [one["probs"][-1] for one in classified.json()["data"]]
    return probs, {"v1_score": pairs, "messages": chatted["data"][-1]["probs"][-1], "epoch": epoch}


def triton(args):
    import numpy
    import tritonclient.grpc as grpcclient
    from tritonclient.utils import InferenceServerException

    client = grpcclient.InferenceServerClient(args.grpc)
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(MODEL)
    assert not client.is_model_ready("nobody") and not client.is_model_ready(MODEL, "999")
    metadata = client.get_model_metadata(MODEL)
    columns = {"prompt": ["How are you?"] * len(RESPONSES), "response": RESPONSES}
    inputs = []
    for name, texts in columns.items():
        tensor = grpcclient.InferInput(name, [len(texts)], "BYTES")
        inputs.append(tensor.set_data_from_numpy(numpy.array(texts, dtype=numpy.object_)))
    result = client.infer(MODEL, inputs, request_id="1", compression_algorithm="gzip")
    reply = result.get_response()
    inputs[1].set_data_from_numpy(numpy.array([RESPONSES[0], "", "x"], dtype=numpy.object_))
    outputs = [grpcclient.InferRequestedOutput(name) for name in ("score", "index", "status")]
    partial = client.infer(MODEL, inputs, outputs=outputs)
    try:
        client.infer(MODEL, inputs)
        refused = None
    except InferenceServerException as error:
        refused = error.status()
    found = {
        "server": client.get_server_metadata().name, "inputs": [one.name for one in metadata.inputs],
        "epoch": reply.parameters["epoch"].int64_param, "version": reply.model_version,
        "partial": [partial.as_numpy("score").tolist(), partial.as_numpy("index").tolist()],
        "empty_response": refused,
    }
    return result.as_numpy("score").tolist(), found


def kserve(args):
    sys.argv[1:] = []  # the package reads it when it is imported
    from kserve import InferenceGRPCClient, InferInput, InferRequest

    async def run():
        async with InferenceGRPCClient(url=args.grpc) as client:
            ready = [await client.is_server_live(), await client.is_server_ready(), await client.is_model_ready(MODEL)]
            inputs = [
                InferInput("prompt", [len(RESPONSES)], "BYTES", data=["How are you?"] * len(RESPONSES)),
                InferInput("response", [len(RESPONSES)], "BYTES", data=list(RESPONSES)),
            ]
            reply = await client.infer(InferRequest(model_name=MODEL, infer_inputs=inputs, request_id="1"))
            return reply.outputs[0].as_numpy().tolist(), {"ready": ready, "version": reply.model_version}

    return asyncio.run(run())


def trl(args):
    """One step of GRPO whose rewards come over HTTP; the guide's reward function."""
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    asked = []

    def reward(prompts, completions, **kwargs):
        items = [{"prompt": prompt, "responses": [text]} for prompt, text in zip(prompts, completions)]
        reply = requests.post(f"http://{args.http}/models/{MODEL}/annotate", json={"items": items}, timeout=60)
        reply.raise_for_status()
        scores = [item["scores"][0] for item in reply.json()["items"]]
        asked.append((completions, scores))
        return scores

    dataset = Dataset.from_dict({"prompt": ["The sky is", "The sun is"]})
    settings = GRPOConfig(
        output_dir=args.trl_out, max_steps=1, per_device_train_batch_size=4, num_generations=2, max_completion_length=8,
        report_to=[], use_cpu=True, save_strategy="no", bf16=False, disable_tqdm=True,
    )
    GRPOTrainer(model=args.trl, reward_funcs=reward, args=settings, train_dataset=dataset).train()
    texts, scores = asked[0]
    expected = [len(text) if text else None for text in texts]
    return (EXPECTED if scores == expected else scores), {"completions": len(texts), "rewards": scores}


CLIENTS = {
    "openrlhf": openrlhf, "openrlhf_old": openrlhf_old, "slime": slime, "verl": verl, "vllm": vllm, "triton": triton,
    "kserve": kserve, "trl": trl,
}
PACKAGES = {
    "openrlhf": "aiohttp", "openrlhf_old": "requests", "slime": "aiohttp", "verl": "aiohttp", "vllm": "requests",
    "triton": "tritonclient", "kserve": "kserve", "trl": "trl",
}


def run(name, args):
    try:
        scores, more = CLIENTS[name](args)
        ok = [float(score) for score in scores] == EXPECTED
    except Exception as error:  # noqa: BLE001 - told, and the next client is tried all the same
        scores, more, ok = None, {"error": f"{type(error).__name__}: {error}"}, False
    package = PACKAGES[name]
    try:
        more["with"] = f"{package} {importlib.metadata.version(package)}"
    except importlib.metadata.PackageNotFoundError:
        pass
    print(json.dumps({"client": name, "ok": ok, "scores": scores, **more}, ensure_ascii=False), flush=True)
    return ok


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--http", required=True)
    parser.add_argument("--grpc", required=True)
    for name in ("openrlhf", "openrlhf-old", "slime", "verl", "trl"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--trl-out", default="trl-out")
    parser.add_argument("--only", choices=CLIENTS)
    args = parser.parse_args()
    if args.only:
        sys.exit(0 if run(args.only, args) else 1)
    # Each in a process of its own: tritonclient and kserve register the same messages.
    names = [name for name in CLIENTS if getattr(args, name, "always") is not None]
    codes = [subprocess.run([sys.executable, *sys.argv, "--only", name], check=False).returncode for name in names]
    print(json.dumps({"python": sys.version.split()[0], "clients": len(names), "failed": sum(map(bool, codes))}))
    sys.exit(1 if any(codes) else 0)


if __name__ == "__main__":
    main()
