/** @file Models staged, promoted, rolled back and retired beside calls that are on their way. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '#core';
import { BROKEN, calm, paper, paperJson, paperLifecycle, plain, promoteTo } from '../../testing/paper-models.js';
import { Annotator } from '../annotator.js';
import type { RewardLifecycle } from './reward-lifecycle.js';

const m = { ...plain, rewardModel: 'm' };
const stage = (lifecycle: RewardLifecycle, target: number, requestId = '') =>
  lifecycle.stage({ ...m, requestId, specJson: paperJson(target) }, calm);
const promote = (lifecycle: RewardLifecycle, expectedEpoch: number, requestId = '') =>
  lifecycle.promote({ ...m, requestId, expectedEpoch, force: false }, calm);
const rollback = (lifecycle: RewardLifecycle, expectedEpoch: number) =>
  lifecycle.rollback({ ...m, expectedEpoch }, calm);
const retireEpoch = (lifecycle: RewardLifecycle, epoch: number) =>
  lifecycle.retire({ ...m, target: { kind: 'epoch', epoch } }, calm);

function annotate(lifecycle: RewardLifecycle, epoch = '0', weightsDigest = '') {
  const annotator = new Annotator({ registry: lifecycle.registry, clock: systemClock, observer: lifecycle });
  const responses = [{ kind: 'text' as const, text: 'x', truncated: false }];
  const items = [{ itemId: 'a', prompt: { kind: 'text' as const, text: 'p' }, responses }];
  return annotator.annotate({ requestId: '', rewardModel: 'm', epoch, weightsDigest, items }, calm);
}

async function answer(lifecycle: RewardLifecycle, epoch = '0') {
  const { items, provenance } = await annotate(lifecycle, epoch);
  const [item] = items;
  return [provenance.epoch, item?.ok && item.annotations[0]?.ok && item.annotations[0].score];
}

const kindsOf = (lifecycle: RewardLifecycle): string[] => lifecycle.versions('m').state.events.map(({ kind }) => kind);

describe('a staged model', () => {
  it('stands beside the one in service, answers nobody, and goes into service under the next epoch', async () => {
    const { lifecycle } = await paperLifecycle({ m: paper(0) });
    const staged = await stage(lifecycle, 100);
    assert.deepEqual([staged.state, staged.provenance.epoch], ['staged', 0]);
    assert.deepEqual(await answer(lifecycle), [1, 1]);
    const live = await promote(lifecycle, 1);
    assert.deepEqual([live.state, live.provenance.epoch], ['promoted', 2]);
    assert.equal(live.provenance.weightsDigest, staged.provenance.weightsDigest);
    assert.deepEqual(await answer(lifecycle), [2, 101]);
    assert.deepEqual(kindsOf(lifecycle), ['configured', 'staged', 'promoted']);
  });

  it('that cannot be loaded leaves what is in service alone, and a trace in the history', async () => {
    const { lifecycle } = await paperLifecycle({ m: paper(0) });
    await assert.rejects(stage(lifecycle, BROKEN), { code: 'REWARD_MODEL_BROKEN', message: /it is broken/ });
    assert.deepEqual(await answer(lifecycle), [1, 1]);
    assert.match(lifecycle.versions('m').state.events.at(-1)!.reason, /it is broken/);
    await stage(lifecycle, 100);
  });

  it('whose settings are none is refused with every problem and its place', async () => {
    const { lifecycle } = await paperLifecycle({ m: paper(0) });
    const staged = (specJson: string) => lifecycle.stage({ ...m, specJson }, calm);
    await assert.rejects(staged('{"backend":"length","unit":"lines","target":-1}'), {
      code: 'REQUEST_INVALID',
      message: /spec_json\.unit.*spec_json\.target/,
    });
    for (const [json, message] of [
      ['', /spec_json: expected JSON.*got none/],
      ['{"backend":', /spec_json/],
      ['{"backend":"oracle"}', /spec_json\.backend/],
      ['{"backend":"vader","backend":"afinn"}', /"backend" twice/],
      ['['.repeat(200) + ']'.repeat(200), /nested deeper/],
    ] as const) {
      await assert.rejects(staged(json), { code: 'REQUEST_INVALID', message });
    }
  });

  it('is one at a time, also while it is being loaded', async () => {
    const made = await paperLifecycle({ m: paper(0) });
    const { lifecycle } = made;
    const gate = Promise.withResolvers<void>();
    made.loadGate = gate.promise;
    const first = stage(lifecycle, 100);
    await assert.rejects(stage(lifecycle, 200), { code: 'REWARD_MODEL_ALREADY_STAGED', message: /being loaded/ });
    gate.resolve();
    await first;
    await assert.rejects(stage(lifecycle, 200), { code: 'REWARD_MODEL_ALREADY_STAGED', message: /sha256/ });
    await lifecycle.retire({ ...m, target: { kind: 'staged' } }, calm);
    assert.equal(made.backends[1]!.isClosed, true);
    await stage(lifecycle, 200);
  });

  it('that takes long to load does not hold up a rollback', async () => {
    const made = await paperLifecycle({ m: paper(0) });
    const { lifecycle } = made;
    await promoteTo(lifecycle, 'm', 100);
    const gate = Promise.withResolvers<void>();
    made.loadGate = gate.promise;
    const loading = stage(lifecycle, 200);
    await rollback(lifecycle, 2);
    assert.deepEqual(await answer(lifecycle), [3, 1]);
    gate.resolve();
    await loading;
    await promote(lifecycle, 3);
    assert.deepEqual(await answer(lifecycle), [4, 201]);
  });

  it('is needed for a promotion, a shadow and a report', async () => {
    const { lifecycle } = await paperLifecycle({ m: paper(0) });
    const refused = { code: 'REWARD_MODEL_NOT_STAGED' };
    await assert.rejects(promote(lifecycle, 1), refused);
    await assert.rejects(lifecycle.shadow({ ...m, trafficFraction: 1, allowCost: false }, calm), refused);
    await assert.rejects(lifecycle.retire({ ...m, target: { kind: 'staged' } }, calm), refused);
    const report = {
      rewardModel: 'm',
      items: [],
      ignoreShadow: false,
      allowCost: false,
      seed: '0',
      disagreementCountMax: 1,
    };
    await assert.rejects(lifecycle.report(report, calm), refused);
  });
});

describe('a swap', () => {
  it('lets a call that is on its way finish on its epoch, and closes a model after its last call', async () => {
    const { lifecycle, backends } = await paperLifecycle({ m: paper(0) });
    const gate = Promise.withResolvers<void>();
    backends[0]!.gate = gate.promise;
    const onItsWay = answer(lifecycle);
    await promoteTo(lifecycle, 'm', 100);
    await retireEpoch(lifecycle, 1);
    assert.deepEqual(await answer(lifecycle), [2, 101]);
    assert.equal(backends[0]!.isClosed, false, 'a call is on its way');
    await assert.rejects(answer(lifecycle, '1'), { code: 'REWARD_EPOCH_MISMATCH' });
    gate.resolve();
    assert.deepEqual(await onItsWay, [1, 1]);
    assert.equal(backends[0]!.isClosed, true);
  });

  it('answers who insists on a warm epoch by that epoch, and refuses who insists on another', async () => {
    const { lifecycle } = await paperLifecycle({ m: paper(0) });
    await promoteTo(lifecycle, 'm', 100);
    assert.deepEqual(
      [await answer(lifecycle, '1'), await answer(lifecycle, '2')],
      [
        [1, 1],
        [2, 101],
      ],
    );
    const refused = { code: 'REWARD_EPOCH_MISMATCH', message: /expected epoch 3, in service is 2; warm: 1/ };
    await assert.rejects(answer(lifecycle, '3'), refused);
    const { weightsDigest } = lifecycle.registry.find('m').provenance;
    assert.equal((await annotate(lifecycle, '2', weightsDigest)).provenance.epoch, 2);
    await assert.rejects(annotate(lifecycle, '1', weightsDigest), { code: 'REWARD_EPOCH_MISMATCH' });
    await assert.rejects(annotate(lifecycle, '0', 'sha256:other'), { code: 'REWARD_EPOCH_MISMATCH' });
  });

  it('back is under the next epoch, by the model that is still loaded', async () => {
    const { lifecycle, backends } = await paperLifecycle({ m: paper(0) });
    const { weightsDigest } = lifecycle.registry.find('m').provenance;
    await promoteTo(lifecycle, 'm', 100);
    const { provenance } = await rollback(lifecycle, 2);
    assert.deepEqual([provenance.epoch, provenance.weightsDigest, backends.length], [3, weightsDigest, 2]);
    assert.deepEqual(
      [await answer(lifecycle), await answer(lifecycle, '2')],
      [
        [3, 1],
        [2, 101],
      ],
    );
    await retireEpoch(lifecycle, 1);
    assert.deepEqual([await answer(lifecycle), backends[0]!.isClosed], [[3, 1], false], 'epoch 3 is the same model');
    await retireEpoch(lifecycle, 2);
    assert.equal(backends[1]!.isClosed, true);
    await assert.rejects(rollback(lifecycle, 3), { code: 'ROLLBACK_UNAVAILABLE' });
    await assert.rejects(retireEpoch(lifecycle, 3), { code: 'REWARD_MODEL_IN_SERVICE' });
  });

  it('of two at once lets one win and refuses the other by the epoch that it expects', async () => {
    const { lifecycle } = await paperLifecycle({ m: paper(0) });
    await promoteTo(lifecycle, 'm', 100);
    await stage(lifecycle, 200);
    const outcomes = await Promise.allSettled([promote(lifecycle, 2), rollback(lifecycle, 2), promote(lifecycle, 2)]);
    assert.deepEqual(
      outcomes.map((one) => (one.status === 'fulfilled' ? 'won' : (one.reason as { code: string }).code)),
      ['won', 'REWARD_EPOCH_MISMATCH', 'REWARD_EPOCH_MISMATCH'],
    );
    assert.deepEqual(await answer(lifecycle), [3, 201]);
    await assert.rejects(promote(lifecycle, 2), {
      message: /expected epoch 2, in service is 3; .*then decide again\.$/,
    });
  });

  it('frees the oldest of more warm models than may be', async () => {
    const { lifecycle, backends } = await paperLifecycle({ m: paper(0) }, { warmModelsMax: 1 });
    await promoteTo(lifecycle, 'm', 100);
    await promoteTo(lifecycle, 'm', 200);
    assert.deepEqual(
      backends.map(({ isClosed }) => isClosed),
      [true, false, false],
    );
    const { kind, epoch, reason } = lifecycle.versions('m').state.events.at(-1)!;
    assert.deepEqual([kind, epoch], ['retired', 1]);
    assert.match(reason, /REWARD_WARM_MODELS_MAX/);
  });

  it('mixes nothing under many callers: every score is of the epoch that the reply names', async () => {
    const { lifecycle } = await paperLifecycle({ m: paper(0) });
    let isOver = false;
    const seen = new Set<string>();
    const caller = async (): Promise<void> => {
      while (!isOver) {
        seen.add(JSON.stringify(await answer(lifecycle)));
        await new Promise(setImmediate);
      }
    };
    const callers = Array.from({ length: 16 }, caller);
    for (let cycle = 0; cycle < 10; cycle++) {
      await promoteTo(lifecycle, 'm', 1000 * (cycle + 1));
      const { epoch } = lifecycle.registry.find('m').provenance;
      await rollback(lifecycle, epoch);
    }
    isOver = true;
    await Promise.all(callers);
    for (const [epoch, score] of [...seen].map((one) => JSON.parse(one) as [number, number])) {
      assert.equal(score, epoch % 2 === 1 ? 1 : (epoch / 2) * 1000 + 1, `epoch ${epoch}`);
    }
    assert.equal(lifecycle.registry.find('m').provenance.epoch, 21);
  });
});

describe('a request that changes something', () => {
  it('is carried out once: a repetition joins it or gets its answer, and the id is refused for anything else', async () => {
    const made = await paperLifecycle({ m: paper(0) });
    const { lifecycle } = made;
    const gate = Promise.withResolvers<void>();
    made.loadGate = gate.promise;
    const [first, joined] = [stage(lifecycle, 100, 's'), stage(lifecycle, 100, 's')];
    gate.resolve();
    assert.deepEqual(await joined, await first);
    const promoted = await promote(lifecycle, 1, 'p');
    await rollback(lifecycle, 2);
    assert.deepEqual(await promote(lifecycle, 1, 'p'), promoted, 'though another epoch is in service');
    assert.equal(lifecycle.registry.find('m').provenance.epoch, 3);
    await assert.rejects(promote(lifecycle, 3, 'p'), { code: 'REQUEST_INVALID', message: /other content/ });
    await assert.rejects(stage(lifecycle, 100, 'p'), { code: 'REQUEST_INVALID', message: /other content/ });
    assert.deepEqual([await stage(lifecycle, 100, 's'), made.backends.length], [await first, 2]);
  });

  it('goes on when its caller leaves', async () => {
    const made = await paperLifecycle({ m: paper(0) });
    const { lifecycle } = made;
    const gate = Promise.withResolvers<void>();
    made.loadGate = gate.promise;
    const leave = new AbortController();
    const left = lifecycle.stage({ ...m, requestId: 's', specJson: paperJson(100) }, leave.signal);
    leave.abort(new DOMException('left', 'AbortError'));
    await assert.rejects(left, { name: 'AbortError' });
    gate.resolve();
    assert.equal((await stage(lifecycle, 100, 's')).state, 'staged');
  });

  it('is not kept when it fails', async () => {
    const { lifecycle } = await paperLifecycle({ m: paper(0) });
    await assert.rejects(promote(lifecycle, 1, 'p'), { code: 'REWARD_MODEL_NOT_STAGED' });
    await stage(lifecycle, 100);
    assert.equal((await promote(lifecycle, 1, 'p')).provenance.epoch, 2);
  });

  it('is refused with all that is wrong with it', async () => {
    const { lifecycle } = await paperLifecycle({ m: paper(0) });
    const long = 'x'.repeat(2000);
    const promotion = { ...m, requestId: long, requester: long, expectedEpoch: 0, force: true, reason: ' ' };
    await assert.rejects(lifecycle.promote(promotion, calm), {
      code: 'REQUEST_INVALID',
      message: /request_id.*requester.*expected_epoch.*reason/,
    });
    await assert.rejects(lifecycle.retire({ ...m, target: undefined }, calm), { message: /target/ });
    await assert.rejects(lifecycle.shadow({ ...m, trafficFraction: NaN, allowCost: false }, calm), {
      message: /\[0, 1\]/,
    });
    await assert.rejects(lifecycle.stage({ ...m, rewardModel: 'x', specJson: '{}' }, calm), {
      code: 'REWARD_MODEL_UNKNOWN',
    });
  });

  it('is refused, and nothing has changed, when it cannot be made durable', async () => {
    let isFull = false;
    const store = {
      read: async () => new Map(),
      write: async () => {
        if (isFull) throw new TypeError('no room');
      },
    };
    const { lifecycle, backends } = await paperLifecycle({ m: paper(0) }, { store });
    await stage(lifecycle, 100);
    isFull = true;
    await assert.rejects(promote(lifecycle, 1, 'p'), /no room/);
    assert.deepEqual(
      [await answer(lifecycle), lifecycle.versions('m').state.slots.staged !== undefined],
      [[1, 1], true],
    );
    await assert.rejects(lifecycle.retire({ ...m, target: { kind: 'staged' } }, calm), /no room/);
    assert.equal(backends[1]!.isClosed, false);
    isFull = false;
    assert.equal((await promote(lifecycle, 1, 'p')).provenance.epoch, 2);
    isFull = true;
    await assert.rejects(stage(lifecycle, BROKEN), /it is broken/, 'the reason is worth more than its trace');
  });
});
