/** @file The meta-learner service over gRPC, in this process and as a process of its own. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { MetaLearnerSettings, MetaLearnerState__Output } from '#contracts/metalearner';
import { loadConfig } from '#platform/config';
import { createRpcClient, startRpcApp } from '#platform/rpc';
import { ChildService } from '../../../test/support/child-service.js';
import { AppModule } from './app.module.js';
import { META_LEARNER_VARIABLES } from './config.js';
import { loadTensorFlow } from './domain/tensorflow.js';

const SERVICE = 'metaapo.metalearner.v1.MetaLearnerService';
const app = await startRpcApp({
  module: AppModule.register(await loadTensorFlow('cpu'), loadConfig(META_LEARNER_VARIABLES, {})),
  servers: [{ address: '127.0.0.1:0', services: [SERVICE] }],
});
const client = createRpcClient(SERVICE, app.address());
after(async () => {
  client.close();
  await app.close();
});

const constant: MetaLearnerSettings = { init: 'INIT_KIND_CONSTANT' };
const buffer = [
  { score: -0.5, ellOff: -0.6, ellOn: -0.2 },
  { score: -2, ellOff: -0.9, ellOn: -1.4 },
];

function update(runId: string, expectedVersion: number, requestId = `u${expectedVersion}`) {
  return client.updateMetaLearner({ runId, expectedVersion, requestId, buffer });
}

/** A received state as it can be sent again. */
function sendable({ settings, ...state }: MetaLearnerState__Output) {
  return { ...state, settings: settings! };
}

describe('CreateMetaLearner', () => {
  it('answers the constant start with every default filled in', async () => {
    const { state } = await client.createMetaLearner({ runId: 'create', settings: constant });
    assert.deepEqual(
      state?.parameters.map(({ name, dims }) => [name, dims]),
      [
        ['W1', ['100']],
        ['b1', ['100']],
        ['W2', ['100']],
        ['b2', ['1']],
      ],
    );
    assert.equal(state?.parameters[0]!.data.readFloatLE(4), Math.fround(0.1));
    const { learningRate, weightDecay, gradientNormMax, stepsPerUpdate, hiddenWidth } = state!.settings!;
    assert.deepEqual(
      [learningRate, weightDecay, gradientNormMax, stepsPerUpdate, hiddenWidth, state!.version],
      [0.005, 0.0001, 1, 1, 100, '0'],
    );
  });

  it('is idempotent for equal settings and refuses other ones', async () => {
    const again = await client.createMetaLearner({ runId: 'create', settings: { ...constant, learningRate: 0.005 } });
    assert.equal(again.state?.version, '0');
    await assert.rejects(client.createMetaLearner({ runId: 'create', settings: { ...constant, weightDecay: 0 } }), {
      code: 'META_LEARNER_EXISTS',
      status: 'ALREADY_EXISTS',
    });
  });

  it('refuses settings that are missing or outside their range', async () => {
    for (const settings of [null, {}, { ...constant, learningRate: -1 }, { ...constant, learningRate: Number.NaN }]) {
      await assert.rejects(client.createMetaLearner({ runId: 'bad', settings }), { code: 'REQUEST_INVALID' });
    }
    await assert.rejects(client.createMetaLearner({ runId: '', settings: constant }), { code: 'REQUEST_INVALID' });
  });
});

describe('Gate', () => {
  it('decides by weight and draw, gives a status to a bad score, and repeats itself', async () => {
    await client.createMetaLearner({ runId: 'gate', settings: constant });
    const items = [
      { itemId: 'a', score: -Math.LN2 },
      { itemId: 'b', score: Number.NaN },
      { itemId: 'c', score: -5 },
    ];
    const request = { runId: 'gate', items, seed: '18446744073709551615', iteration: 2, expectedVersion: 0 };
    const answer = await client.gate(request);
    const [a, b, c] = answer.decisions;
    assert.ok(Math.abs(a!.weight - 0.33359) < 1.5e-5);
    assert.equal(b!.status?.reason, 'SCORE_NOT_FINITE');
    for (const { sampled, draw, weight } of [a!, c!]) assert.equal(sampled, draw > weight);
    assert.equal(answer.version, '0');
    assert.ok(answer.timing?.total);
    assert.deepEqual((await client.gate(request)).decisions[0], a);
  });

  it('refuses an unknown run, a stale version, and a request without items', async () => {
    const items = [{ itemId: 'a', score: -1 }];
    for (const [request, code, status] of [
      [{ runId: 'nobody', items }, 'META_LEARNER_UNKNOWN', 'NOT_FOUND'],
      [{ runId: 'gate', items, expectedVersion: 5 }, 'META_LEARNER_VERSION_STALE', 'ABORTED'],
      [{ runId: 'gate', items: [] }, 'REQUEST_INVALID', 'INVALID_ARGUMENT'],
      [{ runId: 'gate', items: [{ itemId: '', score: -1 }] }, 'REQUEST_INVALID', 'INVALID_ARGUMENT'],
    ] as const) {
      await assert.rejects(client.gate({ ...request, items: [...request.items] }), { code, status });
    }
  });
});

