/** @file A shadow sees live traffic, and live traffic never sees the shadow; then the report says what it has seen. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '#core';
import { calm, paper, paperJson, paperLifecycle, plain, type PaperSettings } from '../../testing/paper-models.js';
import { Annotator } from '../annotator.js';
import type { LifecycleOptions } from './open-lifecycle.js';
import type { RewardLifecycle } from './reward-lifecycle.js';

const m = { ...plain, rewardModel: 'm' };
const startShadow = (lifecycle: RewardLifecycle, trafficFraction: number, allowCost = false) =>
  lifecycle.shadow({ ...m, trafficFraction, allowCost }, calm);

const textItem = (itemId: string, texts: readonly string[]) => ({
  itemId,
  prompt: { kind: 'text' as const, text: `prompt of ${itemId}` },
  responses: texts.map((text) => ({ kind: 'text' as const, text, truncated: false })),
});

function reportOf(lifecycle: RewardLifecycle, items: readonly ReturnType<typeof textItem>[] = [], own: object = {}) {
  const command = {
    rewardModel: 'm',
    items,
    ignoreShadow: false,
    allowCost: false,
    seed: '0',
    disagreementCountMax: 10,
  };
  return lifecycle.report({ ...command, ...own }, calm);
}

/** A name with a model staged beside it. */
async function beside(target: number, options: Partial<LifecycleOptions> & PaperSettings = {}) {
  const made = await paperLifecycle({ m: paper(0) }, options);
  const { lifecycle, backends } = made;
  await lifecycle.stage({ ...m, specJson: paperJson(target) }, calm);
  const annotator = new Annotator({ registry: lifecycle.registry, clock: systemClock, observer: lifecycle });
  const annotate = (items: readonly ReturnType<typeof textItem>[], epoch = '0') =>
    annotator.annotate({ requestId: '', rewardModel: 'm', epoch, items }, calm);
  return { lifecycle, annotate, live: backends[0]!, staged: backends[1]!, backends };
}

