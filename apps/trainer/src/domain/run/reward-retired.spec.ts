/**
 * Goal: a reward model that is retired in mid-iteration, with nobody left to answer for it, takes nothing from a run that
 * follows: what it has annotated stays, the next model has the rest, no row has scores of both, nothing is paid for twice,
 * whenever the trainer dies. Method: whole runs over a toy reward that is promoted and retired in mid-run.
 */
import { describe, it } from 'node:test';
import { deepEqual, equal, match, notDeepEqual, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { summarize } from '#report';
import { CrashPoint } from '../../testing/crash-point.js';
import { FIRST, NEXT, SwappedRun, opposite, undisturbed } from '../../testing/swapped-run.js';
import { explainRow } from '../explain/explain-row.js';
import { ServiceUnavailableError } from '../ports/ports.errors.js';
import { fsckRun } from '../fsck/fsck-run.js';

/** Every row is chosen: three units of four prompts in an iteration. */
const EVERYTHING = ['algorithm.gate.kind=all'];

describe('a reward model that is retired in mid-run', () => {
  it('ends a run that is pinned by name, which goes on when the model is back', async () => {
    const expected = await undisturbed();
    const run = new SwappedRun();
    run.promoteIn(0, { retires: true });
    for (let start = 0; start < 2; start++) {
      const { state, failure } = await run.run('pin');
      deepEqual([state, failure?.reason], ['failed', 'REWARD_EPOCH_GONE']);
    }
    run.reward.promote('toy', FIRST);
    equal((await run.run('pin')).state, 'succeeded');
    deepEqual(run.adapter, expected.adapter);
    deepEqual(run.modelsOf(/^0\/annotate\//), [`${FIRST} 3`]);
  });

  it('lets a run that was pinned go on by following: what it has annotated stays, the next model has the rest', async () => {
    const expected = await undisturbed();
    const run = new SwappedRun();
    run.promoteIn(0, { unit: 1, retires: true });
    equal((await run.run('pin')).failure?.reason, 'REWARD_EPOCH_GONE');
    const before = run.paid.filter(({ unit }) => unit.startsWith('0/annotate/'));
    ok(before.length > 0, 'something was annotated before');
    equal((await run.run('follow')).state, 'succeeded');
    deepEqual(
      run.paid.filter(({ unit }) => unit.startsWith('0/annotate/')),
      before,
    );
    deepEqual(run.modelsOf(/^0\/annotate-2@next\//), [`${NEXT} 2`]);
    deepEqual(run.modelsOf(/^1\/annotate/), [`${NEXT} 2`]);
    notDeepEqual(run.adapter, expected.adapter);
    ok(run.report.iterations.every(({ offlineCount }) => offlineCount === 0));
  });

  for (const order of ['shuffled', 'data']) {
    it(`leaves the rest of the iteration to the next model where the run follows, in ${order} order`, async () => {
      const run = new SwappedRun();
      run.promoteIn(0, { unit: 2, retires: true });
      equal((await run.run('follow', [...EVERYTHING, `optimizer.order=${order}`])).state, 'succeeded');
      deepEqual(run.modelsOf(/^0\/annotate\//), [`${FIRST} 1`]);
      deepEqual(run.modelsOf(/^0\/annotate-2@next\//), [`${NEXT} 2`]);
      deepEqual(run.modelsOf(/^1\/annotate/), [`${NEXT} 2`]);
      const { iterations, losses, gateEvents, rewardModels, annotations } = run.report;
      deepEqual([iterations[0]!.offlineCount, losses?.lostCount, losses?.backfilledCount], [0, 0, 0]);
      deepEqual(gateEvents, [], 'the gate was open all the time');
      deepEqual(
        rewardModels?.swaps.map(({ iteration, to, promptCount }) => [iteration, to.epoch, promptCount]),
        [[0, 2, 4]],
      );
      match(summarize(run.report).warnings.join('\n'), /retired while iteration 1 asked for it: its last 4 prompts/);
      equal(annotations.used, run.paid.filter(({ unit }) => /^\d+\/annotate/.test(unit)).length);
      deepEqual((await fsckRun(join(run.folder, 'run'))).findings, []);
    });
  }

  it('gives every row one model, and says which', async () => {
    const run = new SwappedRun();
    run.promoteIn(0, { unit: 2, retires: true });
    equal((await run.run('follow', EVERYTHING)).state, 'succeeded');
    const told = await Promise.all(
      run.report.iterations[0]!.gate.map(({ itemId }) => explainRow(join(run.folder, 'run'), itemId)),
    );
    for (const { samples, isMoved, isBackfilled, rewardModel } of told) {
      deepEqual([isBackfilled, rewardModel?.epoch], [false, isMoved ? '2' : '1']);
      for (const { score, provenance } of samples) {
        equal((JSON.parse(provenance!) as { epoch: string }).epoch, rewardModel?.epoch);
        equal(score! > 90, isMoved);
      }
    }
    equal(told.filter(({ isMoved }) => isMoved).length, 4);
  });

  it('is followed once more when its successor is retired as well', async () => {
    const run = new SwappedRun();
    run.promoteIn(0, { unit: 1, retires: true });
    const promoteOnce = run.reward.beforeCall;
    let isDone = false;
    run.reward.beforeCall = (unit) => {
      if (isDone || !unit.requestId.includes('/annotate-2@next/1/')) return promoteOnce(unit);
      isDone = true;
      run.reward.promote('toy', 'sha256:third', opposite);
      run.reward.retire('toy', 2);
    };
    equal((await run.run('follow', [...EVERYTHING, 'units.concurrency=1'])).state, 'succeeded');
    deepEqual(run.modelsOf(/^0\/annotate-2@next\//), [`${NEXT} 2`]);
    deepEqual(run.modelsOf(/^0\/annotate-3@third\//), ['sha256:third 3']);
    deepEqual(
      run.report.rewardModels?.swaps.map(({ iteration, to, promptCount }) => [iteration, to.epoch, promptCount]),
      [
        [0, 2, 8],
        [0, 3, 4],
      ],
    );
  });

  it('is asked again for what it left when it has come back by the end of the iteration', async () => {
    const expected = new SwappedRun();
    equal((await expected.run('follow', EVERYTHING)).state, 'succeeded');
    const run = new SwappedRun();
    run.promoteIn(0, { unit: 1, retires: true });
    const promoteOnce = run.reward.beforeCall;
    run.reward.beforeCall = async (unit) => {
      await promoteOnce(unit);
      if (unit.requestId.includes('/0/annotate/2/')) run.reward.promote('toy', FIRST);
    };
    equal((await run.run('follow', [...EVERYTHING, 'units.concurrency=1'])).state, 'succeeded');
    deepEqual(run.modelsOf(/^0\/backfill\//), [`${FIRST} 3`]);
    deepEqual(run.adapter, expected.adapter);
    deepEqual(run.report.rewardModels?.swaps, []);
  });

  for (const then of ['follow', 'pin']) {
    it(`stays with its successor when a third is promoted before it goes on, by ${then}`, async () => {
      const run = new SwappedRun();
      run.promoteIn(0, { unit: 1, retires: true });
      const promoteOnce = run.reward.beforeCall;
      run.reward.beforeCall = async (unit) => {
        await promoteOnce(unit);
        if (unit.requestId.includes('/annotate-2@next/1/')) throw new TypeError('interrupted');
      };
      const more = [...EVERYTHING, 'units.concurrency=1'];
      equal((await run.run('follow', more)).state, 'failed');
      run.reward.beforeCall = () => {};
      run.reward.promote('toy', 'sha256:third', opposite);
      equal((await run.run(then, more)).state, 'succeeded');
      deepEqual(run.modelsOf(/^0\/annotate-2/), [`${NEXT} 2`]);
      deepEqual(run.modelsOf(/^1\/annotate/), [then === 'pin' ? `${NEXT} 2` : 'sha256:third 3']);
      deepEqual((await fsckRun(join(run.folder, 'run'))).findings, []);
    });
  }

  it('changes nothing in what a version without moves has left to the offline pairs', async () => {
    const run = new SwappedRun();
    run.reward.beforeCall = ({ requestId }) => {
      if (requestId.includes('/1/annotate')) throw new TypeError('interrupted');
      if (!/\/0\/(annotate|backfill)\/1\//.test(requestId) && !requestId.includes('/0/backfill/')) return;
      throw new ServiceUnavailableError('reward', 'nowhere', 1, new TypeError('refused'));
    };
    const more = [...EVERYTHING, 'annotator_patience=0s', 'units.concurrency=1'];
    equal((await run.run('follow', more)).state, 'failed');
    const database = new DatabaseSync(join(run.folder, 'run', 'run.sqlite'));
    equal(database.prepare(`DELETE FROM units WHERE phase = 'rewards/passes'`).run().changes, 2);
    database.close();
    run.reward.beforeCall = () => {};
    run.reward.promote('toy', NEXT, opposite);
    run.reward.retire('toy', 1);
    equal((await run.run('follow', more)).state, 'succeeded');
    deepEqual(run.modelsOf(/^0\/annotate/), [`${FIRST} 1`]);
    deepEqual(run.modelsOf(/^1\/annotate/), [`${NEXT} 2`]);
    ok(run.report.iterations[0]!.offlineCount! > 0);
  });

  it('never costs more than the budget, whichever model scores', async () => {
    const run = new SwappedRun();
    run.promoteIn(0, { unit: 1, retires: true });
    equal((await run.run('follow', [...EVERYTHING, 'budget.annotations=20'])).state, 'succeeded');
    const { spending, annotations, iterations } = run.report;
    ok(annotations.used <= 20 && annotations.used > 17, String(annotations.used));
    equal(spending?.spent, annotations.used);
    ok(run.modelsOf(/^0\/annotate-2@next\//).length === 1);
    ok(iterations[0]!.offlineCount! > 0);
  });

  for (const side of ['before', 'after'] as const) {
    it(`leads to the same run after the trainer was killed ${side} any call`, async () => {
      const ran = async (at: number | undefined) => {
        const run = new SwappedRun();
        run.promoteIn(0, { unit: 1, retires: true });
        const more = [...EVERYTHING, 'units.concurrency=1', 'evaluation.count=2', 'evaluation.judges=[]'];
        const crash = new CrashPoint((_name, index) => index === at, side);
        const { state } = await run.run('follow', more, crash);
        equal(state, at === undefined ? 'succeeded' : 'failed');
        if (at !== undefined) equal((await run.run('follow', more)).state, 'succeeded');
        const { rewardModels, annotations, iterations } = run.report;
        const { epochs, swaps } = rewardModels!;
        const asked = swaps.map(({ iteration, promptCount }) => [iteration, promptCount]);
        const outcome = {
          adapter: run.adapter,
          epochs,
          asked,
          annotations,
          iterations,
          bill: run.reward.scored.toSorted(),
        };
        return { calls: crash.calls, outcome };
      };
      const { calls, outcome } = await ran(undefined);
      deepEqual(outcome.asked, [[0, 8]]);
      // From the first annotation of the iteration until training begins, every other call; the other side has the others.
      const from = calls.findIndex((call, index) => call === 'reward.annotate' && calls.slice(0, index).includes(call));
      const until = calls.indexOf('policy.gradient', from);
      ok(calls.slice(from, until).includes('reward.serves'), 'the move is among them');
      for (let at = side === 'before' ? from : from + 1; at < until; at += 2) {
        deepEqual((await ran(at)).outcome, outcome, `after a crash at call ${at}, ${calls[at]}`);
      }
    });
  }
});
