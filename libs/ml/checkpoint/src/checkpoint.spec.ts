import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, notEqual, ok, rejects, throws } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { f32Tensor, type F32Tensor } from '#core';
import { writeTensors } from '#ml/tensor';
import {
  modelTensors,
  openCheckpoint,
  parseModelConfig,
  readModelConfig,
  ropeInverseFrequencies,
  saveCheckpoint,
} from './index.js';
import { sharedFolder, skipWithout } from '../../../../test/support/shared-folder.js';

const CONFIG = {
  architectures: ['LlamaForCausalLM'],
  hidden_size: 8,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  num_hidden_layers: 1,
  intermediate_size: 12,
  vocab_size: 16,
  eos_token_id: 3,
  tie_word_embeddings: true,
  torch_dtype: 'float32',
};
const LLAMA3 = {
  rope_type: 'llama3',
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 64,
};
const GEMMA = (changes: object) => ({ architectures: ['Gemma3ForCausalLM'], num_key_value_heads: 1, ...changes });
const parse = (changes: object, generation = {}) =>
  parseModelConfig('m/config.json', { ...CONFIG, ...changes }, generation);

describe('config.json', () => {
  it('means the same in the layouts of transformers 4 and 5', () => {
    const four = parse({ rope_theta: 500, rope_scaling: null });
    const five = parse({ rope_parameters: { rope_theta: 500, rope_type: 'default' }, dtype: 'float32' });
    deepEqual(four, five);
    deepEqual(
      parse({ rope_theta: 500, rope_scaling: LLAMA3 }).rope,
      parse({ rope_parameters: { rope_theta: 500, ...LLAMA3 } }).rope,
    );
  });

  it("has transformers' defaults where it is silent", () => {
    const { num_key_value_heads: _, ...rest } = CONFIG;
    const config = parseModelConfig('m/config.json', { ...rest, tie_word_embeddings: null });
    deepEqual(
      [config.kvHeadCount, config.headDim, config.rmsNormEpsilon, config.tiedEmbeddings, config.rope],
      [2, 4, 1e-6, false, { kind: 'default', theta: 10_000 }],
    );
  });

  it('gives each family its own defaults, and null its own meaning', () => {
    const mistral = (changes: object) => parse({ architectures: ['MistralForCausalLM'], ...changes });
    deepEqual([mistral({}).slidingWindow, mistral({ sliding_window: null }).slidingWindow], [4096, null]);
    deepEqual(mistral({ num_key_value_heads: null }).kvHeadCount, 2);
    throws(() => mistral({ num_key_value_heads: undefined }), /a divisor of num_attention_heads \(2\), got 8/);
    deepEqual(parse({ architectures: ['Qwen3ForCausalLM'] }).headDim, 128);
    deepEqual(parse({ architectures: ['SmolLM3ForCausalLM'], eos_token_id: 3 }).rope.theta, 2_000_000);
  });

  it('says which layers slide and which rotate', () => {
    const layers = { num_hidden_layers: 4 };
    const gemma = parse(GEMMA({ ...layers, sliding_window: 8, sliding_window_pattern: 2 }));
    deepEqual(gemma.layerTypes, ['sliding', 'full', 'sliding', 'full']);
    deepEqual([gemma.slidingWindow, gemma.rope.theta, gemma.slidingRope.theta], [8, 1_000_000, 10_000]);
    const qwen = { architectures: ['Qwen2ForCausalLM'], ...layers, sliding_window: 8, max_window_layers: 3 };
    deepEqual(parse({ ...qwen, use_sliding_window: true }).layerTypes, ['full', 'full', 'full', 'sliding']);
    deepEqual(parse(qwen).slidingWindow, null);
    const smollm = { architectures: ['SmolLM3ForCausalLM'], ...layers };
    deepEqual(parse(smollm).rotaryLayers, [true, true, true, false]);
    deepEqual(parse({ ...smollm, no_rope_layers: [0, 1, 1, 0] }).rotaryLayers, [false, true, true, false]);
  });

  it('goes no further than rotary positions stay the same', () => {
    const phi = {
      architectures: ['Phi3ForCausalLM'],
      max_position_embeddings: 512,
      original_max_position_embeddings: 64,
      rope_scaling: { type: 'su', short_factor: [1, 2], long_factor: [3, 4] },
    };
    const { contextTokensMax, rope, rotaryDim } = parse(phi);
    deepEqual([contextTokensMax, rope.kind, rotaryDim], [64, 'longrope', 4]);
    throws(() => parse({ ...phi, rope_scaling: { ...phi.rope_scaling, short_factor: [1] } }), /a list of 2 numbers/);
  });

  it("takes generation's list of end tokens before the model's own", () => {
    deepEqual(parse({}).eosTokenIds, [3]);
    deepEqual(parse({}, { eos_token_id: [5, 3, 5] }).eosTokenIds, [5, 3]);
    throws(() => parse({ eos_token_id: null }), { code: 'MODEL_CONFIG_INVALID', message: /eos_token_id/ });
    throws(() => parse({ eos_token_id: 16 }), /ids below vocab_size \(16\)/);
  });

  it('knows that Qwen 2 has biases on q, k and v', () => {
    const names = (changes: object) => modelTensors(parse(changes)).map(({ name }) => name);
    ok(names({ architectures: ['Qwen2ForCausalLM'] }).includes('model.layers.0.self_attn.k_proj.bias'));
    ok(!names({}).some((name) => name.endsWith('.bias')));
    ok(!names({}).includes('lm_head.weight'));
    ok(names({ tie_word_embeddings: false }).includes('lm_head.weight'));
  });

  for (const [changes, code, pattern] of [
    [
      { architectures: ['GPT2LMHeadModel'] },
      'ARCHITECTURE_UNSUPPORTED',
      /GPT2LMHeadModel; supported: LlamaForCausalLM/,
    ],
    [{ architectures: [] }, 'MODEL_CONFIG_INVALID', /architectures/],
    [{ hidden_act: 'gelu' }, 'ACTIVATION_UNSUPPORTED', /gelu/],
    [{ rope_scaling: { type: 'linear' } }, 'MODEL_CONFIG_INVALID', /factor: expected a number above 0/],
    [{ rope_parameters: { rope_type: 'mrope' } }, 'ROPE_TYPE_UNSUPPORTED', /mrope; supported: default, linear/],
    [
      { architectures: ['Phi3ForCausalLM'], rope_scaling: { type: 'llama3', factor: 2 } },
      'ROPE_TYPE_UNSUPPORTED',
      /llama3; supported: default, longrope/,
    ],
    [
      { rope_parameters: { full_attention: { rope_type: 'default' } } },
      'MODEL_CONFIG_INVALID',
      /full_attention: expected one rope for all layers/,
    ],
    [GEMMA({ attn_logit_softcapping: 50 }), 'FEATURE_UNSUPPORTED', /attn_logit_softcapping: 50/],
    [GEMMA({ final_logit_softcapping: 30 }), 'FEATURE_UNSUPPORTED', /final_logit_softcapping: 30/],
    [GEMMA({ use_bidirectional_attention: true }), 'FEATURE_UNSUPPORTED', /use_bidirectional_attention/],
    [GEMMA({ hidden_activation: 'gelu' }), 'ACTIVATION_UNSUPPORTED', /gelu; supported: gelu_pytorch_tanh/],
    [GEMMA({ sliding_window: 1 }), 'MODEL_CONFIG_INVALID', /sliding_window: expected at least 2/],
    [{ partial_rotary_factor: 0.5 }, 'FEATURE_UNSUPPORTED', /partial_rotary_factor/],
    [{ attention_bias: true }, 'FEATURE_UNSUPPORTED', /attention_bias/],
    [{ mlp_bias: true }, 'FEATURE_UNSUPPORTED', /mlp_bias/],
    [{ quantization_config: { bits: 4 } }, 'FEATURE_UNSUPPORTED', /quantization_config/],
    [{ layer_types: ['sliding_attention'] }, 'FEATURE_UNSUPPORTED', /sliding_attention/],
    [
      { architectures: ['MistralForCausalLM'], layer_types: ['full_attention'] },
      'FEATURE_UNSUPPORTED',
      /layer_types with "full_attention" at layer 0; supported: sliding_attention/,
    ],
    [
      { architectures: ['Qwen2ForCausalLM'], layer_types: ['sliding_attention'] },
      'MODEL_CONFIG_INVALID',
      /sliding_window: expected at least 2, since layers slide/,
    ],
    [{ num_key_value_heads: 3 }, 'MODEL_CONFIG_INVALID', /a divisor of num_attention_heads \(2\), got 3/],
    [{ head_dim: 5 }, 'MODEL_CONFIG_INVALID', /head_dim: expected an even number, got 5/],
    [{ hidden_size: '8' }, 'MODEL_CONFIG_INVALID', /m\/config\.json: hidden_size: expected a whole number/],
    [
      { vocab_size: undefined },
      'MODEL_CONFIG_INVALID',
      /vocab_size: expected a whole number of at least 1, got nothing/,
    ],
  ] as const) {
    it(`is refused with ${code} for ${JSON.stringify(changes)}`, () => {
      throws(() => parse(changes), { code, message: pattern });
    });
  }
});