describe('UpdateMetaLearner', () => {
  it('raises the version, refuses a stale one, and returns the first result to a repeated request', async () => {
    await client.createMetaLearner({ runId: 'update', settings: constant });
    const first = await update('update', 0);
    assert.deepEqual([first.state?.version, first.state?.stepCount], ['1', '1']);
    assert.ok(first.gradientNorm > 0 && first.loss > 0);
    await assert.rejects(update('update', 0, 'another'), { code: 'META_LEARNER_VERSION_STALE', status: 'ABORTED' });
    await update('update', 1);
    assert.deepEqual(await update('update', 0), first);
    assert.equal((await client.getMetaLearner({ runId: 'update' })).state?.version, '2');
  });

  it('refuses an empty buffer, an infinite entry, and a request without an id', async () => {
    await client.createMetaLearner({ runId: 'refused', settings: constant });
    const send = (entries: typeof buffer, requestId: string) =>
      client.updateMetaLearner({ runId: 'refused', expectedVersion: 0, requestId, buffer: entries });
    await assert.rejects(send([], 'a'), { code: 'BUFFER_INVALID', status: 'INVALID_ARGUMENT' });
    await assert.rejects(send([{ ...buffer[0]!, ellOn: -Infinity }], 'b'), { code: 'BUFFER_INVALID' });
    await assert.rejects(send(buffer, ''), { code: 'REQUEST_INVALID' });
    await assert.rejects(update('nobody', 0), { code: 'META_LEARNER_UNKNOWN' });
  });
});

describe('GetMetaLearner and RestoreMetaLearner', () => {
  it('carry a state over bit by bit, moments included, into another run', async () => {
    const settings: MetaLearnerSettings = {
      init: 'INIT_KIND_RANDOM',
      initSeed: '7',
      hiddenWidth: 5,
      stepsPerUpdate: 2,
    };
    await client.createMetaLearner({ runId: 'from', settings });
    await update('from', 0);
    const { state, backend } = await client.getMetaLearner({ runId: 'from' });
    assert.equal(backend, 'cpu');
    const { state: restored } = await client.restoreMetaLearner({ runId: 'to', state: sendable(state!) });
    assert.deepEqual(restored, state);
    const [a, b] = [await update('from', 1), await update('to', 1)];
    assert.deepEqual(b, a);
  });

  it('refuse a state that is not complete', async () => {
    const { state } = await client.createMetaLearner({ runId: 'whole', settings: constant });
    const whole = sendable(state!);
    const [w1, ...rest] = whole.parameters;
    for (const broken of [
      null,
      { ...whole, parameters: rest },
      { ...whole, parameters: [w1!, w1!, ...rest] },
      { ...whole, parameters: [{ ...w1!, dtype: 'DATA_TYPE_F16' as const }, ...rest] },
      { ...whole, parameters: [{ ...w1!, dims: ['99'] }, ...rest] },
      { ...whole, parameters: [...whole.parameters, { ...w1!, name: 'W3' }] },
      { ...whole, secondMoments: [] },
      { ...whole, settings: null },
    ]) {
      await assert.rejects(client.restoreMetaLearner({ runId: 'whole', state: broken }), { code: 'SNAPSHOT_INVALID' });
    }
    await assert.rejects(client.getMetaLearner({ runId: 'nobody' }), { code: 'META_LEARNER_UNKNOWN' });
  });
});

describe('the process', () => {
  it('tells its backend on stderr, prints one ready line, answers, and ends with code 0 on SIGTERM', async () => {
    const env = { META_LEARNER_ADDRESS: '127.0.0.1:0', META_LEARNER_BACKEND: 'cpu' };
    const child = new ChildService(new URL('./main.js', import.meta.url), env);
    after(() => child.kill());
    const ready = await child.event('ready');
    assert.equal(ready['service'], 'meta-learner');
    const other = createRpcClient(SERVICE, ready['address']!);
    await other.createMetaLearner({ runId: 'r', settings: constant });
    assert.equal((await other.gate({ runId: 'r', items: [{ itemId: 'a', score: -1 }] })).decisions.length, 1);
    other.close();
    child.process.kill('SIGTERM');
    assert.equal(await child.ended(), 0);
    assert.deepEqual(child.events, [ready]);
    assert.match(child.stderr, /TensorFlow\.js backend cpu/);
  });
});
