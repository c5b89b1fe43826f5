/** @file Test (l) of the algorithm, and the promises of versions, replays and bounds. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BufferEntry } from './buffer-entry.js';
import { DEFAULT_SETTINGS, type MetaLearnerState } from './phi.js';
import { RunRegistry, type RunRegistryLimits } from './run-registry.js';
import { loadTensorFlow } from './tensorflow.js';

const { tf } = await loadTensorFlow('cpu');
const settings = { ...DEFAULT_SETTINGS, hiddenWidth: 8 };

function registryOf(limits: Partial<RunRegistryLimits> = {}): RunRegistry {
  return new RunRegistry(tf, { runsMax: 4, replaysMax: 2, updateElementsMax: 1000, ...limits });
}

const entries: BufferEntry[] = [
  { score: -0.5, ellOff: -0.6, ellOn: -0.2 },
  { score: -2, ellOff: -0.9, ellOn: -1.4 },
];

const updateOf = (expectedVersion: number, requestId = `u${expectedVersion}`) => ({
  runId: 'run',
  expectedVersion,
  requestId,
  entries,
});

describe('updates', () => {
  it('raises the version by one and counts every step', async () => {
    const registry = registryOf();
    registry.create('run', { ...settings, stepsPerUpdate: 3 });
    const { state, gradientNorm, loss } = await registry.update(updateOf(0));
    assert.deepEqual([state.version, state.stepCount], [1, 3]);
    assert.ok(gradientNorm > 0 && Math.abs(loss - 0.75) < 0.1);
    assert.equal(registry.get('run'), state);
  });

  it('rejects a version that is not current and changes nothing', async () => {
    const registry = registryOf();
    registry.create('run', settings);
    const { state } = await registry.update(updateOf(0));
    for (const stale of [0, 2]) {
      await assert.rejects(registry.update(updateOf(stale, 'other')), { code: 'META_LEARNER_VERSION_STALE' });
    }
    assert.equal(registry.get('run'), state);
  });

  it('lets exactly one of two concurrent updates of one version through', async () => {
    const registry = registryOf();
    registry.create('run', { ...settings, stepsPerUpdate: 5 });
    const results = await Promise.allSettled([registry.update(updateOf(0, 'a')), registry.update(updateOf(0, 'b'))]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    assert.equal(registry.get('run').version, 1);
  });

  it('returns the first result to a repeated request id, also to a concurrent one', async () => {
    const registry = registryOf();
    registry.create('run', settings);
    const [first, concurrent] = await Promise.all([registry.update(updateOf(0)), registry.update(updateOf(0))]);
    await registry.update(updateOf(1));
    assert.equal(concurrent, first);
    assert.equal(await registry.update(updateOf(0)), first);
    assert.equal(registry.get('run').version, 2);
  });

  it('forgets all but the last results, so that memory stays bounded', async () => {
    const registry = registryOf({ replaysMax: 2 });
    registry.create('run', settings);
    for (const version of [0, 1, 2]) await registry.update(updateOf(version));
    await assert.rejects(registry.update(updateOf(0)), { code: 'META_LEARNER_VERSION_STALE' });
    assert.equal((await registry.update(updateOf(1))).state.version, 2);
  });

  it('names the entry of the buffer that is wrong, and leaves the state unharmed', async () => {
    const registry = registryOf({ updateElementsMax: 80 });
    registry.create('run', settings);
    const bad = { score: -1, ellOff: -1, ellOn: Number.NaN };
    for (const [buffer, message] of [
      [[], /at least one entry/],
      [[...entries, bad], /entry 2.*NaN/],
      [[{ ...bad, score: 1, ellOn: -1 }], /score in \(-∞, 0\], got 1/],
      [[{ score: -1, ellOff: -1, ellOn: -1e39 }], /float32/],
      [Array.from({ length: 11 }, () => entries[0]!), /at most 10 entries/],
    ] as const) {
      const update = registry.update({ ...updateOf(0), entries: [...buffer] });
      await assert.rejects(update, { code: 'BUFFER_INVALID', message });
    }
    assert.equal(registry.get('run').version, 0);
    assert.equal((await registry.update(updateOf(0))).state.version, 1);
  });

  it('stops between steps when cancelled, with the state unharmed', async () => {
    const registry = registryOf();
    registry.create('run', settings);
    await assert.rejects(registry.update(updateOf(0), AbortSignal.abort(new DOMException('gone', 'AbortError'))));
    assert.equal(registry.get('run').version, 0);
  });
});

describe('saving and restoring', () => {
  it('(l) goes on bit-exactly from a saved φ with its moments, restored elsewhere', async () => {
    const original = registryOf();
    original.create('run', settings);
    const saved = structuredClone((await original.update(updateOf(0))).state);
    const restored = registryOf();
    assert.deepEqual(await restored.restore('run', saved), original.get('run'));
    const [a, b] = [await original.update(updateOf(1)), await restored.update(updateOf(1))];
    assert.deepEqual(bitsOf(b.state), bitsOf(a.state));
    assert.deepEqual([b.loss, b.gradientNorm], [a.loss, a.gradientNorm]);
  });

  it('puts an earlier state in place of a later one and computes its update again', async () => {
    const registry = registryOf();
    const start = registry.create('run', settings);
    const first = await registry.update(updateOf(0));
    await registry.restore('run', start);
    assert.equal(registry.get('run').version, 0);
    const again = await registry.update(updateOf(0));
    assert.notEqual(again, first);
    assert.deepEqual(bitsOf(again.state), bitsOf(first.state));
  });

  it('refuses a state that is not complete, not finite or impossible', async () => {
    const registry = registryOf();
    const good = registry.create('run', settings);
    const withParameter = (W1: Float32Array): MetaLearnerState => ({ ...good, parameters: { ...good.parameters, W1 } });
    for (const [state, message] of [
      [withParameter(new Float32Array(7)), /parameters\.W1: expected 8 elements, got 7/],
      [withParameter(new Float32Array(8).fill(Number.NaN)), /parameters\.W1\[0\]: expected a finite number, got NaN/],
      [{ ...good, version: -1 }, /version/],
      [{ ...good, secondMoments: { ...good.secondMoments, b2: Float32Array.of(-1) } }, /second_moments\.b2/],
      [{ ...good, settings: { ...settings, learningRate: Number.NaN } }, /learning_rate/],
    ] as const) {
      await assert.rejects(registry.restore('run', state), { code: 'SNAPSHOT_INVALID', message });
    }
    assert.equal(registry.get('run'), good);
  });
});

describe('runs', () => {
  it('creates a run once, again for equal settings, and not for other ones', () => {
    const registry = registryOf();
    const state = registry.create('run', settings);
    const again = registry.create('run', { ...settings, initSeed: 5n }); // a constant start has no seed
    assert.deepEqual(again.parameters, state.parameters);
    assert.throws(() => registry.create('run', { ...settings, learningRate: 1 }), {
      code: 'META_LEARNER_EXISTS',
      message: /learningRate/,
    });
    assert.equal(registry.runCount, 1);
  });

  it('refuses settings outside their ranges, naming the field', () => {
    const registry = registryOf();
    for (const [wrong, field] of [
      [{ hiddenWidth: 0 }, 'hidden_width'],
      [{ hiddenWidth: 70_000 }, 'hidden_width'],
      [{ learningRate: -1 }, 'learning_rate'],
      [{ weightDecay: Number.POSITIVE_INFINITY }, 'weight_decay'],
      [{ gradientNormMax: 0 }, 'gradient_norm_max'],
      [{ stepsPerUpdate: 1001 }, 'steps_per_update'],
    ] as const) {
      const create = () => registry.create('run', { ...settings, ...wrong });
      assert.throws(create, { code: 'REQUEST_INVALID', message: new RegExp(`settings\\.${field}`) });
    }
  });

  it('lets the run go that nobody asked for longest where there is one too many, created or restored', async () => {
    const registry = registryOf({ runsMax: 2 });
    const state = registry.create('first', settings);
    registry.create('second', settings);
    registry.get('first');
    registry.create('third', settings);
    assert.throws(() => registry.get('second'), { code: 'META_LEARNER_UNKNOWN' });
    registry.get('first');
    await registry.restore('second', state);
    assert.throws(() => registry.get('third'), { code: 'META_LEARNER_UNKNOWN' });
    assert.deepEqual([registry.get('first'), registry.get('second'), registry.runCount], [state, state, 2]);
  });

  it('does not know runs that were never created', async () => {
    const registry = registryOf();
    const unknown = { code: 'META_LEARNER_UNKNOWN' };
    assert.throws(() => registry.get('run'), unknown);
    assert.throws(() => registry.update(updateOf(0)), unknown);
    await assert.rejects(registry.gate({ runId: 'run', items: [], seed: 0n, iteration: 0 }), unknown);
  });

  it('gates by the state of the request, whatever it has learned since, or knows at all', async () => {
    const registry = registryOf();
    const start = registry.create('run', settings);
    const gateBy = (runId: string, state?: MetaLearnerState) =>
      registry.gate({ runId, items: [{ itemId: 'a', score: -1 }], seed: 0n, iteration: 0, state });
    const atStart = await gateBy('run');
    await registry.update(updateOf(0));
    assert.notDeepEqual(await gateBy('run'), atStart);
    assert.deepEqual(await gateBy('run', start), atStart);
    assert.deepEqual(await gateBy('never created', start), atStart);
    await assert.rejects(gateBy('run', { ...start, stepCount: -1 }), { code: 'SNAPSHOT_INVALID' });
  });

  it('gates only under the version that the caller insists on', async () => {
    const registry = registryOf();
    registry.create('run', settings);
    const gateAt = (expectedVersion?: number) =>
      registry.gate({ runId: 'run', items: [{ itemId: 'a', score: -1 }], seed: 0n, iteration: 0, expectedVersion });
    assert.equal((await gateAt()).version, 0);
    assert.equal((await gateAt(0)).outcomes.length, 1);
    await assert.rejects(gateAt(1), { code: 'META_LEARNER_VERSION_STALE' });
  });
});

/** Everything float32 of a state, as bytes. */
function bitsOf({ parameters, firstMoments, secondMoments }: MetaLearnerState): Buffer[] {
  return [parameters, firstMoments, secondMoments].flatMap((phi) =>
    Object.values(phi).map((values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  );
}