describe('rotary frequencies', () => {
  it('fall geometrically from 1', () => {
    const frequencies = ropeInverseFrequencies({ kind: 'default', theta: 10_000 }, 8);
    [1, 0.1, 0.01, 0.001].forEach((expected, j) => ok(Math.abs(frequencies[j]! - expected) < 1e-15));
  });

  it('of Llama 3 keep short waves, stretch long ones and blend between', () => {
    const rope = {
      kind: 'llama3',
      theta: 500,
      factor: 8,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalContextTokens: 64,
    } as const;
    const plain = ropeInverseFrequencies({ kind: 'default', theta: 500 }, 16);
    const scaled = ropeInverseFrequencies(rope, 16);
    const ratios = [...scaled].map((frequency, j) => frequency / plain[j]!);
    deepEqual([ratios[0], ratios[7]], [1, 1 / 8]);
    ok(
      ratios.some((ratio) => ratio > 0.13 && ratio < 0.99),
      ratios.join(),
    );
    ok(ratios.every((ratio, j) => j === 0 || ratio <= ratios[j - 1]!));
  });
});

describe('model folders', () => {
  let dir = '';
  before(() => (dir = mkdtempSync(join(tmpdir(), 'metaapo-checkpoint-'))));
  after(() => rmSync(dir, { recursive: true }));

  async function folder(
    name: string,
    change: (tensors: Map<string, F32Tensor>) => void = () => undefined,
  ): Promise<string> {
    const path = join(dir, name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'config.json'), JSON.stringify(CONFIG));
    const tensors = new Map(
      modelTensors(parse({})).map(({ name: tensor, dims }, n) => {
        const data = new Float32Array(dims.reduce((a, b) => a * b, 1)).map((_, i) => (n + i) / 64);
        return [tensor, f32Tensor(dims, data)];
      }),
    );
    change(tensors);
    await writeTensors(join(path, 'model.safetensors'), tensors);
    return path;
  }

  it('are named by their bytes, not by their place', async () => {
    const [a, b] = [await folder('a'), await folder('b')];
    const changed = await folder('c', (tensors) => (tensors.get('model.norm.weight')!.data[0] = 7));
    const digests = await Promise.all([a, b, changed].map(async (path) => (await openCheckpoint(path)).digest));
    equal(digests[0], digests[1]);
    notEqual(digests[0], digests[2]);
  });

  it('come back from saving as they were, in half the bytes where the values allow', async () => {
    const from = await folder('source');
    const { tensors } = await openCheckpoint(from);
    for (const dtype of ['f32', 'bf16'] as const) {
      const to = join(dir, `saved-${dtype}`);
      await saveCheckpoint({ from, to, tensors, dtype });
      deepEqual((await openCheckpoint(to)).tensors, tensors);
    }
  });

  it('may hold what carries nothing, but nothing that they do not explain', async () => {
    const scalar = () => f32Tensor([1], Float32Array.of(1));
    const harmless = await folder('harmless', (tensors) => {
      tensors.set('lm_head.weight', tensors.get('model.embed_tokens.weight')!);
      tensors.set('model.layers.0.self_attn.rotary_emb.inv_freq', scalar());
    });
    ok(!(await openCheckpoint(harmless)).tensors.has('lm_head.weight'));
    const odd = await folder('odd', (tensors) => tensors.set('model.layers.0.self_attn.q_norm.weight', scalar()));
    await rejects(openCheckpoint(odd), { code: 'TENSOR_UNEXPECTED', message: /q_norm/ });
  });

  it('are refused by name when a tensor is missing or misshapen', async () => {
    const missing = await folder('missing', (tensors) => tensors.delete('model.norm.weight'));
    await rejects(openCheckpoint(missing), { code: 'TENSOR_MISSING', message: /model\.norm\.weight/ });
    const misshapen = await folder('misshapen', (tensors) =>
      tensors.set('model.norm.weight', f32Tensor([2], new Float32Array(2))),
    );
    await rejects(openCheckpoint(misshapen), {
      code: 'TENSOR_SHAPE_MISMATCH',
      message: /expected shape \[8\], got \[2\]/,
    });
  });

  it('are told from what is none', async () => {
    const path = join(dir, 'model.bin');
    writeFileSync(path, 'PK......');
    await rejects(readModelConfig(path), { code: 'FEATURE_UNSUPPORTED', message: /no GGUF file/ });
    writeFileSync(path, 'GGUF....');
    await rejects(readModelConfig(path), { code: 'GGUF_UNSUPPORTED', message: /version/ });
    await rejects(readModelConfig(join(dir, 'nowhere')), { code: 'MODEL_CONFIG_MISSING' });
    await rejects(readModelConfig(dir), { code: 'MODEL_CONFIG_MISSING' });
    const empty = await folder('empty');
    rmSync(join(empty, 'model.safetensors'));
    await rejects(openCheckpoint(empty), { code: 'MODEL_CONFIG_INVALID', message: /has no weights/ });
    writeFileSync(join(empty, 'config.json'), '{');
    await rejects(readModelConfig(empty), { code: 'MODEL_CONFIG_INVALID', message: /not JSON/ });
  });

  it('of transformers open, in both layouts', { skip: skipWithout('golden') }, async () => {
    for (const [model, rope, tied] of [
      ['llama-tied', 'default', true],
      ['llama-rope3', 'llama3', false],
      ['qwen2', 'default', false],
    ] as const) {
      const { config } = await openCheckpoint(join(sharedFolder('golden'), 'models', model));
      deepEqual([config.rope.kind, config.tiedEmbeddings], [rope, tied], model);
    }
  });
});
