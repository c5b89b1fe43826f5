/** @file Every composite's derivative against central differences, and its nodes against ONNX Runtime. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expectAxes, type Value } from '#ml/graph';
import { referenceError } from '#ml/runtime';
import fc from 'fast-check';
import { draft, type Case } from '../testing/draft.js';
import { gradientError } from '../testing/finite-differences.js';
import { attention } from './attention.js';
import { geglu } from './geglu.js';
import { linear } from './linear.js';
import { swiglu } from './swiglu.js';
import { tokenLogProbs } from './token-log-probs.js';

const SCALE = 2;

const cases: Readonly<Record<string, Case>> = {
  'linear with a bias': (g, draw) => [
    linear(g, draw.normal(['B', 'T', 3]), expectAxes(draw.normal([4, 3]), 'out in'), {
      bias: expectAxes(draw.normal([4]), 'out'),
    }),
  ],
  // The weight that the layer is given is merged inside the graph. The merge's own path is cut (as training does: the
  // merged weight is an input there), so that a and b get their gradients from the composite alone.
  'linear with an adapter': (g, draw) => {
    const x = draw.normal(['B', 'T', 3]);
    const a = draw.normal([2, 3]);
    const b = draw.normal([4, 2]);
    const merged = g.add(draw.fixed([4, 3]), g.matmul(b, a, { alpha: SCALE }));
    const lora = { a: expectAxes(a, 'R in'), b: expectAxes(b, 'out R'), scale: SCALE };
    return [linear(g, x, expectAxes(g.stopGradient(merged), 'out in'), { lora })];
  },
  'linear with an adapter, over rows': (g, draw) => {
    const a = draw.normal([2, 3]);
    const b = draw.normal([4, 2]);
    const merged = g.add(draw.fixed([4, 3]), g.matmul(b, a, { alpha: SCALE }));
    const lora = { a: expectAxes(a, 'R in'), b: expectAxes(b, 'out R'), scale: SCALE };
    return [linear(g, draw.normal(['M', 3]), expectAxes(g.stopGradient(merged), 'out in'), { lora })];
  },
  'linear with an adapter, and its weight': (g, draw) => {
    const lora = {
      a: expectAxes(draw.fixed([2, 3]), 'R in'),
      b: expectAxes(draw.fixed([4, 2]), 'out R'),
      scale: SCALE,
    };
    return [linear(g, draw.normal(['B', 'T', 3]), expectAxes(draw.normal([4, 3]), 'out in'), { lora })];
  },
  'linear with an adapter beside it': (g, draw) => {
    const lora = {
      a: expectAxes(draw.normal([2, 3]), 'R in'),
      b: expectAxes(draw.normal([4, 2]), 'out R'),
      scale: SCALE,
      unmerged: true,
    };
    return [linear(g, draw.normal(['B', 'T', 3]), expectAxes(draw.normal([4, 3]), 'out in'), { lora })];
  },
  swiglu: (g, draw) => [swiglu(g, draw.normal(['B', 'T', 3], 2), draw.normal(['B', 'T', 3]))],
  geglu: (g, draw) => [geglu(g, draw.normal(['B', 'T', 3], 2), draw.normal(['B', 'T', 3]))],
  'attention of four heads on two key heads': (g, draw) => [
    attention(g, {
      q: expectAxes(draw.normal(['B', 4, 'T', 3]), 'B H T D'),
      k: expectAxes(draw.normal(['B', 2, 'S', 3]), 'B K S D'),
      v: expectAxes(draw.normal(['B', 2, 'S', 3]), 'B K S D'),
      mask: expectAxes(draw.fixed(['B', 1, 1, 'T', 'S']), 'B 1 1 T S'),
    }),
  ],
  'attention with a scale of its own': (g, draw) => [
    attention(g, {
      q: expectAxes(draw.normal(['B', 2, 'T', 3]), 'B H T D'),
      k: expectAxes(draw.normal(['B', 2, 'S', 3]), 'B K S D'),
      v: expectAxes(draw.normal(['B', 2, 'S', 3]), 'B K S D'),
      mask: expectAxes(draw.fixed(['B', 1, 1, 'T', 'S']), 'B 1 1 T S'),
      scale: 0.3,
    }),
  ],
  'causal attention': (g, draw) => {
    draw.fixed(['T']);
    const mask = draw.given('f32', [1, 1, 1, 3, 3], (index) => (index % 3 <= Math.floor(index / 3) ? 0 : -1e9));
    return [
      attention(g, {
        q: expectAxes(draw.normal(['B', 2, 3, 2]), 'B H T D'),
        k: expectAxes(draw.normal(['B', 2, 3, 2]), 'B K S D'),
        v: expectAxes(draw.normal(['B', 2, 3, 2]), 'B K S D'),
        mask: expectAxes(mask, 'B 1 1 T S'),
      }),
    ];
  },
  'token log-probabilities': (g, draw) => [
    tokenLogProbs(g, {
      hidden: expectAxes(draw.normal(['M', 3]), 'M C'),
      headWeight: expectAxes(draw.normal([7, 3]), 'V C'),
      targets: expectAxes(draw.indices(['M'], 7), 'M'),
    }),
  ],
  'token log-probabilities with a tied embedding': (g, draw) => {
    const embedding: Value = draw.normal([7, 3]);
    const hidden = g.tanh(g.gather(embedding, draw.indices(['M'], 7)));
    return [
      tokenLogProbs(g, {
        hidden: expectAxes(hidden, 'M C'),
        headWeight: expectAxes(embedding, 'V C'),
        targets: expectAxes(draw.indices(['M'], 7), 'M'),
      }),
    ];
  },
};

describe('a composite', () => {
  for (const [name, build] of Object.entries(cases)) {
    it(`${name} has the gradient that central differences have`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0 }), (seed) => {
          const { error, where } = gradientError(draft(build, seed));
          assert.ok(error < 1e-6, `${where}; replay: draft(cases['${name}'], ${seed})`);
        }),
        { numRuns: 10 },
      );
    });

    it(`${name} gives the same in float64 and in ONNX Runtime, gradients included`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
          const { graph, feeds } = draft(build, seed);
          const { error, where } = await referenceError(graph, feeds);
          assert.ok(error < 1e-4, `${where}; replay: draft(cases['${name}'], ${seed})`);
        }),
        { numRuns: 3 },
      );
    });
  }
});
