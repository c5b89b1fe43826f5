/** @file From the architecture of a config to the file that computes it. Reading a config refuses any other by name. */
import type { Architecture } from '#ml/checkpoint';
import type { DecoderModel } from './decoder-model.js';
import { llama } from './llama.js';
import { qwen2 } from './qwen2.js';

const models: { readonly [A in Architecture]: DecoderModel } = {
  LlamaForCausalLM: llama,
  Qwen2ForCausalLM: qwen2,
};

export function decoderModel(architecture: Architecture): DecoderModel {
  return models[architecture];
}
