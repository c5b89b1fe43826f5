import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf, f32Tensor } from '#core';
import { readF32Tensors } from '#ml/tensor';
import {
  ADAPTER_WEIGHTS_FILE,
  adapterDigest,
  initialLora,
  loraName,
  loraTargets,
  readPeftFolder,
  resolveLora,
  shapesOf,
  writePeftFolder,
  type BaseShapes,
  type LoraSpec,
} from './index.js';

const BASE: BaseShapes = new Map<string, readonly number[]>([
  ['model.embed_tokens.weight', [6, 4]],
  ...[0, 1, 2].flatMap((layer): [string, readonly number[]][] => [
    [`model.layers.${layer}.self_attn.q_proj.weight`, [4, 4]],
    [`model.layers.${layer}.self_attn.q_proj.bias`, [4]],
    [`model.layers.${layer}.mlp.down_proj.weight`, [4, 5]],
  ]),
  ['model.norm.weight', [4]],
  ['lm_head.weight', [6, 4]],
]);
const SPEC: LoraSpec = {
  kind: 'lora',
  rank: 2,
  alpha: 8,
  rankStabilized: false,
  targetModules: ['down_proj', 'q_proj'],
};
const fresh = (changes: Partial<LoraSpec> = {}) => initialLora({ spec: { ...SPEC, ...changes }, base: BASE, seed: 1 });

describe('PEFT folders', () => {
  let dir = '';
  before(() => (dir = mkdtempSync(join(tmpdir(), 'metaapo-adapters-'))));
  after(() => rmSync(dir, { recursive: true }));
  const written = async (spec: Partial<LoraSpec> = {}, config: Readonly<Record<string, unknown>> = {}) => {
    const adapter = fresh(spec);
    await writePeftFolder(dir, adapter, { baseModel: 'org/model' });
    const path = join(dir, 'adapter_config.json');
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...config }));
    return adapter;
  };

  for (const spec of [
    {},
    { rankStabilized: true },
    { targetModules: ['model.layers.0.self_attn.q_proj', 'model.layers.2.mlp.down_proj'] },
    { rankByModule: { down_proj: 5 }, alphaByModule: { 'model.layers.1.self_attn.q_proj': 3.5 } },
  ]) {
    it(`come back as they were written: ${JSON.stringify(spec)}`, async () => {
      const adapter = await written(spec);
      equal(adapterDigest(await readPeftFolder(dir, BASE)), adapterDigest(adapter));
    });
  }

  it('may give the target modules as a pattern, and more than the model has', async () => {
    const adapter = await written();
    for (const target_modules of ['.*_proj', ['q_proj', 'down_proj', 'w_pack'], 'all-linear']) {
      await written({}, { target_modules });
      equal(adapterDigest(await readPeftFolder(dir, BASE)), adapterDigest(adapter));
    }
  });

  for (const [config, code, message] of [
    [{ peft_type: 'IA3' }, 'FEATURE_UNSUPPORTED', /IA3/],
    [{ use_dora: true }, 'FEATURE_UNSUPPORTED', /use_dora/],
    [{ init_lora_weights: 'pissa' }, 'FEATURE_UNSUPPORTED', /pissa/],
    [{ bias: 'all' }, 'FEATURE_UNSUPPORTED', /bias/],
    [{ modules_to_save: ['lm_head'] }, 'FEATURE_UNSUPPORTED', /modules_to_save/],
    [{ layer_replication: [[0, 1]] }, 'FEATURE_UNSUPPORTED', /layer_replication/],
    [{ use_next_years_idea: true }, 'FEATURE_UNSUPPORTED', /use_next_years_idea/],
    [{ rank_pattern: { q_proj: 8 } }, 'TENSOR_SHAPE_MISMATCH', /q_proj/],
    [{ rank_pattern: { q_proj: 0 } }, 'ADAPTER_INVALID', /rank of q_proj: .* 1 to 1024, got 0/],
    [{ rank_pattern: { '(q_proj': 2 } }, 'ADAPTER_INVALID', /rank_pattern/],
    [{ layers_to_transform: [0] }, 'ADAPTER_INVALID', /belongs to no target/],
    [{ target_modules: ['q_proj'] }, 'ADAPTER_INVALID', /belongs to no target/],
    [{ target_modules: null }, 'ADAPTER_INVALID', /target_modules is missing/],
    [{ target_modules: 'model' }, 'ADAPTER_INVALID', /model, which is no linear layer/],
    [{ r: 3 }, 'TENSOR_SHAPE_MISMATCH', /lora_/],
    [{ r: 0 }, 'ADAPTER_INVALID', /rank: expected a whole number from 1 to 1024, got 0/],
    [{ r: '2', lora_alpha: null }, 'ADAPTER_INVALID', /r: expected a number, got "2"; lora_alpha is missing/],
    [{ lora_alpha: 0 }, 'ADAPTER_INVALID', /alpha/],
  ] as const) {
    it(`are refused with ${code} for ${JSON.stringify(config)}`, async () => {
      await written({}, config);
      await rejects(readPeftFolder(dir, BASE), { code, message });
    });
  }

  it('are refused where they are for another base', async () => {
    const [trainedOn, other] = [digestOf('one'), digestOf('another')];
    await writePeftFolder(dir, fresh(), { baseModel: 'org/model', baseDigest: trainedOn });
    ok(await readPeftFolder(dir, BASE, { baseDigest: trainedOn }));
    await rejects(readPeftFolder(dir, BASE, { baseDigest: other }), { code: 'ADAPTER_BASE_MISMATCH' });
    const wider = new Map([...BASE].map(([name, dims]) => [name, dims.map((size) => size + 1)]));
    await rejects(readPeftFolder(dir, wider), { code: 'TENSOR_SHAPE_MISMATCH' });
  });

  it('are refused with a number that is none, and with tensors that are no factors', async () => {
    const adapter = fresh();
    const name = loraName('model.layers.0.self_attn.q_proj.weight', 'A');
    adapter.tensors.get(name)!.data[1] = Number.NaN;
    await writePeftFolder(dir, adapter, { baseModel: 'org/model' });
    await rejects(readPeftFolder(dir, BASE), { code: 'ADAPTER_INVALID', message: /holds NaN at element 1/ });
    const magnitude = 'base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector';
    const tensors = new Map([...fresh().tensors, [magnitude, f32Tensor([4], new Float32Array(4))]]);
    await writePeftFolder(dir, { spec: SPEC, tensors }, { baseModel: 'org/model' });
    await rejects(readPeftFolder(dir, BASE), { code: 'ADAPTER_INVALID', message: /lora_magnitude_vector/ });
  });

  it('are missed by name, and hold no full adapter', async () => {
    await rejects(readPeftFolder(join(dir, 'nowhere'), BASE), {
      code: 'ADAPTER_INVALID',
      message: /adapter_config\.json/,
    });
    const full = { spec: { kind: 'full' }, tensors: new Map() } as const;
    await rejects(writePeftFolder(dir, full, { baseModel: 'x' }), { code: 'ADAPTER_INVALID' });
  });
});

