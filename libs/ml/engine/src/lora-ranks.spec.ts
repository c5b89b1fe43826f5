import { after, before, describe, it } from 'node:test';
import { ok, rejects } from 'node:assert/strict';
import { f32Tensor, present, type F32Tensor, type TensorMap } from '#core';
import { initialLora, parseLoraName, type LoraSpec } from '#ml/adapters';
import { SKIP_WITHOUT_GOLDEN as skip, goldenPath, maxAbsDifference } from './golden-support.js';
import { adapterCacheBytes, gradientUnit, modelDir, put, rows, spec, sumsOf } from './policy-engine-support.js';
import { openPolicyEngine, type PolicyEngine } from './index.js';

/** q_proj has rank 2 where the others have 4, at the same scale. */
const mixed: LoraSpec = { ...spec, rankByModule: { q_proj: 2 }, alphaByModule: { q_proj: 4 } };

/** Factors of q_proj with ranks of zeros added, or taken away. */
function withRank(tensors: TensorMap, rank: number): Map<string, F32Tensor> {
  return new Map(
    [...tensors].map(([name, tensor]) => {
      const { factor, baseTensor } = present(parseLoraName(name), name);
      if (!baseTensor.endsWith('q_proj.weight')) return [name, tensor];
      const [height = 0, width = 0] = tensor.dims;
      const [rows, columns] = factor === 'A' ? [rank, width] : [height, rank];
      const data = new Float32Array(rows * columns);
      for (let i = 0; i < Math.min(rows, height); i++) {
        for (let j = 0; j < Math.min(columns, width); j++) data[i * columns + j] = tensor.data[i * width + j]!;
      }
      return [name, f32Tensor([rows, columns], data)];
    }),
  );
}

describe('an adapter with a rank for every module', { skip }, () => {
  let engine: PolicyEngine;
  before(async () => (engine = await openPolicyEngine({ modelDir, adapterCacheBytes })));
  after(async () => engine.dispose());

  it('scores, and has gradients, as the one whose missing ranks are zero', async () => {
    const base = new Map(engine.description.baseTensors.map(({ name, dims }) => [name, dims]));
    const { tensors } = initialLora({ spec: mixed, base, seed: 1 });
    for (const { data } of tensors.values()) data.forEach((value, i) => (data[i] = value + 0.05 * Math.cos(i)));
    const small = await put(engine, { spec: mixed, tensors });
    const padded = await put(engine, { spec, tensors: withRank(tensors, 4) });
    const [ours, theirs] = [await sumsOf(engine, small, rows), await sumsOf(engine, padded, rows)];
    ok(maxAbsDifference(ours.flat(), theirs.flat()) < 1e-4);
    const { gradients } = await engine.gradient(gradientUnit(small));
    const expected = withRank((await engine.gradient(gradientUnit(padded))).gradients, 2);
    for (const [name, { dims, data }] of expected) {
      const got = present(gradients.get(name), name);
      ok(got.dims.join() === dims.join(), `${name} is [${got.dims.join()}]`);
      const scale = data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
      ok(maxAbsDifference(got.data, data) <= 1e-5 * scale, name);
    }
  });
});

describe('an adapter on the output head', { skip }, () => {
  it('scores, but is not trained', async () => {
    const engine = await openPolicyEngine({ modelDir: goldenPath('models', 'llama-rope3'), adapterCacheBytes });
    try {
      const base = new Map(engine.description.baseTensors.map(({ name, dims }) => [name, dims]));
      const head: LoraSpec = { ...spec, targetModules: ['lm_head'] };
      const { tensors } = initialLora({ spec: head, base, seed: 1 });
      for (const { data } of tensors.values()) data.forEach((value, i) => (data[i] = value + 0.05 * Math.cos(i)));
      const policy = await put(engine, { spec: head, tensors });
      const [ours, theirs] = [await sumsOf(engine, policy, rows), await sumsOf(engine, null, rows)];
      ok(maxAbsDifference(ours.flat(), theirs.flat()) > 1e-3);
      await rejects(engine.gradient(gradientUnit(policy)), { code: 'FEATURE_UNSUPPORTED', message: /lm_head/ });
    } finally {
      await engine.dispose();
    }
  });
});
