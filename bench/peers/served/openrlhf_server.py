"""Runs OpenRLHF's own reward server on a CPU, as it stands.

    python openrlhf_server.py OPENRLHF_REPOSITORY [arguments of openrlhf/cli/serve_rm.py]

Its packages import FlashAttention, which installs only with CUDA's compiler and is not used where another attention is asked
for: modules of its names stand in, which have nothing. Everything else is the real thing, model included.
"""

import importlib.machinery
import os
import runpy
import sys
import types


class Nothing(types.ModuleType):
    """Gives what is imported from it, and fails when that is used."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)

        def absent(*_args, **_kwargs):
            raise RuntimeError(f"{self.__name__}.{name} is not installed")

        return absent


def stand_in(*names):
    # What asks whether they are installed has asked by then.
    import deepspeed  # noqa: F401
    import peft  # noqa: F401
    import transformers.integrations.deepspeed  # noqa: F401

    for name in names:
        module = Nothing(name)
        module.__spec__ = importlib.machinery.ModuleSpec(name, None)
        sys.modules[name] = module


if __name__ == "__main__":
    repository, *arguments = sys.argv[1:]
    sys.path.insert(0, repository)
    stand_in("flash_attn", "flash_attn.bert_padding", "flash_attn.utils", "flash_attn.utils.distributed")
    server = os.path.join(repository, "openrlhf", "cli", "serve_rm.py")
    sys.argv = [server, *arguments]
    runpy.run_path(server, run_name="__main__")