describe('target modules by the rules of PEFT', () => {
  const rules = { rank: 2, alpha: 8, rankStabilized: false };
  const targets = (targetModules: string | string[], more: object = {}, isStrict = true) =>
    resolveLora({ ...rules, targetModules, ...more }, BASE, { where: 'test', isStrict });

  for (const [targetModules, more, expected] of [
    [['q_proj'], {}, ['q_proj']],
    [['self_attn.q_proj'], {}, ['q_proj']],
    [['model.layers.1.mlp.down_proj'], {}, ['model.layers.1.mlp.down_proj']],
    ['all-linear', {}, ['down_proj', 'q_proj']],
    ['ALL-Linear', {}, ['down_proj', 'q_proj']],
    [String.raw`.*\.(?:0|2)\.mlp\.down_proj`, {}, ['model.layers.0.mlp.down_proj', 'model.layers.2.mlp.down_proj']],
    [String.raw`(?i)MODEL\..*(?P<which>Q)_proj`, {}, ['q_proj']],
    [String.raw`\A.*[]q]_proj\Z`, {}, ['q_proj']],
    ['all-linear', { excludeModules: ['q_proj'] }, ['down_proj']],
    [
      'all-linear',
      { excludeModules: '.*0.*' },
      [1, 2].flatMap((n) => [`model.layers.${n}.mlp.down_proj`, `model.layers.${n}.self_attn.q_proj`]),
    ],
    [['q_proj'], { layersToTransform: [1] }, ['model.layers.1.self_attn.q_proj']],
    [['q_proj'], { layersToTransform: [1], layersPattern: ['blocks', 'layers'] }, ['model.layers.1.self_attn.q_proj']],
  ] as const) {
    it(`${JSON.stringify(targetModules)} with ${JSON.stringify(more)}`, () => {
      deepEqual(targets(targetModules as string | string[], more).targetModules, [...expected].sort());
    });
  }

  it('take ranks and alphas from the first pattern that fits the end of a name', () => {
    const spec = targets('all-linear', {
      rankPattern: { 'model.layers.1.mlp.down_proj': 7, down_proj: 3 },
      alphaPattern: { '.*_proj': 4, q_proj: 9 },
    });
    deepEqual(spec.rankByModule, {
      'model.layers.0.mlp.down_proj': 3,
      'model.layers.1.mlp.down_proj': 7,
      'model.layers.2.mlp.down_proj': 3,
    });
    deepEqual(spec.alphaByModule, { down_proj: 4, q_proj: 4 });
    const [first, second] = loraTargets(spec, BASE, 'test');
    deepEqual(first, { tensor: 'model.layers.0.mlp.down_proj.weight', rank: 3, scale: 4 / 3 });
    deepEqual(second, { tensor: 'model.layers.0.self_attn.q_proj.weight', rank: 2, scale: 2 });
  });

  it('leave the digest of the simple case as it was', () => {
    const spec = targets(['q_proj', 'down_proj'], { rankPattern: { q_proj: 2 }, alphaPattern: {} });
    deepEqual(spec, SPEC);
    deepEqual(Object.keys(spec), Object.keys(SPEC));
  });

  it('tell everything that is wrong at once', async () => {
    const wrong = async () =>
      targets(['q_proj', 'w_pack'], { rank: 0, rankPattern: { '(': 1, k_proj: 2 }, alphaPattern: { q_proj: -1 } });
    await rejects(wrong, {
      code: 'ADAPTER_INVALID',
      message:
        /w_pack is in no layer.*rank_pattern: the pattern "\(".*k_proj matches no target.*rank: .* got 0.*alpha of q_proj/,
    });
    await rejects(async () => targets('.*head'), { message: /output head, which is not trained here/ });
    await rejects(async () => targets('norm'), { message: /match no linear layer/ });
    await rejects(async () => targets('.*norm'), { message: /model\.norm, which is no linear layer/ });
    await rejects(async () => targets('.*', { layersToTransform: [0] }), { message: /not with a pattern/ });
  });

  it('stop a pattern that backtracks for ever', async () => {
    const long = new Map([[`model.${'a'.repeat(60)}.weight`, [2, 2]]]);
    const forever = async () => resolveLora({ ...rules, targetModules: '(.*)*(.*)*(.*)*x' }, long, { where: 'test' });
    await rejects(forever, { code: 'ADAPTER_INVALID', message: /timed out/ });
  });

  for (const pattern of ['(?>q)_proj', String.raw`\p{L}+`, '(?P>q)', '[', 'q_proj'.repeat(2000)]) {
    it(`refuse the pattern ${pattern.slice(0, 12)}`, async () => {
      await rejects(async () => targets(pattern), { code: 'ADAPTER_INVALID', message: /target_modules: / });
    });
  }
});

