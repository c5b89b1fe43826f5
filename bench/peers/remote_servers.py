"""Does the reward service's `remote` backend get from other people's servers what they answer, and name what goes wrong?

    python bench/peers/remote_servers.py [--node node] [--mlserver VENV/bin/python] [--kserve VENV/bin/python]
        [--openrlhf VENV/bin/python --openrlhf-source OPENRLHF_REPOSITORY --openrlhf-model FOLDER]

Starts each server that it is given a Python with, with a reward model of a few lines (`served/toy_reward.py`; OpenRLHF's with
a sequence classifier in FOLDER), starts the built reward service with reward models that point at it, and asks that over HTTP.
Scores must be exact; servers that fail, stop, give too few scores or are not what is configured must be named as such.

Needs nothing but the standard library itself. Prints one JSON line per check; exits 1 when one of them saw something else.
"""

import argparse
import json
import os
import pathlib
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
SERVED = HERE / "served"
sys.path.insert(0, str(SERVED))
from toy_reward import INPUTS, NAME, OUTPUTS, score  # noqa: E402

REWARD_SERVICE = HERE.parent.parent / "dist" / "apps" / "reward" / "src" / "main.js"
PROMPT = "How are you?"
RESPONSES = ["Fine.", "Very well, thank you — and you?", "äöü 🙂"]
STARTED_WITHIN_S = 180


class Program:
    """A process and all it starts; its lines as they come."""

    def __init__(self, command, env=None):
        merged = {**os.environ, **(env or {})}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self.process = subprocess.Popen(command, env=merged, text=True, start_new_session=True, **pipes)
        self.lines, self.said = queue.Queue(), []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.said.append(line)
            self.lines.put(line)
        self.lines.put(None)

    def line_with(self, text):
        """The next line that has the text."""
        deadline = time.monotonic() + STARTED_WITHIN_S
        while True:
            line = self.lines.get(timeout=max(0, deadline - time.monotonic()))
            if line is None:
                raise RuntimeError(f"ended without {text!r}: {''.join(self.said[-20:])}")
            if text in line:
                return line

    def signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listening(port, program):
    """Waits until somebody does."""
    deadline = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < deadline:
        if program.process.poll() is not None:
            raise RuntimeError(f"the server ended: {''.join(program.said[-20:])}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server does not listen: {''.join(program.said[-20:])}")


class RewardService:
    def __init__(self, node, models):
        env = {
            "REWARD_MODELS": json.dumps(models), "REWARD_ADDRESS": "127.0.0.1:0", "REWARD_ADMIN_ADDRESS": "127.0.0.1:0",
            "REWARD_HTTP_ADDRESS": "127.0.0.1:0",
        }
        self.program = Program([node, str(REWARD_SERVICE)], env)

    def __enter__(self):
        ready = json.loads(self.program.line_with('"event":"ready"'))
        self.http = f"http://{ready['http_address']}"
        return self

    def __exit__(self, *_):
        self.program.kill()

    def annotate(self, model, responses, prompt=PROMPT):
        """Scores, and codes with messages where there is none."""
        body = {"items": [{"prompt": prompt, "responses": responses}]}
        item = posted(f"{self.http}/models/{model}/annotate", body)["items"][0]
        return [
            number if error is None else f"{error['code']}: {error['message']}"
            for number, error in zip(item["scores"], item["errors"])
        ]


def refusal(node, spec):
    """What a reward service says that does not start with this model."""
    program = RewardService(node, {"model": spec}).program
    try:
        code = program.process.wait(STARTED_WITHIN_S)
    finally:
        program.kill()
    while program.lines.get() is not None:
        pass
    return f"exit {code}: {''.join(program.said)}"


def posted(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=STARTED_WITHIN_S) as reply:
        return json.load(reply)


class Checks:
    def __init__(self, server):
        self.server, self.failed, self.count = server, 0, 0

    def equal(self, what, got, expected, **more):
        self._tell(what, got == expected, got=got[:3], **more)

    def named(self, what, outcomes, *parts):
        """Each outcome has all of the parts."""
        outcomes = [outcomes] if isinstance(outcomes, str) else outcomes
        told = all(isinstance(one, str) and all(part in one for part in parts) for one in outcomes)
        found = next((line for line in str(outcomes[0]).splitlines() if parts[0] in line), str(outcomes[0]))
        self._tell(what, told, got=found[:400])

    def _tell(self, what, ok, **more):
        self.count += 1
        self.failed += not ok
        print(json.dumps({"server": self.server, "check": what, "ok": ok, **more}, ensure_ascii=False), flush=True)


