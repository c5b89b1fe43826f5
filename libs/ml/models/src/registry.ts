/** @file From the architecture of a config to the file that computes it. Reading a config refuses any other by name. */
import type { Architecture } from '#ml/checkpoint';
import { decoderOf, type DecoderModel } from './decoder-model.js';
import type { Family } from './family.js';
import { gemma3 } from './gemma3.js';
import { llama } from './llama.js';
import { mistral } from './mistral.js';
import { olmo2 } from './olmo2.js';
import { phi3 } from './phi3.js';
import { qwen2 } from './qwen2.js';
import { qwen3 } from './qwen3.js';
import { smollm3 } from './smollm3.js';

const families: { readonly [A in Architecture]: Family } = {
  LlamaForCausalLM: llama,
  MistralForCausalLM: mistral,
  Qwen2ForCausalLM: qwen2,
  Qwen3ForCausalLM: qwen3,
  Gemma3ForCausalLM: gemma3,
  SmolLM3ForCausalLM: smollm3,
  Olmo2ForCausalLM: olmo2,
  Phi3ForCausalLM: phi3,
};

export function decoderModel(architecture: Architecture): DecoderModel {
  return decoderOf(families[architecture]);
}
