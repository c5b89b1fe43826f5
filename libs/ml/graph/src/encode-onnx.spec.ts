/** @file The encoding, as ONNX Runtime reads it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { f32View, OnnxSession, type RunResults } from '#ml/runtime';
import { encodeOnnx } from './encode-onnx.js';
import { GraphBuilder } from './graph-builder.js';

async function run(g: GraphBuilder, x: Float32Array): Promise<RunResults> {
  const session = await OnnxSession.create(encodeOnnx(g.graph), { name: 'test' });
  try {
    return await session.run({ x: f32View([x.length], x) });
  } finally {
    await session.dispose();
  }
}

describe('outputs in ONNX', () => {
  it('stay right where the result feeds other nodes as well', async () => {
    const g = GraphBuilder.create();
    const double = g.mul(g.input('x', 'f32', ['N']), 2);
    g.output('double', double);
    g.output('quadruple', g.mul(double, 2));
    const results = await run(g, Float32Array.of(1, 2));
    assert.deepEqual(results.f32('double'), Float32Array.of(2, 4));
    assert.deepEqual(results.f32('quadruple'), Float32Array.of(4, 8));
  });

  it('may be several of one value, or an input, or a constant', async () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', ['N']);
    const y = g.neg(x);
    g.output('first', y);
    g.output('second', y);
    g.output('same', x);
    g.output('constant', g.scalar(0.5));
    const results = await run(g, Float32Array.of(3));
    for (const name of ['first', 'second']) assert.deepEqual(results.f32(name), Float32Array.of(-3));
    assert.deepEqual(results.f32('same'), Float32Array.of(3));
    assert.deepEqual(results.f32('constant'), Float32Array.of(0.5));
  });

  it('need no copy', () => {
    const g = GraphBuilder.create();
    g.output('y', g.neg(g.input('x', 'f32', ['N'])));
    assert.ok(!Buffer.from(encodeOnnx(g.graph)).includes('Identity'));
  });
});

describe('numbers in ONNX', () => {
  it('keep their sign, their fraction and their type', async () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', ['N']);
    g.output('float', g.quickGelu(x, 2)); // a float attribute that is a whole number
    g.output('negative', g.slice(x, { axis: 0, start: -2, end: -1 }));
    g.output('fill', g.constant(['N'], -0.25));
    g.output('integers', g.constant(['N'], -7, 'i64'));
    const results = await run(g, Float32Array.of(0, 5, 0));
    assert.ok(Math.abs(results.f32('float')[1]! - 5 / (1 + Math.exp(-10))) < 1e-6);
    assert.deepEqual(results.f32('negative'), Float32Array.of(5));
    assert.deepEqual(results.f32('fill'), Float32Array.of(-0.25, -0.25, -0.25));
    assert.deepEqual(results.i64('integers'), BigInt64Array.of(-7n, -7n, -7n));
  });

  it('give the same bytes for the same graph', () => {
    const build = (): Uint8Array => {
      const g = GraphBuilder.create();
      g.output('y', g.softmax(g.input('x', 'f32', ['N', 3])));
      return encodeOnnx(g.graph);
    };
    assert.deepEqual(build(), build());
  });
});

it('one session serves every batch shape', async () => {
  const g = GraphBuilder.create();
  const x = g.input('x', 'f32', ['B', 'T', 4]);
  g.output('y', g.reshape(g.reduceSum(g.flattenRows(x), [-1]), ['B', 'T']));
  const session = await OnnxSession.create(encodeOnnx(g.graph), { name: 'test' });
  for (const dims of [
    [1, 1, 4],
    [3, 2, 4],
    [2, 5, 4],
  ] as const) {
    const results = await session.run({ x: f32View(dims, new Float32Array(dims[0] * dims[1] * 4).fill(1)) });
    assert.deepEqual(results.dims('y'), dims.slice(0, 2));
    assert.ok(results.f32('y').every((sum) => sum === 4));
  }
  await session.dispose();
});
