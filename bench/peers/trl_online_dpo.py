"""One step of TRL's Online DPO: two samples per prompt, a reward function, the DPO loss of their pair, AdamW.

Settings that make it faster than its defaults and change nothing else: no gradient checkpointing (which would also switch
the key/value cache off while sampling) and float32 instead of bf16, which this trainer would otherwise use everywhere.
vLLM, the other way it can sample, is for GPUs. The trainer runs in a thread of its own and waits before each step.
"""

import os
import queue
import threading
import time

os.environ["TRL_EXPERIMENTAL_SILENCE"] = "1"

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import TrainerCallback
from trl.experimental.online_dpo import OnlineDPOConfig, OnlineDPOTrainer

from conversation import answer, job, load_model, load_tokenizer, use_threads

JOB = job()
use_threads(JOB["threads"])

PROMPTS = JOB["texts"]
STEPS_MAX = 1000


def length_of_text(completions, **_):
    return [float(len(completion)) for completion in completions]


class Turns(TrainerCallback):
    """Holds the trainer before each step until it is asked for one."""

    def __init__(self):
        self.asked = queue.Queue()
        self.done = queue.Queue()
        self.start = None

    def on_step_begin(self, *_args, **_kwargs):
        self.asked.get()
        self.start = time.perf_counter()

    def on_step_end(self, *_args, **_kwargs):
        self.done.put(time.perf_counter() - self.start)


class Training:
    def __init__(self, **settings):
        lora = JOB["lora"]
        self.turns = Turns()
        tokenizer = load_tokenizer(JOB["model"])
        model = load_model(JOB["model"], torch.float32)
        # No end token: every sample goes to its full length, as everyone's here.
        arguments = OnlineDPOConfig(
            output_dir=os.path.join(JOB["folder"], "trl"),
            per_device_train_batch_size=len(PROMPTS),
            max_steps=STEPS_MAX,
            max_new_tokens=JOB["newTokens"],
            max_length=512,
            temperature=1.0,
            beta=[JOB["beta"]],
            learning_rate=JOB["learningRate"],
            max_grad_norm=JOB["clip"],
            generation_kwargs={"min_new_tokens": JOB["newTokens"]},
            use_cpu=True,
            bf16=False,
            fp16=False,
            report_to=[],
            save_strategy="no",
            logging_strategy="no",
            disable_tqdm=True,
            dataloader_num_workers=0,
            **settings,
        )
        self.trainer = OnlineDPOTrainer(
            model=model,
            reward_funcs=length_of_text,
            args=arguments,
            train_dataset=Dataset.from_list([{"prompt": text} for text in PROMPTS] * 4),
            processing_class=tokenizer,
            peft_config=LoraConfig(
                r=lora["rank"], lora_alpha=lora["alpha"], target_modules=list(lora["targetModules"]), task_type="CAUSAL_LM"
            ),
            callbacks=[self.turns],
        )
        threading.Thread(target=self.train, daemon=True).start()

    def train(self):
        try:
            self.trainer.train()
        except Exception as error:
            self.turns.done.put(error)

    def __call__(self):
        self.turns.asked.put(True)
        outcome = self.turns.done.get()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome / len(PROMPTS)


def way(**settings):
    training = None

    def run():
        nonlocal training
        if training is None:
            training = Training(**settings)
        return training()

    return run


answer(
    {"TRL Online DPO, K = 2": way(gradient_checkpointing=False)},
    ["torch", "transformers", "peft", "trl"],
)
