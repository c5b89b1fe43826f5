import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeOnnx, GraphBuilder } from '#ml/graph';
import { knownExecutionProviders, probeExecutionProviders } from './execution-providers.js';
import { OnnxSession } from './onnx-session.js';
import { f32View, i64Tensor } from './session-tensor.js';

function model(): Uint8Array {
  const g = GraphBuilder.create();
  g.output('y', g.add(g.input('x', 'f32', ['N']), 1));
  return encodeOnnx(g.graph);
}

describe('a session', () => {
  it('reads a view, so that later changes of the array are seen', async () => {
    const session = await OnnxSession.create(model(), { name: 'test' });
    const data = Float32Array.of(0, 1, 2, 3);
    const feeds = { x: f32View([2], data.subarray(1, 3)) };
    assert.deepEqual((await session.run(feeds)).f32('y'), Float32Array.of(2, 3));
    data.fill(9);
    assert.deepEqual((await session.run(feeds, ['y'])).f32('y'), Float32Array.of(10, 10));
    await session.dispose();
  });

  it('refuses a feed without elements, on which kernels crash the process', async () => {
    const session = await OnnxSession.create(model(), { name: 'test' });
    await assert.rejects(session.run({ x: f32View([0], new Float32Array()) }), { code: 'EMPTY_TENSOR' });
    await session.dispose();
  });

  it('names its failures', async () => {
    await assert.rejects(OnnxSession.create(Uint8Array.of(1, 2, 3), { name: 'broken' }), {
      code: 'RUNTIME_FAILED',
      message: /session broken could not be created/,
    });
    const session = await OnnxSession.create(model(), { name: 'test' });
    await assert.rejects(session.run({ x: i64Tensor([1], [1]) }), { code: 'RUNTIME_FAILED' });
    await assert.rejects(session.run({}), { code: 'RUNTIME_FAILED' });
    await session.dispose();
  });

  it('may be disposed twice, after the runs in flight, and then runs no more', async () => {
    const session = await OnnxSession.create(model(), { name: 'test' });
    const feeds = { x: f32View([1], Float32Array.of(1)) };
    const inFlight = session.run(feeds);
    await Promise.all([session.dispose(), session.dispose()]);
    assert.deepEqual((await inFlight).f32('y'), Float32Array.of(2));
    await assert.rejects(session.run(feeds), { code: 'SESSION_DISPOSED' });
  });

  it('gives the same bits again', async () => {
    const g = GraphBuilder.create();
    const x = g.input('x', 'f32', ['N', 64]);
    g.output('y', g.softmax(g.matmul(x, x, { transB: true })));
    const data = Float32Array.from({ length: 64 * 64 }, (_, index) => Math.sin(index));
    const once = async (): Promise<Float32Array> => {
      const session = await OnnxSession.create(encodeOnnx(g.graph), { name: 'test', intraOpThreads: 2 });
      const result = (await session.run({ x: f32View([64, 64], data) })).f32('y');
      await session.dispose();
      return result;
    };
    assert.deepEqual(await once(), await once());
  });
});

describe('execution providers', () => {
  it('always have the CPU, which always works', async () => {
    const cpu = (await probeExecutionProviders()).find(({ name }) => name === 'cpu');
    assert.deepEqual(cpu, { name: 'cpu', problem: null });
  });

  it('are refused when this build does not know them', async () => {
    await assert.rejects(OnnxSession.create(model(), { name: 'test', executionProvider: 'abacus' }), {
      code: 'EXECUTION_PROVIDER_UNAVAILABLE',
    });
  });

  it('are refused when they do not work here: there is no fallback', async (t) => {
    const broken = (await probeExecutionProviders()).filter(({ problem }) => problem !== null);
    if (broken.length === 0) t.skip(`all of ${knownExecutionProviders().join(', ')} work here`);
    for (const { name } of broken) {
      await assert.rejects(OnnxSession.create(model(), { name: 'test', executionProvider: name }), {
        code: 'EXECUTION_PROVIDER_UNAVAILABLE',
        message: new RegExp(name),
      });
    }
  });
});