class Server:
    """A server that can be started again where it was."""

    def __init__(self, start, port):
        self.start, self.port = start, port
        self.program = None

    def up(self):
        self.program = self.start()
        listening(self.port, self.program)

    def down(self):
        if self.program:
            self.program.kill()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.down()

    def ends_while(self, ask, begun):
        """What `ask` gets when the server is killed after `begun`."""
        got = queue.Queue()
        threading.Thread(target=lambda: got.put(outcome(ask)), daemon=True).start()
        begun()
        self.down()
        return got.get(timeout=STARTED_WITHIN_S)


def outcome(ask):
    try:
        return ask()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def numbers(kind):
    exact = [score(PROMPT, text) for text in RESPONSES]
    return exact if kind.startswith("FP") else [float(int(number)) for number in exact]


def inference_server(checks, node, server, address, *, described, half):
    """A server of the Open Inference Protocol. `described`: its metadata has tensors; `half`: it can answer in FP16."""
    oip = {"backend": "remote", "protocol": "oip", "address": address, "model": NAME, "backoff_ms": 400}
    kinds = {output: kind for output, kind in OUTPUTS.items() if kind != "BYTES"}
    models = {output: {**oip, "output": output} for output in kinds}
    models["hasty"] = {**oip, "timeout_ms": 1500, "attempts": 1}
    models["once"] = {**oip, "attempts": 1}
    if not described:
        models["misnamed"], models["worded"] = {**oip, "output": "logits"}, {**oip, "output": "label"}
    with RewardService(node, models) as rewards:
        for output, kind in kinds.items():
            got = rewards.annotate(output, RESPONSES)
            if kind == "FP16" and not half:
                checks.named("FP16", got, "REWARD_REMOTE_FAILED", "INTERNAL")
            else:
                checks.equal(kind, got, numbers(kind))
        many = [f"{'x' * (number % 50)}." for number in range(100)]
        checks.equal("100 responses in batches", rewards.annotate("score", many), [score(PROMPT, text) for text in many])
        failed = rewards.annotate("once", ["Fine.", "#fail"])
        checks.named("a model that raises", failed, "REWARD_REMOTE_FAILED")
        few = rewards.annotate("score", ["Fine.", "#few"])
        checks.named("fewer scores than asked", few, "REWARD_REMOTE_REPLY_INVALID", "expected 2 scores", "got 1")
        checks.named("NaN", rewards.annotate("score", ["#nan"]), "REWARD_NOT_FINITE")
        checks.named("silence", rewards.annotate("hasty", ["#hang"]), "REWARD_REMOTE_TIMEOUT", "1500 ms")
        if described:
            for output, reason in (("logits", "output logits"), ("label", "label BYTES")):
                checks.named(f"the output {output}", refusal(node, {**oip, "output": output}), "REWARD_MODEL_BROKEN", reason)
            inputs = refusal(node, {**oip, "prompt_input": "question"})
            checks.named("another input", inputs, "REWARD_MODEL_BROKEN", "inputs question, response")
        else:
            for model, reason in (("misnamed", "output logits, got"), ("worded", "got BYTES")):
                checks.named(reason, rewards.annotate(model, RESPONSES), "REWARD_REMOTE_REPLY_INVALID", reason)
        checks.named("no such model", refusal(node, {**oip, "model": "nobody"}), "REWARD_MODEL_BROKEN", "nobody")
        never = {**oip, "model": "never", "attempts": 1}
        checks.named("a model not ready at the start", refusal(node, never), "REWARD_MODEL_BROKEN", "REWARD_REMOTE_NOT_READY")
        if described:
            rewards.annotate("score", ["#unready 1"])
            checks.equal("not ready for a second", rewards.annotate("score", RESPONSES), numbers("FP64"))
            rewards.annotate("score", ["#unready 600"])
            checks.named("not ready for long", rewards.annotate("score", RESPONSES), "REWARD_REMOTE_NOT_READY")
        else:
            rewards.annotate("score", ["#unready 600"])
            checks.equal("not ready, and infers all the same", rewards.annotate("score", RESPONSES), numbers("FP64"))
        server.down()
        server.up()
        checks.equal("after a restart", rewards.annotate("score", RESPONSES), numbers("FP64"))
        killed = server.ends_while(
            lambda: rewards.annotate("once", ["#hang", "#hang"]), lambda: server.program.line_with("hangs")
        )
        checks.named("killed in mid call", killed, "REWARD_REMOTE_UNREACHABLE")
        checks.named("while it is away", rewards.annotate("once", RESPONSES), "REWARD_REMOTE_UNREACHABLE")
        server.up()
        checks.equal("and back", rewards.annotate("score", RESPONSES), numbers("FP64"))


