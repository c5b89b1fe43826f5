import { describe, it } from 'node:test';
import { deepEqual } from 'node:assert/strict';
import { f32Tensor } from '#core';
import { interleaveRotaryRows, separateRotaryRows } from './rotary-rows.js';
import { ggufTensorName, huggingFaceTensorName, toGgufValues, toHuggingFaceValues } from './tensor-names.js';

describe('rows of q and k', () => {
  // Two heads of four rows, one column; the value is 10 × head + row.
  const huggingFace = f32Tensor([8, 1], Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13));
  const interleaved = f32Tensor([8, 1], Float32Array.of(0, 2, 1, 3, 10, 12, 11, 13));

  it('stand side by side in GGUF and half a head apart in Hugging Face', () => {
    deepEqual(interleaveRotaryRows(huggingFace, 2), interleaved);
    deepEqual(separateRotaryRows(interleaved, 2), huggingFace);
  });

  it('are reordered for the families whose files have them so, and for q and k alone', () => {
    const heads = { headCount: 2, kvHeadCount: 1 };
    const q = 'model.layers.0.self_attn.q_proj.weight';
    deepEqual(toGgufValues('llama', q, huggingFace, heads), interleaved);
    deepEqual(toHuggingFaceValues('smollm3', q, interleaved, heads), huggingFace);
    deepEqual(toGgufValues('qwen2', q, huggingFace, heads), huggingFace);
    deepEqual(toGgufValues('llama', 'model.layers.0.self_attn.v_proj.weight', huggingFace, heads), huggingFace);
  });

  it("of Gemma's norms are stored as one more", () => {
    const heads = { headCount: 1, kvHeadCount: 1 };
    const norm = f32Tensor([2], Float32Array.of(0.5, -1.25));
    const stored = toGgufValues('gemma3', 'model.norm.weight', norm, heads);
    deepEqual([...stored.data], [1.5, -0.25]);
    deepEqual(toHuggingFaceValues('gemma3', 'model.norm.weight', stored, heads), norm);
  });
});

describe('names', () => {
  it('are found both ways, and only where the family has such a tensor', () => {
    for (const [architecture, huggingFace, gguf] of [
      ['llama', 'model.embed_tokens.weight', 'token_embd.weight'],
      ['llama', 'lm_head.weight', 'output.weight'],
      ['llama', 'model.layers.11.post_attention_layernorm.weight', 'blk.11.ffn_norm.weight'],
      ['qwen2', 'model.layers.0.self_attn.k_proj.bias', 'blk.0.attn_k.bias'],
      ['qwen3', 'model.layers.0.self_attn.q_norm.weight', 'blk.0.attn_q_norm.weight'],
      ['gemma3', 'model.layers.3.post_attention_layernorm.weight', 'blk.3.post_attention_norm.weight'],
      ['gemma3', 'model.layers.3.pre_feedforward_layernorm.weight', 'blk.3.ffn_norm.weight'],
      ['olmo2', 'model.layers.3.post_feedforward_layernorm.weight', 'blk.3.post_ffw_norm.weight'],
      ['phi3', 'model.layers.0.mlp.gate_up_proj.weight', 'blk.0.ffn_up.weight'],
    ] as const) {
      deepEqual(ggufTensorName(architecture, huggingFace), gguf);
      deepEqual(huggingFaceTensorName(architecture, gguf), huggingFace);
    }
    deepEqual(huggingFaceTensorName('llama', 'blk.0.attn_q_norm.weight'), undefined);
    deepEqual(huggingFaceTensorName('llama', 'blk.0.constructor.weight'), undefined);
    deepEqual(ggufTensorName('olmo2', 'model.layers.0.input_layernorm.weight'), undefined);
  });
});
