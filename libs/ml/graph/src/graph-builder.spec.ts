import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphBuilder } from './graph-builder.js';
import { toText } from './to-text.js';
import { expectAxes } from './value.js';

describe('a graph', () => {
  it('prints one line per node, named by its address', () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', ['B', 'T', 8]);
    const weight = g.input('model.layers.3.self_attn.q_proj.weight', 'f32', [6, 8]);
    const layer = g.scope('model').scope('layers.3').scope('attn');
    const q = layer.scope('q_proj').matmul(x, weight, { transB: true });
    const heads = layer.scope('heads').reshape(q, ['B', 'T', 2, 3]);
    g.output('heads', layer.scope('heads').transpose(heads, [0, 2, 1, 3]));
    assert.equal(
      toText(g.graph),
      `input x: f32[B, T, 8]
input model.layers.3.self_attn.q_proj.weight: f32[6, 8]
/model/layers.3/attn/q_proj/FusedMatMul: f32[B, T, 6] = FusedMatMul(x, model.layers.3.self_attn.q_proj.weight) {transB=1, alpha=1}
/model/layers.3/attn/heads/Reshape: f32[B, T, 2, 3] = Reshape(/model/layers.3/attn/q_proj/FusedMatMul, /constants/i64/[0,0,2,3])
/model/layers.3/attn/heads/Transpose: f32[B, 2, T, 3] = Transpose(/model/layers.3/attn/heads/Reshape) {perm=[0, 2, 1, 3]}
output heads = /model/layers.3/attn/heads/Transpose/output_0
`,
    );
  });

  it('stores equal constants once', () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', [2]);
    g.add(g.mul(x, 0.5), 0.5);
    assert.deepEqual(
      g.graph.initializers.map(({ value }) => value.name),
      ['/constants/f32/0.5'],
    );
  });

  it('reads a size at run time only where it must, off the first input that has it', () => {
    const g = GraphBuilder.create();
    const scores = g.input('scores', 'f32', ['B', '2*T', 'S']);
    g.input('ids', 'i64', ['B', 'T']);
    g.reshape(scores, ['B', 2, 'T', 'S']);
    assert.match(toText(g.graph), /\/sizes\/T: i64\[1\] = Shape\(ids\) \{start=1, end=2\}/);
  });

  it('refuses a size that no input has', () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', ['A*B']);
    assert.throws(() => g.reshape(x, ['A', 'B']), { code: 'SIZE_UNKNOWN' });
  });

  it('refuses shapes that do not fit, and says which node', () => {
    const g = GraphBuilder.create().scope('mlp');
    const [a, b] = [g.input('a', 'f32', ['B', 3]), g.input('b', 'f32', [4, 2])];
    assert.throws(() => g.matmul(a, b), { code: 'SHAPE_MISMATCH', message: /\/mlp\/MatMul of a and b/ });
    assert.throws(() => g.reshape(a, ['B', 4]), { code: 'SHAPE_MISMATCH' });
    assert.throws(() => g.concat([a, b], 0), { code: 'SHAPE_MISMATCH' });
    assert.throws(() => g.split(b, [1, 2], 0), { code: 'SHAPE_MISMATCH' });
  });

  it('refuses elements of the wrong type', () => {
    const g = GraphBuilder.create();
    const ids = g.input('ids', 'i64', ['B']);
    assert.throws(() => g.exp(ids), { code: 'ELEMENT_TYPE_MISMATCH' });
    assert.throws(() => g.add(ids, g.input('x', 'f32', ['B'])), { code: 'ELEMENT_TYPE_MISMATCH' });
  });

  it('refuses a name twice', () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', ['B']);
    assert.throws(() => g.input('x', 'f32', ['B']), { code: 'NAME_TAKEN' });
    assert.throws(() => g.output('x', g.exp(x)), { code: 'NAME_TAKEN' });
  });

  it('promises axes only after checking them', () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', ['B', 'T', 8]);
    assert.equal(expectAxes(x, 'B T C', { T: 'T', C: 8 }), x);
    assert.throws(() => expectAxes(x, 'B T'), { code: 'AXES_MISMATCH' });
    assert.throws(() => expectAxes(x, 'B T C', { C: 9 }), { code: 'AXES_MISMATCH', message: /C=9/ });
  });
});
