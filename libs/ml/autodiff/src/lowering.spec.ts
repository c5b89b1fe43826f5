/** @file Every operation, and its gradient, as a provider without its kernel is given them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { f32Tensor, Rng } from '#core';
import { encodeOnnxParts, evaluate, GraphBuilder, hostArray, lower, toText, type Graph, type OpType } from '#ml/graph';
import { f32View, OnnxSession } from '#ml/runtime';
import { draft } from './testing/draft.js';
import { operationCases } from './testing/operation-cases.js';

const WITHOUT_KERNEL = new Set<OpType>(['FusedMatMul', 'Sum', 'LogSoftmax']);

describe('a graph lowered for WebGPU', () => {
  for (const op of Object.keys(operationCases) as OpType[]) {
    it(`gives what ${op} and its gradient give, with kernels that are there`, () => {
      const { graph, feeds } = draft(operationCases[op], 7);
      const lowered = lower(graph, { executionProvider: 'webgpu' });
      assert.ok(operationsOf(lowered).every((name) => !WITHOUT_KERNEL.has(name)));
      const expected = evaluate(graph, feeds);
      for (const [name, { data }] of evaluate(lowered, feeds)) {
        const reference = expected.get(name)?.data ?? [];
        data.forEach((element, index) => {
          const wanted = reference[index] ?? Number.NaN;
          assert.ok(Math.abs(element - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted)), `${name}[${index}]`);
        });
      }
    });
  }

  it('is the graph itself for the processor', () => {
    const { graph } = draft(operationCases.FusedMatMul, 7);
    assert.equal(lower(graph, { executionProvider: 'cpu' }), graph);
    assert.equal(lower(graph, { executionProvider: 'cuda' }), graph);
  });
});

describe('weights in half precision', () => {
  const rng = new Rng('half');
  const matrix = f32Tensor(
    [32, 32],
    Float32Array.from({ length: 1024 }, () => rng.normal()),
  );
  const table = f32Tensor(
    [8, 32],
    Float32Array.from({ length: 256 }, () => rng.normal()),
  );
  const x = Float32Array.from({ length: 64 }, () => rng.normal());

  function layer(): Graph {
    const g = GraphBuilder.create();
    const input = g.input('x', 'f32', [2, 32]);
    const looked = g.gather(g.initializer('table', 'f32', table.dims, table.data), g.integers([3, 5]));
    const weight = g.initializer('weight', 'f32', matrix.dims, matrix.data);
    g.output('y', g.add(g.matmul(input, weight, { transB: true, alpha: 0.5 }), looked));
    return g.graph;
  }

  it('are halves where only products read them', () => {
    const text = toText(lower(layer(), { executionProvider: 'cuda', weights: { type: 'bf16', keep: new Set() } }));
    assert.match(text, /FusedMatMul: bf16\[2, 32\]/);
    assert.match(text, /Gather: f32\[2, 32\]/);
    const kept = toText(
      lower(layer(), { executionProvider: 'cuda', weights: { type: 'bf16', keep: new Set(['weight']) } }),
    );
    assert.doesNotMatch(kept, /bf16/);
  });

  for (const { type, tolerance } of [
    { type: 'f16', tolerance: 2e-2 },
    { type: 'bf16', tolerance: 1e-1 },
  ] as const) {
    it(`give the product within the rounding of ${type}`, () => {
      const feeds = new Map([['x', hostArray([2, 32], x)]]);
      const exact = evaluate(layer(), feeds).get('y')?.data ?? [];
      const half = evaluate(lower(layer(), { executionProvider: 'cuda', weights: { type, keep: new Set() } }), feeds);
      half.get('y')?.data.forEach((element, index) => {
        assert.ok(Math.abs(element - (exact[index] ?? Number.NaN)) < tolerance);
      });
    });
  }

  it('run, standing beside the model', async () => {
    const lowered = lower(layer(), { executionProvider: 'cpu', weights: { type: 'f16', keep: new Set() } });
    const { model, externalData } = encodeOnnxParts(lowered);
    assert.deepEqual(
      externalData.map(({ data }) => data.length),
      [8 * 32 * 4, 32 * 32 * 2],
    );
    const session = await OnnxSession.create(model, { name: 'half', externalData });
    const y = (await session.run({ x: f32View([2, 32], x) })).f32('y');
    await session.dispose();
    const exact = evaluate(layer(), new Map([['x', hostArray([2, 32], x)]])).get('y')?.data ?? [];
    y.forEach((element, index) => assert.ok(Math.abs(element - (exact[index] ?? Number.NaN)) < 3e-2));
  });
});

function operationsOf(graph: Graph): OpType[] {
  return graph.nodes.flatMap(({ op, body }) => (body ? [op, ...operationsOf(body)] : [op]));
}
