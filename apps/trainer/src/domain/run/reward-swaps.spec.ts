/**
 * Goal: a reward model that is swapped while a run goes on means to the run what its policy says: no pair of two models, no
 * iteration of two models, what was decided stays decided. Method: whole runs over a toy reward that is promoted in mid-run.
 */
import { describe, it } from 'node:test';
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { summarize } from '#report';
import { CrashPoint } from '../../testing/crash-point.js';
import { FIRST, NEXT, SwappedRun, opposite, undisturbed } from '../../testing/swapped-run.js';
import { fsckRun } from '../fsck/fsck-run.js';

describe('a reward model that is promoted in mid-run', () => {
  it('means nothing to a run that is pinned', async () => {
    const expected = await undisturbed();
    const run = new SwappedRun();
    run.promoteIn(0);
    equal((await run.run('pin')).state, 'succeeded');
    deepEqual(run.adapter, expected.adapter);
    deepEqual(run.modelsOf(/\d+\/(back|annotate)/), [`${FIRST} 1`]);
    deepEqual(run.report.rewardModels?.swaps, []);
    deepEqual(run.report.annotations, expected.report.annotations);
  });

  it('is taken up by the next iteration of a run that follows, and told apart in its report', async () => {
    const run = new SwappedRun();
    run.promoteIn(0);
    equal((await run.run('follow')).state, 'succeeded');
    deepEqual(run.modelsOf(/^0\/annotate\//), [`${FIRST} 1`]);
    deepEqual(run.modelsOf(/^1\/annotate@next\//), [`${NEXT} 2`]);
    const { rewardModels, evaluations, annotations } = run.report;
    deepEqual(
      rewardModels?.swaps.map(({ rewardModel, iteration, from, to }) => [rewardModel, iteration, from, to]),
      [['toy', 1, { epoch: 1, weightsDigest: FIRST }, { epoch: 2, weightsDigest: NEXT }]],
    );
    const sums = rewardModels!.epochs.reduce(
      (sum, { training, evaluation }) => ({
        used: sum.used + training.paid,
        evaluation: sum.evaluation + evaluation.paid,
      }),
      { used: 0, evaluation: 0 },
    );
    deepEqual(sums, { used: annotations.used, evaluation: annotations.evaluation });
    deepEqual(
      evaluations.map(({ judged: [first] }) => first?.epoch),
      [1, 1, 2],
    );
    const { headline, warnings, differences } = summarize(run.report);
    equal(headline, undefined);
    match(warnings.join('\n'), /Different models judged under the name toy/);
    deepEqual(
      differences.map(({ judge, stage }) => `${judge} ${stage}`),
      ['toy warm-up', 'other warm-up', 'other final'],
    );
    deepEqual((await fsckRun(join(run.folder, 'run'))).findings, []);
  });

  it('judges what the one before had judged, where the run says so', async () => {
    const run = new SwappedRun();
    run.promoteIn(0);
    equal((await run.run('rescore')).state, 'succeeded');
    const { evaluations, rewardModels } = run.report;
    deepEqual(
      evaluations.map(({ judged: [first] }) => first?.weightsDigest),
      [NEXT, NEXT, NEXT],
    );
    deepEqual(
      evaluations.map(({ judgedThen = [] }) => judgedThen.map(({ judge, epoch }) => `${judge} ${epoch}`)),
      [['toy 1'], ['toy 1'], []],
    );
    ok(evaluations.every(({ judged: [first] }) => first?.scores.every((score) => score === null || score > 90)));
    const { headline, warnings } = summarize(run.report);
    equal(headline?.stage, 'final');
    ok(!warnings.some((warning) => warning.includes('Different models')));
    equal(rewardModels?.rescoredCount, evaluations[0]!.judgedThen![0]!.scores.length * 2);
  });

  it('counts against a budget that counts the evaluation, and what it may cost is set aside', async () => {
    const policy = ['budget.count_evaluation=true', 'evaluation.count=2', 'evaluation.judges=[]'];
    const run = new SwappedRun();
    run.promoteIn(0);
    // Three stages of two prompts, and two of them once more.
    const small = await run.run('rescore', [...policy, 'budget.annotations=9']);
    equal(small.failure?.reason, 'CONFIG_INVALID');
    equal((await run.run('rescore', [...policy, 'budget.annotations=30'])).state, 'succeeded');
    const { spending, rewardModels } = run.report;
    ok(spending!.spent <= 30, `${spending!.spent} of 30`);
    equal(rewardModels?.rescoredCount, 4);
  });
});

describe('what a run has decided about reward models', () => {
  it('stays when it is interrupted and another one is promoted before it goes on', async () => {
    const run = new SwappedRun();
    run.promoteIn(0);
    const promoteOnce = run.reward.beforeCall;
    run.reward.beforeCall = (unit) => {
      if (unit.requestId.includes('/1/annotate')) throw new TypeError('interrupted');
      return promoteOnce(unit);
    };
    equal((await run.run('follow')).state, 'failed');
    run.reward.beforeCall = () => {};
    run.reward.promote('toy', 'sha256:third', opposite);
    equal((await run.run('follow')).state, 'succeeded');
    deepEqual(run.modelsOf(/^1\/annotate/), [`${NEXT} 2`]);
    deepEqual(run.modelsOf(/evaluate-final\/annotate-toy/), [`${NEXT} 2`]);
  });

  it('stays when the run is pinned from then on', async () => {
    const run = new SwappedRun();
    run.promoteIn(0);
    const promoteOnce = run.reward.beforeCall;
    run.reward.beforeCall = (unit) => {
      if (unit.requestId.includes('evaluate-final')) throw new TypeError('interrupted');
      return promoteOnce(unit);
    };
    equal((await run.run('follow')).state, 'failed');
    run.reward.beforeCall = () => {};
    equal((await run.run('pin')).state, 'succeeded');
    deepEqual(run.modelsOf(/^1\/annotate/), [`${NEXT} 2`]);
    equal(run.report.rewardModels?.swaps.length, 1);
  });

  it('is the same after crashes at any calls', async () => {
    const rescored = async (at: number | undefined) => {
      const run = new SwappedRun();
      run.promoteIn(0);
      const more = ['evaluation.count=2', 'evaluation.judges=[]'];
      const all = new CrashPoint((_name, index) => index === at);
      const { state } = await run.run('rescore', more, all);
      equal(state, at === undefined ? 'succeeded' : 'failed');
      if (at !== undefined) equal((await run.run('rescore', more)).state, 'succeeded');
      const { rewardModels, annotations, evaluations } = run.report;
      const epochs = rewardModels?.epochs;
      return {
        calls: all.calls.length,
        outcome: { adapter: run.adapter, epochs, annotations, evaluations, bill: run.reward.scored.toSorted() },
      };
    };
    const { calls, outcome } = await rescored(undefined);
    for (let at = 5; at < calls; at += Math.ceil(calls / 6)) {
      deepEqual((await rescored(at)).outcome, outcome, `after a crash at call ${at}`);
    }
  });

  it('is taken from the digests of a run that an earlier version has begun', async () => {
    const run = new SwappedRun();
    run.reward.beforeCall = ({ requestId }) => {
      if (requestId.includes('/0/annotate')) throw new TypeError('interrupted');
    };
    equal((await run.run('pin')).state, 'failed');
    const database = new DatabaseSync(join(run.folder, 'run', 'run.sqlite'));
    database.exec(`DELETE FROM units WHERE phase = 'rewards/epochs'`);
    database.close();
    run.reward.promote('toy', NEXT, opposite);
    run.reward.beforeCall = () => {};
    equal((await run.run('pin')).state, 'succeeded');
    deepEqual(run.modelsOf(/annotate/).toSorted(), ['sha256:other 1', `${FIRST} 1`]);
  });
});
