/** @file A small graph for every operation. One table, so that an operation without a case does not compile. */
import { present } from '#core';
import type { OpType } from '#ml/graph';
import type { Case } from './draft.js';

/** Row: position; column: one of `half` frequencies. */
const angles = (half: number, f: (angle: number) => number) => (index: number) =>
  f(Math.floor(index / half) * 10 ** -(index % half));

export const operationCases: { readonly [Op in OpType]: Case } = {
  Add: (g, draw) => [
    g.add(draw.normal(['B', 'T', 3]), draw.normal([3])),
    g.add(draw.normal(['B', 1]), draw.normal([2])),
  ],
  Sub: (g, draw) => [g.sub(draw.normal(['B', 3]), draw.normal([3])), g.sub(1, draw.normal(['B']))],
  Mul: (g, draw) => {
    const shared = draw.normal(['B', 3]);
    return [g.mul(shared, draw.normal(['B', 1])), g.mul(shared, shared)];
  },
  Div: (g, draw) => [g.div(draw.normal(['B', 3]), draw.positive([3]))],
  Sum: (g, draw) => [g.sum([draw.normal(['B']), draw.normal(['B']), draw.normal(['B'])])],
  Neg: (g, draw) => [g.neg(draw.normal(['B']))],
  Exp: (g, draw) => [g.exp(draw.normal(['B']))],
  Log: (g, draw) => [g.log(draw.positive(['B']))],
  Sqrt: (g, draw) => [g.sqrt(draw.positive(['B']))],
  Reciprocal: (g, draw) => [g.reciprocal(draw.positive(['B']))],
  Tanh: (g, draw) => [g.tanh(draw.normal(['B']))],
  Sigmoid: (g, draw) => [g.sigmoid(draw.normal(['B'], 3))],
  Softplus: (g, draw) => [g.softplus(draw.normal(['B'], 5)), g.logSigmoid(draw.normal(['B'], 5))],
  QuickGelu: (g, draw) => [g.quickGelu(draw.normal(['B']), 1), g.quickGelu(draw.normal(['B']), 1.75)],

  Equal: (g, draw) => [g.equal(draw.indices(['B', 4], 2), draw.indices(['B', 4], 2))],
  Less: (g, draw) => [g.less(draw.fixed(['B', 4]), draw.fixed([4]))],
  Greater: (g, draw) => [g.greater(draw.fixed(['B', 4]), 0)],
  And: (g, draw) => [g.and(draw.truth(['B', 4]), draw.truth(['B', 4]))],
  Not: (g, draw) => [g.not(draw.truth(['B', 4]))],
  Where: (g, draw) => [
    g.where(draw.truth(['B', 3]), draw.normal(['B', 3]), draw.normal([3])),
    g.where(draw.truth([2]), 1, draw.normal(['B', 2])),
  ],
  Cast: (g, draw) => [g.cast(draw.truth(['B']), 'f32'), g.cast(draw.fixed(['B'], 9), 'i64')],
  Identity: (g, draw) => [g.identity(draw.normal(['B']))],
  StopGradient: (g, draw) => [g.stopGradient(draw.fixed(['B']))],

  Softmax: (g, draw) => [g.softmax(draw.normal(['B', 4]))],
  LogSoftmax: (g, draw) => [g.logSoftmax(draw.normal(['B', 4], 3))],
  ReduceSum: (g, draw) => {
    const x = draw.normal(['B', 3, 'T']);
    return [g.reduceSum(x, [1]), g.reduceSum(x, [0, -1], { keepDims: true })];
  },
  ReduceMean: (g, draw) => {
    const x = draw.normal(['B', 4, 'T']);
    return [g.reduceMean(x, [1]), g.reduceMean(x, [0, -1], { keepDims: true })];
  },
  ReduceMax: (g, draw) => [
    g.reduceMax(draw.distinct(['B', 4]), [-1]),
    g.reduceMax(draw.distinct(['B', 4]), [0], { keepDims: true }),
  ],
  ArgMax: (g, draw) => [g.argMax(draw.fixed(['B', 5]), -1), g.argMax(draw.fixed(['B', 5]), 1, { keepDims: true })],
  CumSum: (g, draw) => {
    const x = draw.normal(['B', 4]);
    return [g.cumSum(x, 1), g.cumSum(x, 0, { exclusive: true }), g.cumSum(x, -1, { exclusive: true, reverse: true })];
  },
  TopK: (g, draw) => {
    const { values, indices } = g.topK(
      draw.given('f32', ['B', 5], (index) => (index * 7) % 11),
      3,
    );
    return [values, indices];
  },
  SimplifiedLayerNormalization: (g, draw) => [
    g.simplifiedLayerNormalization(draw.normal(['B', 'T', 4]), draw.normal([4]), 1e-5).y,
  ],
  SkipSimplifiedLayerNormalization: (g, draw) => {
    const { y, sum } = g.skipSimplifiedLayerNormalization(
      draw.fixed(['B', 'T', 8]),
      draw.fixed(['B', 'T', 8]),
      draw.fixed([8]),
      1e-5,
    );
    return [y, sum];
  },

  MatMul: (g, draw) => [
    g.matmul(draw.normal(['B', 'T', 3]), draw.normal(['B', 3, 2])),
    g.matmul(draw.normal(['B', 'T', 3]), draw.normal([3, 2])),
    g.matmul(draw.normal(['T', 3]), draw.normal(['B', 3, 2])),
  ],
  FusedMatMul: (g, draw) => [
    g.matmul(draw.normal(['B', 3, 'T']), draw.normal(['B', 3, 2]), { transA: true, alpha: 0.5 }),
    g.matmul(draw.normal(['B', 'T', 3]), draw.normal(['B', 2, 3]), { transB: true }),
    g.matmul(draw.normal(['B', 3, 'T']), draw.normal(['B', 2, 3]), { transA: true, transB: true, alpha: -2 }),
    g.matmul(draw.normal(['B', 'T', 3]), draw.normal([2, 3]), { transB: true, alpha: 2 }),
    g.matmul(draw.normal(['B', 3, 'T']), draw.normal([2, 3]), { transA: true, transB: true }),
    g.matmul(draw.fixed(['B', 'T', 3]), draw.fixed(['S', 'B', 3]), { transB: true, transBatchB: true }),
    g.matmul(draw.fixed(['T', 'B', 3]), draw.fixed(['B', 2, 3]), { transB: true, transBatchA: true }),
  ],
  MatMulNBits: (g, draw) => {
    const bytes = draw.given('u8', [3, 2, 16], (index) => (index * 37) % 256);
    const scales = draw.given('f32', [6], (index) => 0.01 * (index + 1));
    return [
      g.matMulNBits(draw.fixed(['B', 32], 0.5), bytes, scales, {
        inFeatures: 32,
        outFeatures: 3,
        bits: 8,
        blockSize: 16,
      }),
    ];
  },
  RotaryEmbedding: (g, draw) => {
    const cos = draw.given('f32', [6, 2], angles(2, Math.cos));
    const sin = draw.given('f32', [6, 2], angles(2, Math.sin));
    const positions = draw.indices(['B', 'T'], 6);
    return [
      g.rotaryEmbedding(draw.normal(['B', 'T', 8]), positions, cos, sin),
      g.rotaryEmbedding(draw.normal(['B', 3, 'T', 4]), positions, cos, sin),
    ];
  },

  Shape: (g, draw) => {
    draw.fixed(['B', 'T']);
    return [g.sizes(['T', 'B', 3]), g.sizes(['B*T']), g.sizes(['(B+2)'])];
  },
  Reshape: (g, draw) => [
    g.reshape(draw.normal(['B', 'T', 4]), ['B*T', 4]),
    g.reshape(draw.normal(['B', 2, '3*T', 'S']), ['B', 2, 3, 'T', 'S']),
  ],
  Transpose: (g, draw) => [g.transpose(draw.normal(['B', 'T', 2, 3]), [2, 0, 3, 1])],
  Expand: (g, draw) => {
    const x = draw.normal([3, 1]);
    return [g.expand(x, [3, 2]), g.expand(draw.normal(['B', 1]), [2, 'B', 3])];
  },
  ConstantOfShape: (g, draw) => {
    draw.fixed(['B']);
    return [g.constant(['B', 2], 1.5), g.constant([3], 7, 'i64')];
  },
  Concat: (g, draw) => {
    const x = draw.normal(['B', 2]);
    return [g.concat([x, draw.normal(['B', 1]), x], 1), g.concat([draw.normal(['T', 2]), draw.normal([1, 2])], 0)];
  },
  Split: (g, draw) => {
    const [first, , last] = g.split(draw.normal(['B', 6]), [1, 2, 3], -1);
    return first === undefined || last === undefined ? [] : [last, first];
  },
  Slice: (g, draw) => {
    const x = draw.normal([5, 'T']);
    return [
      g.slice(x, { axis: 0, start: 1, end: 3 }),
      g.slice(x, { axis: 0, start: -2 }),
      g.slice(x, { axis: 1, end: -1 }),
      g.slice(x, { axis: 1, start: 1 }),
      g.slice(x, { axis: -1, start: -1 }),
    ];
  },

  Loop: (g, draw) => {
    const step = draw.fixed([2]);
    const loop = g.loop({
      name: 'grow',
      rounds: draw.given('i64', [], () => 4),
      start: draw.given('bool', [], () => 1),
      initial: [draw.fixed([1, 2]), draw.fixed([2])],
      stateShapes: [['S', 2], [2]],
      roundsAxis: 'rounds',
      round: (body, { index, state }) => {
        const [grown, last] = [present(state[0], 'grown'), present(state[1], 'last')];
        const next = body.add(body.mul(last, 0.5), step); // reads a value from outside
        const size = body.reshape(body.sizes(['S']), []);
        return {
          proceed: body.less(index, 2),
          state: [body.concat([grown, body.reshape(next, [1, 2])], 0), next],
          collected: [body.add(next, body.cast(size, 'f32')), step],
        };
      },
    });
    return [...loop.state, ...loop.collected];
  },

  Gather: (g, draw) => [
    g.gather(draw.normal([5, 3]), draw.indices(['B', 'T'], 5)),
    g.gather(draw.normal(['B', 4, 2]), draw.indices(['T'], 4), 1),
  ],
  GatherElements: (g, draw) => [
    g.gatherElements(draw.normal(['B', 5]), draw.indices(['B', 2], 5), -1),
    g.gatherElements(draw.normal([4, 3]), draw.indices([6, 3], 4), 0),
  ],
  ScatterND: (g, draw) => [
    g.scatterRows(draw.normal([4, 3]), draw.indices(['B', 1], 4), draw.normal(['B', 3]), 'add'),
    g.scatterRows(draw.normal([5, 2]), draw.distinctIndices(3, 5), draw.normal([3, 2]), 'none'),
  ],
  ScatterElements: (g, draw) => [
    g.scatterElements(draw.normal(['B', 5]), draw.indices(['B', 3], 5), draw.normal(['B', 3]), {
      axis: 1,
      reduction: 'add',
    }),
    g.scatterElements(draw.normal([5, 1]), draw.distinctIndices(3, 5), draw.normal([3, 1]), {
      axis: 0,
      reduction: 'none',
    }),
  ],
};
