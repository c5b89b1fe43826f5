/** @file Requests that are repeated after a promotion: never a reply of two models, and never a score of the wrong one. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { systemClock } from '#core';
import { Annotator, type AnnotateResult } from '../domain/annotator.js';
import type { RewardLifecycle } from '../domain/lifecycle/reward-lifecycle.js';
import { RepeatableAnnotator } from '../domain/repeatable-annotator.js';
import type { ScoreOptions, ScoreOutcome } from '../domain/reward-backend.js';
import { calm, paper, paperLifecycle, promoteTo, type PaperBackend } from '../testing/paper-models.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { RequestCache } from './request-cache.js';

const folder = temporaryFolder('swapped');
let fileCount = 0;

function opened(path = join(folder, `${fileCount++}.sqlite`)) {
  const log = RequestCache.open(path);
  after(() => log.close());
  return { path, log };
}

/** A process that serves `lifecycle` and remembers in `log`. */
const serving = ({ registry }: RewardLifecycle, log: RequestCache) =>
  new RepeatableAnnotator(new Annotator({ registry, clock: systemClock, log }));

const requestOf = (epoch = '0') => ({
  requestId: 'r',
  rewardModel: 'm',
  epoch,
  items: [
    {
      itemId: 'a',
      prompt: { kind: 'text' as const, text: 'p' },
      responses: ['x', 'xx'].map((text) => ({ kind: 'text' as const, text, truncated: false })),
    },
  ],
});

const summary = ({ items, provenance }: AnnotateResult) => [
  provenance.epoch,
  items.flatMap((item) => (item.ok ? item.annotations.map((one) => (one.ok ? one.score : one.error.code)) : [])),
];

/** Gives the first response its score and then dies, as a process would that is killed while it pays. */
function dieHalfPaid(backend: PaperBackend): () => void {
  let late = (): void => {};
  backend.score = async (requests, { onStart, onOutcome }: ScoreOptions): Promise<ScoreOutcome[]> => {
    requests.forEach((_, index) => onStart(index));
    const outcomeOf = (index: number): ScoreOutcome => ({
      ok: true,
      score: backend.target + requests[index]!.response.length,
      components: {},
    });
    onOutcome?.(0, outcomeOf(0));
    late = () => onOutcome?.(1, outcomeOf(1));
    throw new TypeError('killed');
  };
  return () => late();
}

const asked = (backend: PaperBackend): string[] =>
  backend.calls.flat().map(({ idempotencyKey = '' }) => idempotencyKey);

describe('a request that is repeated after a promotion', () => {
  it('gets the reply that it had, with its epoch', async () => {
    const { lifecycle, backends } = await paperLifecycle({ m: paper(0) }, { mayBill: true });
    const annotator = serving(lifecycle, opened().log);
    const first = await annotator.annotate(requestOf(), calm);
    await promoteTo(lifecycle, 'm', 100);
    const again = await annotator.annotate(requestOf(), calm);
    assert.deepEqual([summary(again), again.provenance], [[1, [1, 2]], first.provenance]);
    assert.equal(backends[1]!.calls.length, 0);
  });

  it('joins the work of the old epoch that is under way', async () => {
    const { lifecycle, backends } = await paperLifecycle({ m: paper(0) }, { mayBill: true });
    const annotator = serving(lifecycle, opened().log);
    const gate = Promise.withResolvers<void>();
    backends[0]!.gate = gate.promise;
    const first = annotator.annotate(requestOf(), calm);
    await promoteTo(lifecycle, 'm', 100);
    const joined = annotator.annotate(requestOf(), calm);
    gate.resolve();
    assert.deepEqual(
      [summary(await first), summary(await joined)],
      [
        [1, [1, 2]],
        [1, [1, 2]],
      ],
    );
  });

  it('and died half paid is scored whole by the new model, under other keys', async () => {
    const { lifecycle, backends } = await paperLifecycle({ m: paper(0) }, { mayBill: true });
    const { log } = opened();
    const answerLate = dieHalfPaid(backends[0]!);
    const annotator = serving(lifecycle, log);
    await assert.rejects(annotator.annotate(requestOf(), calm), /killed/);
    await promoteTo(lifecycle, 'm', 100);
    assert.deepEqual(summary(await annotator.annotate(requestOf(), calm)), [2, [101, 102]]);
    answerLate();
    assert.deepEqual(summary(await serving(lifecycle, log).annotate(requestOf(), calm)), [2, [101, 102]]);
    const { weightsDigest } = backends[1]!.describe();
    const suffix = weightsDigest.slice(7, 19);
    assert.deepEqual(asked(backends[1]!), [`r/a/0@${suffix}`, `r/a/1@${suffix}`], 'once each');
  });

  it('and died half paid takes up what it has bought when the same model is back', async () => {
    const { lifecycle, backends } = await paperLifecycle({ m: paper(0) }, { mayBill: true });
    const { path, log } = opened();
    const score = backends[0]!.score.bind(backends[0]!);
    dieHalfPaid(backends[0]!);
    await assert.rejects(serving(lifecycle, log).annotate(requestOf(), calm), /killed/);
    backends[0]!.score = score;
    await promoteTo(lifecycle, 'm', 100);
    await lifecycle.rollback({ rewardModel: 'm', requestId: '', requester: '', reason: '', expectedEpoch: 2 }, calm);
    const { log: reopened } = opened(path);
    assert.deepEqual(summary(await serving(lifecycle, reopened).annotate(requestOf(), calm)), [3, [1, 2]]);
    assert.deepEqual(
      asked(backends[0]!).map((key) => key.slice(0, 5)),
      ['r/a/1'],
      'only what was missing',
    );
  });

  it('and insists on the old epoch is answered by it, or refused when it is gone', async () => {
    const { lifecycle, backends } = await paperLifecycle({ m: paper(0) }, { mayBill: true });
    const { log } = opened();
    const score = backends[0]!.score.bind(backends[0]!);
    dieHalfPaid(backends[0]!);
    const annotator = serving(lifecycle, log);
    await assert.rejects(annotator.annotate(requestOf('1'), calm), /killed/);
    backends[0]!.score = score;
    await promoteTo(lifecycle, 'm', 100);
    assert.deepEqual(summary(await annotator.annotate(requestOf('1'), calm)), [1, [1, 2]]);
    const target = { kind: 'epoch' as const, epoch: 1 };
    await lifecycle.retire({ rewardModel: 'm', requestId: '', requester: '', reason: '', target }, calm);
    const elsewhere = serving(lifecycle, opened().log);
    await assert.rejects(elsewhere.annotate(requestOf('1'), calm), { code: 'REWARD_EPOCH_MISMATCH' });
    assert.deepEqual(
      summary(await annotator.annotate(requestOf('1'), calm)),
      [1, [1, 2]],
      'a reply that was given stays',
    );
  });
});
