import { describe, it } from 'node:test';
import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict';
import fc from 'fast-check';
import { f32Tensor, type F32Tensor, type TensorMap } from '#core';
import {
  adapterDigest,
  initialLora,
  loraName,
  loraScale,
  mergeAdapter,
  parseLoraName,
  shapesOf,
  validateAdapter,
  type Adapter,
  type LoraSpec,
} from './index.js';

const BASE: TensorMap = new Map(
  [
    ['model.embed_tokens.weight', [6, 4]],
    ['model.layers.0.self_attn.q_proj.weight', [4, 4]],
    ['model.layers.0.self_attn.q_proj.bias', [4]],
    ['model.layers.0.mlp.down_proj.weight', [4, 5]],
    ['model.layers.1.self_attn.q_proj.weight', [4, 4]],
    ['model.layers.1.mlp.down_proj.weight', [4, 5]],
  ].map(([name, dims]) => {
    const shape = dims as number[];
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).map((_, i) => Math.sin(i));
    return [name as string, f32Tensor(shape, data)];
  }),
);
const SPEC: LoraSpec = {
  kind: 'lora',
  rank: 2,
  alpha: 8,
  rankStabilized: false,
  targetModules: ['down_proj', 'q_proj'],
};
const fresh = (changes: Partial<LoraSpec> = {}, seed = 1) =>
  initialLora({ spec: { ...SPEC, ...changes }, base: shapesOf(BASE), seed });

/** The same adapter with B drawn too, so that it does something. */
function trained(adapter: Adapter, value: number): Adapter {
  const tensors = new Map(
    [...adapter.tensors].map(([name, { dims, data }]) => [
      name,
      f32Tensor(
        dims,
        data.map((x, i) => x + value * Math.cos(i)),
      ),
    ]),
  );
  return { ...adapter, tensors };
}

describe('names', () => {
  it('go from the base to PEFT and back', () => {
    const name = loraName('model.layers.0.self_attn.q_proj.weight', 'B');
    equal(name, 'base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight');
    deepEqual(parseLoraName(name), { baseTensor: 'model.layers.0.self_attn.q_proj.weight', factor: 'B' });
    equal(parseLoraName('model.norm.weight'), undefined);
  });
});

describe('a fresh LoRA adapter', () => {
  it('is its base when merged, bit for bit', () => {
    deepEqual(mergeAdapter(BASE, fresh()), BASE);
  });

  it('draws A evenly from ±1/√in, as PEFT does, a function of the seed', () => {
    const spec = { ...SPEC, rank: 64, targetModules: ['down_proj'] };
    const { tensors } = initialLora({ spec, base: new Map([['down_proj.weight', [8, 100]]]), seed: 3 });
    const { data } = tensors.get('base_model.model.down_proj.lora_A.weight') as F32Tensor;
    ok(data.every((a) => Math.abs(a) <= 0.1));
    const variance = data.reduce((sum, a) => sum + a * a, 0) / data.length;
    ok(Math.abs(variance - 0.01 / 3) < 2e-4, `${variance}`);
    equal(adapterDigest(fresh()), adapterDigest(fresh()));
    notEqual(adapterDigest(fresh()), adapterDigest(fresh({}, 2)));
  });

  it('needs targets that the base has', () => {
    throws(() => fresh({ targetModules: ['q_proj', 'w_pack'] }), {
      code: 'ADAPTER_INVALID',
      message: /w_pack is in no layer/,
    });
    throws(() => fresh({ rank: 0 }), { code: 'ADAPTER_INVALID', message: /rank/ });
    throws(() => fresh({ targetModules: [] }), { code: 'ADAPTER_INVALID' });
  });
});

describe('merging', () => {
  it('adds scale · B·A and leaves everything else', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        fc.double({ min: 0.1, max: 30, noNaN: true }),
        (rank, rankStabilized, alpha) => {
          const adapter = trained(fresh({ rank, rankStabilized, alpha }), 0.3);
          const merged = mergeAdapter(BASE, adapter);
          const target = 'model.layers.1.mlp.down_proj.weight';
          const [a, b] = (['A', 'B'] as const).map((factor) => adapter.tensors.get(loraName(target, factor))!.data) as [
            Float32Array,
            Float32Array,
          ];
          const scale = loraScale(adapter.spec as LoraSpec);
          ok(Math.abs(scale - alpha / (rankStabilized ? Math.sqrt(rank) : rank)) < 1e-12);
          BASE.get(target)!.data.forEach((w, index) => {
            const [i, j] = [Math.floor(index / 5), index % 5];
            let update = 0;
            for (let r = 0; r < rank; r++) update += b[i * rank + r]! * a[r * 5 + j]!;
            equal(merged.get(target)!.data[index], Math.fround(w + scale * update));
          });
          equal(merged.get('model.embed_tokens.weight'), BASE.get('model.embed_tokens.weight'));
        },
      ),
      { numRuns: 30, seed: 2 },
    );
  });

  it('of a full adapter replaces every tensor', () => {
    const other = new Map(
      [...BASE].map(([name, { dims, data }]) => [
        name,
        f32Tensor(
          dims,
          data.map((x) => -x),
        ),
      ]),
    );
    deepEqual(mergeAdapter(BASE, { spec: { kind: 'full' }, tensors: other }), other);
  });
});

describe('validation', () => {
  it('names what is missing, unknown, misshapen or not finite', () => {
    const name = loraName('model.layers.0.self_attn.q_proj.weight', 'A');
    const changed = (change: (tensors: Map<string, F32Tensor>) => void) => {
      const tensors = new Map(
        [...fresh().tensors].map(([key, { dims, data }]) => [key, f32Tensor(dims, data.slice())]),
      );
      change(tensors);
      return () => validateAdapter({ spec: SPEC, tensors }, shapesOf(BASE), 'test');
    };
    throws(
      changed((tensors) => tensors.delete(name)),
      { code: 'ADAPTER_INVALID', message: /q_proj\.lora_A\.weight is missing/ },
    );
    throws(
      changed((tensors) => tensors.set('x', f32Tensor([1], new Float32Array(1)))),
      { code: 'ADAPTER_INVALID', message: /tensor x belongs/ },
    );
    throws(
      changed((tensors) => tensors.set(name, f32Tensor([4, 2], new Float32Array(8)))),
      { code: 'TENSOR_SHAPE_MISMATCH' },
    );
    throws(
      changed((tensors) => (tensors.get(name)!.data[3] = Number.NaN)),
      { code: 'ADAPTER_INVALID', message: /holds NaN at element 3/ },
    );
  });
});