def mlserver(checks, args, folder):
    grpc, http, metrics = free_port(), free_port(), free_port()
    settings = {
        "host": "127.0.0.1", "grpc_port": grpc, "http_port": http, "metrics_port": metrics, "parallel_workers": 0,
        "metrics_dir": folder,
    }
    inputs = [{"name": name, "datatype": "BYTES", "shape": [-1]} for name in INPUTS]
    outputs = [{"name": name, "datatype": kind, "shape": [-1]} for name, kind in OUTPUTS.items()]
    pathlib.Path(folder, "settings.json").write_text(json.dumps(settings))
    for name in (NAME, "never"):
        model = pathlib.Path(folder, name)
        model.mkdir()
        described = {"name": name, "implementation": "mlserver_model.ToyReward", "inputs": inputs, "outputs": outputs}
        (model / "model-settings.json").write_text(json.dumps(described))
    program = [str(pathlib.Path(args.mlserver).parent / "mlserver"), "start", folder]
    with Server(lambda: Program(program, {"PYTHONPATH": str(SERVED), "PYTHONUNBUFFERED": "1"}), grpc) as server:
        server.up()
        inference_server(checks, args.node, server, f"127.0.0.1:{grpc}", described=True, half=False)


def kserve(checks, args, _folder):
    grpc, http = free_port(), free_port()
    program = [args.kserve, str(SERVED / "kserve_model.py"), "--grpc_port", str(grpc), "--http_port", str(http)]
    with Server(lambda: Program(program, {"PYTHONUNBUFFERED": "1"}), grpc) as server:
        server.up()
        inference_server(checks, args.node, server, f"127.0.0.1:{grpc}", described=False, half=True)


def openrlhf(checks, args, _folder):
    port = free_port()
    program = [
        args.openrlhf, str(SERVED / "openrlhf_server.py"), args.openrlhf_source,
        "--reward.model_name_or_path", args.openrlhf_model, "--ds.attn_implementation", "eager",
        "--host", "127.0.0.1", "--port", str(port), "--data.max_len", "512",
    ]
    url = f"http://127.0.0.1:{port}/get_reward"
    remote = {"backend": "remote", "protocol": "openrlhf", "url": url, "template": "concatenate", "backoff_ms": 100}
    models = {"model": remote, "once": {**remote, "attempts": 1}, "hasty": {**remote, "attempts": 1, "timeout_ms": 1000}}
    models["wrong"] = {**remote, "url": url.replace("get_reward", "score")}
    with Server(lambda: Program(program, {"PYTHONUNBUFFERED": "1"}), port) as server:
        server.up()
        with RewardService(args.node, models) as rewards:
            texts = [f"{PROMPT}{text}" for text in RESPONSES]
            expected = posted(url, {"query": texts, "prompts": [PROMPT] * 3, "labels": [None] * 3})["rewards"]
            distinct = len(set(expected)) == len(expected)
            checks.equal("scores as it gives them to its own", rewards.annotate("model", RESPONSES), expected, distinct=distinct)
            checks.named("another path", rewards.annotate("wrong", RESPONSES), "REWARD_REMOTE_REFUSED", "404")
            server.program.signal(signal.SIGSTOP)
            checks.named("silence", rewards.annotate("hasty", RESPONSES), "REWARD_REMOTE_TIMEOUT")
            killed = server.ends_while(lambda: rewards.annotate("once", RESPONSES), lambda: time.sleep(1))
            checks.named("killed in mid call", killed, "REWARD_REMOTE_UNREACHABLE")
            server.up()
            checks.equal("and back", rewards.annotate("model", RESPONSES), expected)


SERVERS = {"mlserver": mlserver, "kserve": kserve, "openrlhf": openrlhf}


def version_of(python, package):
    asked = f"import importlib.metadata as m; print(m.version({package!r}))"
    found = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=False)
    return found.stdout.strip() or "from source"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--node", default="node")
    for name in (*SERVERS, "openrlhf-source", "openrlhf-model"):
        parser.add_argument(f"--{name}")
    args = parser.parse_args()
    named = [name for name in SERVERS if getattr(args, name)]
    results = []
    for name in named:
        checks = Checks(f"{name} {version_of(getattr(args, name), name)}")
        with tempfile.TemporaryDirectory() as folder:
            SERVERS[name](checks, args, folder)
        results.append(checks)
    failed = sum(checks.failed for checks in results)
    count = sum(checks.count for checks in results)
    print(json.dumps({"python": sys.version.split()[0], "servers": len(named), "checks": count, "failed": failed}))
    sys.exit(1 if failed or not results else 0)


if __name__ == "__main__":
    main()
