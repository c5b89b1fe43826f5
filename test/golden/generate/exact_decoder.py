"""A float64 decoder for the families and rope types that goldenlib's own does not know.

As there, it shares no code with transformers: it is a second opinion on every golden value, and the measure of the
rounding error of the float32 goldens.
"""

import math

import torch
import torch.nn.functional as F
from goldenlib import reference


def yarn(inv: torch.Tensor, dim: int, rope: dict) -> torch.Tensor:
    theta, length = float(rope["rope_theta"]), rope["original_max_position_embeddings"]

    def pair(turns: float) -> float:
        return dim * math.log(length / (turns * 2 * math.pi)) / (2 * math.log(theta))

    low = max(math.floor(pair(rope.get("beta_fast") or 32)), 0)
    high = min(math.ceil(pair(rope.get("beta_slow") or 1)), dim - 1)
    ramp = ((torch.arange(dim // 2, dtype=torch.float64) - low) / ((high - low) or 0.001)).clamp(0, 1)
    return inv / rope["factor"] * ramp + inv * (1 - ramp)


def frequencies(dim: int, rope: dict, context: int) -> tuple[torch.Tensor, float]:
    """Inverse frequencies, and the factor on cosines and sines."""
    inv = float(rope["rope_theta"]) ** (-torch.arange(0, dim, 2, dtype=torch.float64) / dim)
    kind = rope.get("rope_type", "default")
    if kind == "dynamic":
        return inv, 1.0  # within the context
    if kind == "yarn":
        return yarn(inv, dim, rope), 0.1 * math.log(rope["factor"]) + 1
    if kind == "longrope":
        original = rope["original_max_position_embeddings"]
        factor = math.sqrt(1 + math.log(context / original) / math.log(original))
        return inv / torch.tensor(rope["short_factor"], dtype=torch.float64), factor
    return reference.inverse_frequencies(dim, rope), 1.0


class Decoder(reference.Decoder):
    def __init__(self, config):
        rope = config.rope_parameters
        plain = {"rope_type": "default", "rope_theta": 10000.0}
        config.rope_parameters, stated = plain if "rope_theta" in rope else rope, rope
        super().__init__(config)
        config.rope_parameters = stated
        if self.kind in ("mistral", "phi3") and self.window:
            self.types = ["sliding_attention"] * self.layers
        share = stated.get("partial_rotary_factor") or 1.0
        self.rotary = int(self.head_dim * share)
        self.tables = {
            kind: frequencies(self.rotary, stated if "rope_theta" in stated else stated[kind], config.max_position_embeddings)
            for kind in set(self.types)
        }

    def turn(self, x, positions, kind):
        inverse, factor = self.tables[kind]
        angle = positions[:, None, :, None].double() * inverse
        turned = reference.rotate(x[..., : self.rotary], angle.cos() * factor, angle.sin() * factor)
        return torch.cat([turned, x[..., self.rotary :]], dim=-1)

    def attention(self, p, at, y, i, context):
        def linear(name, value):
            return F.linear(value, p[f"{at}{name}.weight"], p.get(f"{at}{name}.bias"))

        batch, length, _ = y.shape
        widths = [self.heads * self.head_dim, *[self.kv_heads * self.head_dim] * 2]
        if at + "self_attn.qkv_proj.weight" in p:
            parts = linear("self_attn.qkv_proj", y).split(widths, -1)
        else:
            parts = [linear(f"self_attn.{name}_proj", y) for name in "qkv"]
        norms = [p.get(f"{at}self_attn.{name}_norm.weight") for name in "qk"]
        if norms[0] is not None and norms[0].numel() != self.head_dim:
            parts = [self.norm(parts[0], norms[0]), self.norm(parts[1], norms[1]), parts[2]]
            norms = [None, None]
        q, k, v = [part.view(batch, length, -1, self.head_dim).transpose(1, 2) for part in parts]
        if norms[0] is not None:
            q, k = self.norm(q, norms[0]), self.norm(k, norms[1])
        kind = self.types[i]
        if self.use_rope[i]:
            q, k = self.turn(q, context["positions"], kind), self.turn(k, context["positions"], kind)
        group = self.heads // self.kv_heads
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        scores = (q @ k.transpose(-1, -2) * self.scaling).masked_fill(~context["masks"][kind], -math.inf)
        return linear("self_attn.o_proj", (scores.softmax(-1) @ v).transpose(1, 2).flatten(2))

    def mlp(self, p, at, y):
        if at + "mlp.gate_up_proj.weight" in p:
            gate, up = F.linear(y, p[at + "mlp.gate_up_proj.weight"]).chunk(2, -1)
        else:
            gate, up = F.linear(y, p[at + "mlp.gate_proj.weight"]), F.linear(y, p[at + "mlp.up_proj.weight"])
        return F.linear(self.act(gate) * up, p[at + "mlp.down_proj.weight"])

    def hidden_states(self, p, input_ids, attention_mask, position_ids=None):
        if position_ids is None:
            position_ids = (attention_mask.cumsum(-1) - 1).clamp_min(0)
        context = {"positions": position_ids, "masks": self.masks(attention_mask)}
        x = F.embedding(input_ids, p["model.embed_tokens.weight"]) * (math.sqrt(self.hidden) if self.gemma else 1)
        for i in range(self.layers):
            at = f"model.layers.{i}."

            def norm(name, value, at=at):
                weight = p.get(f"{at}{name}.weight")
                return value if weight is None else self.norm(value, weight)

            y = self.attention(p, at, norm("input_layernorm", x), i, context)
            if self.gemma or self.kind == "olmo2":
                x = x + norm("post_attention_layernorm", y)
                x = x + norm("post_feedforward_layernorm", self.mlp(p, at, norm("pre_feedforward_layernorm", x)))
            else:
                x = x + y
                x = x + self.mlp(p, at, norm("post_attention_layernorm", x))
        return self.norm(x, p["model.norm.weight"])
