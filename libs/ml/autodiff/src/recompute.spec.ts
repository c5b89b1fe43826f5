/** @file A gradient that computes again what it could have kept, and in an order that lets go early. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ELEMENTWISE, earlyLeaves, encodeOnnx, expectAxes, recompute, type Graph, type Value } from '#ml/graph';
import { f32View, OnnxSession } from '#ml/runtime';
import { isGradientNode } from './backward.js';
import { linear } from './composites/linear.js';
import { swiglu } from './composites/swiglu.js';
import { draft, type Case, type Draft } from './testing/draft.js';

/** Two layers of norm, gate and product, each with a residual connection. */
const twoLayers: Case = (g, draw) => {
  let x: Value = g.add(draw.normal([2, 3, 4]), 1);
  for (const name of ['first', 'second']) {
    const layer = g.scope(name);
    const normed = layer.simplifiedLayerNormalization(x, draw.normal([4]), 1e-6).y;
    const project = (to: number, from: Value, size: number): Value =>
      linear(layer, from, expectAxes(draw.normal([to, size]), 'out in'));
    const gated = swiglu(layer, project(5, normed, 4), project(5, normed, 4));
    x = layer.add(x, project(4, gated, 5));
  }
  return [x];
};

const options = {
  isGradient: isGradientNode,
  isCheap: ({ op }: { op: Parameters<typeof ELEMENTWISE.has>[0] }) => ELEMENTWISE.has(op),
};

describe('a gradient with recomputation', () => {
  it('is the same to the last bit', async () => {
    const { graph, feeds } = draft(twoLayers, 3);
    const expected = await results(graph, feeds);
    assert.deepEqual(await results(recompute(graph, options), feeds), expected);
    assert.deepEqual(await results(earlyLeaves(recompute(graph, options)), feeds), expected);
  });

  it('reads norms and gated products of the forward pass no more', () => {
    const { graph } = draft(twoLayers, 3);
    const read = (some: Graph) =>
      new Set(some.nodes.filter(isGradientNode).flatMap(({ inputs }) => inputs.map((input) => input?.name)));
    const made = graph.nodes.filter(({ op }) => op === 'SimplifiedLayerNormalization' || op === 'QuickGelu');
    // Nothing has arrived yet where the last layer begins.
    const names = made.filter(({ name }) => name.includes('/first')).map(({ outputs }) => outputs[0]?.name);
    assert.equal(names.length, 2);
    assert.ok(names.every((name) => read(graph).has(name)));
    assert.ok(names.every((name) => !read(recompute(graph, options)).has(name)));
  });

  it('begins to compute again only when a gradient has arrived', () => {
    const { graph } = draft(twoLayers, 3);
    const { nodes } = recompute(graph, options);
    const arrived = new Set<string>();
    for (const node of nodes) {
      const isHeld = node.name.startsWith('/again/') && node.op === 'Slice';
      if (isHeld || isGradientNode(node)) {
        const dependsOnGradient = node.inputs.some((input) => input && arrived.has(input.name));
        if (isHeld) assert.ok(dependsOnGradient, node.name);
      }
      if (isGradientNode(node) || node.name.startsWith('/again/')) {
        for (const output of node.outputs) if (output) arrived.add(output.name);
      }
    }
  });
});

describe('early leaves', () => {
  it('stand last, the first layer behind the second', () => {
    const { graph } = draft(twoLayers, 3);
    const leaves = earlyLeaves(graph)
      .nodes.slice(-4)
      .map(({ name }) => name);
    const order = leaves.map((name) => (name.includes('/first') ? 1 : 2));
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
  });
});

async function results(graph: Graph, feeds: Draft['feeds']): Promise<Record<string, number[]>> {
  const session = await OnnxSession.create(encodeOnnx(graph), { name: 'spec' });
  const inputs = graph.inputs.map(({ name }) => {
    const feed = feeds.get(name);
    assert.ok(feed);
    return [name, f32View(feed.dims, Float32Array.from(feed.data, Number))] as const;
  });
  const made = await session.run(Object.fromEntries(inputs));
  await session.dispose();
  return Object.fromEntries(graph.outputs.map(({ name }) => [name, [...made.f32(name)]]));
}