describe('a shadow', () => {
  it('scores what callers were answered, after them, and keeps both scores', async () => {
    const { lifecycle, annotate, staged } = await beside(100);
    assert.equal((await startShadow(lifecycle, 1)).state, 'shadowing');
    const { provenance } = await annotate([textItem('a', ['x', 'xx']), textItem('b', [''])]);
    assert.deepEqual([provenance.epoch, staged.calls.length], [1, 0], 'callers do not wait for it');
    const shadow = lifecycle.shadowOf('m')!;
    await shadow.idle();
    const [item, ...others] = shadow.ring.items;
    assert.deepEqual(
      [item?.itemId, item?.prompt.text, item?.isShadow, others.length],
      ['a', 'prompt of a', true, 0],
      'what has no score has no comparison',
    );
    assert.deepEqual(
      item!.responses.map(({ text, live, staged: other }) => [text, live.ok && live.score, other.ok && other.score]),
      [
        ['x', 1, 101],
        ['xx', 2, 102],
      ],
    );
  });

  it('sees about its share, and nothing once it is stopped', async () => {
    const { lifecycle, annotate } = await beside(100);
    await startShadow(lifecycle, 0.25);
    const shadow = lifecycle.shadowOf('m')!;
    for (let call = 0; call < 40; call++) {
      await annotate(Array.from({ length: 10 }, (_, i) => textItem(`${call}/${i}`, ['x'])));
      await shadow.idle();
    }
    const seen = shadow.ring.items.length;
    assert.ok(seen > 70 && seen < 130, `${seen} of 400`);
    assert.equal((await startShadow(lifecycle, 0)).state, 'staged');
    await annotate([textItem('late', ['x'])]);
    await shadow.idle();
    assert.equal(shadow.ring.items.length, seen, 'what it has seen is kept');
  });

  it('that cannot keep up drops and counts, and nobody waits for it', async () => {
    const { lifecycle, annotate, staged } = await beside(100);
    const gate = Promise.withResolvers<void>();
    staged.gate = gate.promise;
    await startShadow(lifecycle, 1);
    const shadow = lifecycle.shadowOf('m')!;
    for (let call = 0; call < 30; call++)
      await annotate([
        textItem(
          `${call}`,
          Array.from({ length: 20 }, () => 'x'),
        ),
      ]);
    assert.ok(shadow.counts.dropped >= 20 * 10, `${shadow.counts.dropped}`);
    gate.resolve();
    await shadow.idle();
    assert.equal(shadow.ring.responseCount + shadow.counts.dropped, 600);
  });

  it('that fails is counted, and callers hear nothing of it', async () => {
    const heard: string[] = [];
    const { lifecycle, annotate, staged } = await beside(100, {
      onShadowResponse: (_, outcome) => void heard.push(outcome),
    });
    await startShadow(lifecycle, 1);
    staged.gate = Promise.reject(new TypeError('it fell over'));
    staged.gate.catch(() => {});
    const { items } = await annotate([textItem('a', ['x'])]);
    assert.ok(items[0]?.ok && items[0].annotations[0]?.ok);
    const shadow = lifecycle.shadowOf('m')!;
    await shadow.idle();
    staged.gate = Promise.resolve();
    await annotate([textItem('b', ['fail', 'x'])]);
    await shadow.idle();
    assert.equal(shadow.counts.failed, 2);
    assert.deepEqual(heard, ['failed', 'REWARD_BACKEND_FAILED', 'ok']);
  });

  it('does not see what a warm epoch answers', async () => {
    const { lifecycle, annotate } = await beside(100);
    await lifecycle.promote({ ...m, expectedEpoch: 1, force: false }, calm);
    await lifecycle.stage({ ...m, specJson: paperJson(200) }, calm);
    await startShadow(lifecycle, 1);
    await annotate([textItem('a', ['x'])], '1');
    const shadow = lifecycle.shadowOf('m')!;
    await shadow.idle();
    assert.equal(shadow.ring.items.length, 0);
  });

  it('forgets what it saw beside a model that is no longer in service, and goes with its own', async () => {
    const { lifecycle, annotate, backends } = await beside(100);
    await promoteBeside(lifecycle);
    await startShadow(lifecycle, 1);
    await annotate([textItem('a', ['x'])]);
    const shadow = lifecycle.shadowOf('m')!;
    await shadow.idle();
    assert.equal(shadow.ring.items.length, 1);
    await lifecycle.rollback({ ...m, expectedEpoch: 2 }, calm);
    assert.equal(shadow.ring.items.length, 0);
    const gate = Promise.withResolvers<void>();
    backends[2]!.gate = gate.promise;
    await annotate([textItem('b', ['x'])]);
    while (backends[2]!.calls.length < 2) await new Promise(setImmediate);
    await lifecycle.retire({ ...m, target: { kind: 'staged' } }, calm);
    assert.equal(lifecycle.shadowOf('m'), undefined);
    assert.equal(backends[2]!.isClosed, false, 'it is at work');
    gate.resolve();
    await shadow.idle();
    assert.equal(backends[2]!.isClosed, true, 'closed after its last work');
  });

  it('of a model that may bill needs leave to cost something', async () => {
    const { lifecycle } = await beside(100, { mayBill: true });
    await assert.rejects(startShadow(lifecycle, 0.1), { code: 'SWAP_COST_NOT_ALLOWED', message: /allow_cost/ });
    assert.equal((await startShadow(lifecycle, 0.1, true)).state, 'shadowing');
    await assert.rejects(reportOf(lifecycle, [textItem('a', ['x'])]), { code: 'SWAP_COST_NOT_ALLOWED' });
    const { report } = await reportOf(lifecycle, [textItem('a', ['x'])], { allowCost: true });
    assert.deepEqual([report.live.mayBill, report.staged.mayBill], [true, true]);
  });
});

/** Puts the staged model into service and stages another one. */
async function promoteBeside(lifecycle: RewardLifecycle): Promise<void> {
  await lifecycle.promote({ ...m, expectedEpoch: 1, force: false }, calm);
  await lifecycle.stage({ ...m, specJson: paperJson(200) }, calm);
}

