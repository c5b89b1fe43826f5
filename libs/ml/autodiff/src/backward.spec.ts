/** @file The walk itself: what is added up, what is left out, and what the printed gradient of a small graph looks like. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluate, expectAxes, GraphBuilder, hostArray, toText, type HostArray } from '#ml/graph';
import { backward } from './backward.js';
import { linear } from './composites/linear.js';

const scalar = (x: number): HostArray => hostArray([], [x]);

describe('backward', () => {
  it('adds up the gradients of a value that several steps read', () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', []);
    const loss = g.add(g.mul(x, x), g.mul(x, 3)); // x² + 3x
    const [dx] = backward(g, loss, [x]);
    g.output('dx', dx!);
    assert.deepEqual(evaluate(g.graph, new Map([['x', scalar(5)]])).get('dx'), scalar(13));
  });

  it('gives zeros for what the loss does not depend on', () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', []);
    const unused = g.input('unused', 'f32', ['N', 2]);
    g.output('gradient', backward(g, g.mul(x, x), [unused])[0]!);
    const feeds = new Map([
      ['x', scalar(5)],
      ['unused', hostArray([2, 2], [1, 2, 3, 4])],
    ]);
    assert.deepEqual(evaluate(g.graph, feeds).get('gradient'), hostArray([2, 2], [0, 0, 0, 0]));
  });

  it('does not cross a stopped value, and crosses everything beside it', () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', []);
    const loss = g.mul(g.stopGradient(g.mul(x, x)), x); // x²·x with x² constant
    g.output('dx', backward(g, loss, [x])[0]!);
    assert.deepEqual(evaluate(g.graph, new Map([['x', scalar(5)]])).get('dx'), scalar(25));
  });

  it('builds nothing for values that are not asked for', () => {
    const g = GraphBuilder.create();
    const [x, y] = [g.input('x', 'f32', ['N', 3]), g.input('y', 'f32', ['N', 3])];
    backward(g, g.reduceSum(g.mul(g.exp(x), y), [0, 1]), [y]);
    assert.ok(!toText(g.graph).includes('/grad/Exp'));
  });

  it('starts from a seed in the shape of the loss', () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', [2]);
    const seed = g.input('seed', 'f32', [2]);
    g.output('dx', backward(g, g.mul(x, x), [x], seed)[0]!);
    const feeds = new Map([
      ['x', hostArray([2], [1, 2])],
      ['seed', hostArray([2], [10, 100])],
    ]);
    assert.deepEqual(evaluate(g.graph, feeds).get('dx'), hostArray([2], [20, 400]));
  });

  it('refuses a loss with several elements and no seed', () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', [2]);
    assert.throws(() => backward(g, g.exp(x), [x]), { code: 'LOSS_NOT_SCALAR' });
  });

  it('refuses to cross an operation that exists for inference only', () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', [4]);
    const loss = g.reduceSum(g.topK(x, 2).values, [0]);
    assert.throws(() => backward(g, loss, [x]), { code: 'GRADIENT_UNSUPPORTED' });
  });

  it('prints the gradient of a linear layer under the addresses of the layer', () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', ['B', 'T', 8]);
    const weight = expectAxes(g.input('w', 'f32', [6, 8]), 'out in');
    const y = linear(g.scope('model').scope('q_proj'), x, weight);
    const loss = g.scope('loss').reduceSum(y, [0, 1, 2]);
    g.output('grad.w', backward(g, loss, [weight])[0]!);
    assert.equal(
      toText(g.graph),
      `input x: f32[B, T, 8]
input w: f32[6, 8]
/model/q_proj/FusedMatMul: f32[B, T, 6] = FusedMatMul(x, w) {transB=1, alpha=1}
/loss/ReduceSum: f32[] = ReduceSum(/model/q_proj/FusedMatMul, /constants/i64/[0,1,2]) {axes=[0, 1, 2], keepdims=0}
/grad/loss/ReduceSum/input_0/Reshape: f32[1, 1, 1] = Reshape(/constants/f32/1, /constants/i64/[1,1,1])
/sizes/B: i64[1] = Shape(x) {start=0, end=1}
/sizes/T: i64[1] = Shape(x) {start=1, end=2}
/sizes/[B,T,6]: i64[3] = Concat(/sizes/B, /sizes/T, /constants/i64/[6]) {axis=0}
/grad/loss/ReduceSum/input_0/Expand: f32[B, T, 6] = Expand(/grad/loss/ReduceSum/input_0/Reshape, /sizes/[B,T,6])
/grad/model/q_proj/FusedMatMul/input_1/rows/Reshape: f32[B*T, 8] = Reshape(x, /constants/i64/[-1,8])
/grad/model/q_proj/FusedMatMul/input_1/gradients/Reshape: f32[B*T, 6] = Reshape(/grad/loss/ReduceSum/input_0/Expand, /constants/i64/[-1,6])
/grad/model/q_proj/FusedMatMul/input_1/FusedMatMul: f32[6, 8] = FusedMatMul(/grad/model/q_proj/FusedMatMul/input_1/gradients/Reshape, /grad/model/q_proj/FusedMatMul/input_1/rows/Reshape) {transA=1, alpha=1}
output grad.w = /grad/model/q_proj/FusedMatMul/input_1/FusedMatMul/output_0
`,
    );
  });
});