/** The golden adapters lie beside the repository. */
function sharedGolden(): string {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  return join(root, '..', 'shared', 'golden');
}

describe('adapters that PEFT wrote', () => {
  const golden = sharedGolden();
  const skip = existsSync(golden) ? false : 'no golden data beside the repository';
  for (const [name, model] of [
    ['llama-tied-lora', 'llama-tied'],
    ['llama-tied-rslora', 'llama-tied'],
    ['qwen2-lora', 'qwen2'],
    ['qwen2-rslora', 'qwen2'],
  ] as const) {
    it(`${name} is read, and written again byte for byte`, { skip }, async () => {
      const base = shapesOf(await readF32Tensors(join(golden, 'models', model, 'model.safetensors')));
      const adapter = await readPeftFolder(join(golden, 'adapters', name), base);
      equal((adapter.spec as LoraSpec).targetModules.length, 7);
      const dir = mkdtempSync(join(tmpdir(), 'metaapo-adapters-'));
      try {
        await writePeftFolder(dir, adapter, { baseModel: model });
        const bytes = (folder: string) => readFileSync(join(folder, ADAPTER_WEIGHTS_FILE));
        ok(bytes(dir).equals(bytes(join(golden, 'adapters', name))));
      } finally {
        rmSync(dir, { recursive: true });
      }
    });
  }
});