describe('a report', () => {
  it('compares on shadowed traffic and on items that are sent, and tells which is which', async () => {
    const { lifecycle, annotate, live, staged } = await beside(100);
    await startShadow(lifecycle, 1);
    await annotate([textItem('a', ['x', 'xx'])]);
    await lifecycle.shadowOf('m')!.idle();
    const sent = [textItem('b', ['xxx', 'fail', '']), textItem('c', ['x'])];
    const { report, breaches } = await reportOf(lifecycle, sent);
    const { weightsDigest } = live.describe();
    assert.deepEqual(
      [report.liveEpoch, report.liveDigest, report.stagedDigest],
      [1, weightsDigest, staged.describe().weightsDigest],
    );
    assert.deepEqual([report.itemCount, report.shadowItemCount, report.responseCount], [3, 1, 4]);
    assert.deepEqual([report.pairCount, report.pairFlipFraction?.estimate, report.spearman?.estimate], [1, 0, 1]);
    assert.ok(Math.abs(report.slope!.estimate - 1) < 1e-9 && Math.abs(report.intercept!.estimate - 100) < 1e-9);
    const { scoreMin, scoreMax, failures, componentSums } = report.staged;
    assert.deepEqual([scoreMin, scoreMax], [101, 103]);
    assert.deepEqual(failures, { REWARD_BACKEND_FAILED: 1, RESPONSE_EMPTY: 1 });
    assert.deepEqual(componentSums, { characters: 7 });
    assert.ok(report.live.latencyMedianMs! >= 0 && report.live.latencyP95Ms! >= report.live.latencyMedianMs!);
    assert.deepEqual(breaches, []);
    const alone = await reportOf(lifecycle, sent, { ignoreShadow: true });
    assert.deepEqual([alone.report.itemCount, alone.report.shadowItemCount], [2, 0]);
  });

  it('gives the model in service a few responses at a time, so that calls come between them', async () => {
    const { lifecycle, live } = await beside(100);
    const texts = Array.from({ length: 100 }, (_, i) => 'x'.repeat(i + 1));
    const { report } = await reportOf(lifecycle, [textItem('a', texts)]);
    assert.equal(report.responseCount, 100);
    assert.ok(
      live.calls.every((requests) => requests.length <= 16),
      live.calls.map(({ length }) => length).join(),
    );
    assert.deepEqual(
      live.calls.flat().map(({ response }) => response),
      texts,
    );
  });

  it('of nothing is refused with the reason', async () => {
    const { lifecycle } = await beside(100);
    await assert.rejects(reportOf(lifecycle), { code: 'SWAP_REPORT_EMPTY', message: /no traffic was shadowed/ });
    const failing = [textItem('a', ['fail'])];
    await assert.rejects(reportOf(lifecycle, failing), { code: 'SWAP_REPORT_EMPTY', message: /it was told to/ });
  });

  it('refuses items beyond its bounds, and ids that stand twice', async () => {
    const { lifecycle } = await beside(100);
    const many = Array.from({ length: 10_001 }, (_, i) => textItem(`${i}`, ['x']));
    await assert.rejects(reportOf(lifecycle, many, { disagreementCountMax: 101 }), {
      code: 'REQUEST_INVALID',
      message: /items.*disagreement_count_max/,
    });
    const long = textItem(
      'a',
      Array.from({ length: 1025 }, () => 'x'),
    );
    await assert.rejects(reportOf(lifecycle, [long]), {
      code: 'REQUEST_INVALID',
      message: /items\[0\]\.responses: expected at most 1024 responses, got 1025/,
    });
    const item = textItem('a', ['x']);
    await assert.rejects(reportOf(lifecycle, [item, item]), { code: 'REQUEST_INVALID', message: /item_id/ });
  });
});

describe('limits of a swap', () => {
  const limits = { pair_flip_max: 0.5, spearman_min: 0.5, items_min: 2 };
  const promote = (lifecycle: RewardLifecycle, own: object = {}) =>
    lifecycle.promote({ ...m, expectedEpoch: 1, force: false, ...own }, calm);

  it('ask for a report, hold up what breaks them by figure and limit, and let through what keeps them', async () => {
    const { lifecycle } = await beside(100, { limits });
    await assert.rejects(promote(lifecycle), { code: 'SWAP_REPORT_MISSING' });
    const { breaches } = await reportOf(lifecycle, [textItem('a', ['x'])]);
    assert.deepEqual(
      breaches.map(({ limit, figure }) => [limit, figure]),
      [
        ['pair_flip_max', undefined],
        ['spearman_min', undefined],
        ['items_min', 1],
      ],
    );
    await assert.rejects(promote(lifecycle), {
      code: 'SWAP_LIMITS_EXCEEDED',
      message: /pair_flip_max allows 0\.5, got no figure; .*items_min allows 2, got 1/,
    });
    await reportOf(lifecycle, [textItem('a', ['x', 'xx']), textItem('b', ['xxx'])]);
    assert.equal((await promote(lifecycle)).provenance.epoch, 2);
    const { report, limits: kept, forced } = lifecycle.versions('m').state.events.at(-1)!;
    assert.deepEqual([report?.itemCount, kept, forced], [2, limits, false]);
  });

  it('do not hold up who forces with a reason, which is recorded', async () => {
    const { lifecycle } = await beside(100, { limits });
    await assert.rejects(promote(lifecycle, { force: true }), { code: 'REQUEST_INVALID', message: /reason/ });
    await promote(lifecycle, { force: true, reason: 'the old one is wrong', requester: 'ada' });
    const { forced, reason, requester } = lifecycle.versions('m').state.events.at(-1)!;
    assert.deepEqual([forced, reason, requester], [true, 'the old one is wrong', 'ada']);
  });

  it('ask for a report of these very models', async () => {
    const { lifecycle } = await beside(100, { limits: { items_min: 1 } });
    await reportOf(lifecycle, [textItem('a', ['x'])]);
    await lifecycle.retire({ ...m, target: { kind: 'staged' } }, calm);
    await lifecycle.stage({ ...m, specJson: paperJson(200) }, calm);
    await assert.rejects(promote(lifecycle), { code: 'SWAP_REPORT_MISSING' });
  });
});
