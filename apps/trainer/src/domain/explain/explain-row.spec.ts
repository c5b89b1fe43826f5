/**
 * Goal: what is told of a row is what the run did with it, whether the run has finished or not. Method: whole toy runs; every
 * row is asked about, and the answers are held against the report and the steps.
 */
import { before, describe, it } from 'node:test';
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ReportData } from '#report';
import { RememberingReward, toyScore } from '../../testing/toy-reward.js';
import { UNOBSERVED, temporaryFolder, toyRun, toyServices } from '../../testing/toy-run.js';
import { explainRow } from './explain-row.js';
import type { RowExplanation } from './row-explanation.js';

const ROWS = 24;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** All rows that can be told of. */
async function explanations(folder: string): Promise<RowExplanation[]> {
  const told: RowExplanation[] = [];
  for (let row = 0; row < ROWS; row++) {
    const one = await explainRow(join(folder, 'run'), `row-${row}`).catch((error: Error & { code?: string }) => {
      equal(error.code, 'ROW_UNKNOWN');
    });
    if (one) told.push(one);
  }
  return told;
}

function reportOf(folder: string): ReportData {
  return JSON.parse(readFileSync(join(folder, 'run', 'report.json'), 'utf8')) as ReportData;
}

const countOf = (told: readonly RowExplanation[], iteration: number, fate: string): number =>
  told.filter((row) => row.iteration === iteration && row.fate === fate).length;

describe('what is told of a row of a finished run', () => {
  const folder = temporaryFolder();
  let told: readonly RowExplanation[];
  let report: ReportData;

  before(async () => {
    const reward = new RememberingReward();
    reward.beforeCall = ({ requestId }) => {
      if (requestId.includes('/0/annotate/0')) reward.promote('toy', 'sha256:next', (text) => 100 - toyScore(text));
    };
    const services = { ...toyServices(), reward };
    const observer = { ...UNOBSERVED, traceId: () => TRACE };
    equal((await toyRun({ folder, services, observer, overrides: ['reward_swaps=follow'] })).state, 'succeeded');
    told = await explanations(folder);
    report = reportOf(folder);
  });

  it('is every row once, with the gate as the report has it', () => {
    equal(told.length, ROWS);
    for (const { iteration, gate } of report.iterations) {
      const rows = new Map(told.filter((row) => row.iteration === iteration).map((row) => [row.itemId, row]));
      equal(rows.size, gate.length);
      for (const point of gate) {
        const row = rows.get(point.itemId)!;
        deepEqual([row.gate?.score, row.gate?.ellOff], [point.score, point.ellOff]);
        ok(Math.abs(row.gate!.weight! - point.weight) < 1e-6);
        equal(row.gate?.sampled, point.sampled);
        equal((row.gate?.draw ?? 0) > (row.gate?.weight ?? 1), point.sampled);
      }
    }
  });

  it('is what became of it', () => {
    for (const iteration of report.iterations) {
      const fates = (fate: string) => countOf(told, iteration.iteration, fate);
      equal(fates('tied'), iteration.droppedTieCount);
      equal(fates('invalid'), iteration.droppedInvalidCount);
      equal(fates('paired'), iteration.sampledCount - iteration.droppedTieCount - iteration.droppedInvalidCount);
      equal(fates('unsampled'), iteration.promptCount - iteration.sampledCount);
    }
    ok(told.every(({ fate }) => fate !== 'pending'));
  });

  it('is the best response against the worst, each with the model that scored it', () => {
    const paired = told.filter(({ fate }) => fate === 'paired');
    ok(paired.length > 0);
    for (const { samples, iteration, rewardModel } of paired) {
      const scores = samples.flatMap(({ score }) => (score === undefined ? [] : [score]));
      equal(samples.find(({ role }) => role === 'chosen')?.score, Math.max(...scores));
      equal(samples.find(({ role }) => role === 'rejected')?.score, Math.min(...scores));
      equal(rewardModel?.epoch, String(iteration + 1));
      for (const { provenance, score } of samples) {
        const { epoch, weightsDigest } = JSON.parse(provenance!) as { epoch: string; weightsDigest: string };
        equal(epoch, rewardModel?.epoch);
        equal(weightsDigest, rewardModel?.weightsDigest);
        equal(score! > 90, epoch === '2', 'the two models score in different ranges');
      }
    }
    for (const { iteration, annotationCount } of report.iterations) {
      const texts = told
        .filter((row) => row.iteration === iteration)
        .flatMap(({ itemId, samples }) => {
          return samples.filter(({ source }) => source === 'paid').map(({ text }) => `${itemId} ${text}`);
        });
      equal(new Set(texts).size, annotationCount, 'what was paid for, each text once');
    }
  });

  it('is the weight at each step that saw it, and the traces of its units', () => {
    for (const { fate, uses, units } of told) {
      equal(
        uses.some(({ phase }) => phase === 'train'),
        fate === 'paired',
      );
      ok(uses.every(({ weight, loss }) => weight >= 0 && weight <= 1 && Number.isFinite(loss)));
      if (fate !== 'paired') continue;
      deepEqual(
        units.map(({ phase }) => phase.replace(/@.*/, '')),
        ['score', 'gate', 'generate', 'annotate', 'score-online'],
      );
      ok(units.every(({ traceId }) => traceId === TRACE));
    }
  });

  it('names what it cannot tell', () => {
    ok(told.every(({ gaps }) => gaps.length === 1));
    match(told[0]!.gaps[0]!, /offline pair/);
  });
});

describe('what is told of a row of a run that is not over', () => {
  it('is as much as is known', async () => {
    const folder = temporaryFolder();
    const services = toyServices();
    services.reward.beforeCall = ({ requestId }) => {
      if (requestId.includes('/1/annotate/')) throw new TypeError('interrupted');
    };
    equal((await toyRun({ folder, services })).state, 'failed');
    const told = await explanations(folder);
    const later = told.filter(({ iteration }) => iteration === 1);
    const waiting = later.filter(({ fate }) => fate === 'pending');
    ok(waiting.length > 0);
    ok(later.every(({ fate, uses }) => fate !== 'paired' && uses.every(({ phase }) => phase === 'warm-up')));
    ok(waiting.every(({ samples }) => samples.every(({ score }) => score === undefined)));
    ok(told.some(({ iteration, fate }) => iteration === 0 && fate === 'paired'));
  });

  it('is why a row was lost, and that it was trained on offline', async () => {
    const folder = temporaryFolder();
    equal((await toyRun({ folder, overrides: ['budget.annotations=9'] })).state, 'succeeded');
    const told = await explanations(folder);
    const lost = told.filter(({ fate }) => fate === 'lost');
    equal(lost.length, reportOf(folder).losses?.lostCount);
    ok(lost.length > 0);
    for (const { fateReason, isOfflineOnly, uses } of lost) {
      deepEqual([fateReason, isOfflineOnly], ['BUDGET_SPENT', true]);
      ok(uses.filter(({ phase }) => phase === 'train').every(({ weight }) => weight === 1));
    }
  });

  it('is nothing for a row that the run has not', async () => {
    const folder = temporaryFolder();
    equal((await toyRun({ folder, rowCount: 4 })).state, 'succeeded');
    await rejects(explainRow(join(folder, 'run'), 'row-4'), { code: 'ROW_UNKNOWN' });
    await rejects(explainRow(folder, 'row-0'), { code: 'DATABASE_DAMAGED' });
  });

  it('is that an earlier version kept no notes, and what to do', async () => {
    const folder = temporaryFolder();
    equal((await toyRun({ folder })).state, 'succeeded');
    const database = new DatabaseSync(join(folder, 'run', 'run.sqlite'));
    database.exec(`DELETE FROM units WHERE phase LIKE '%/note' AND iteration = 0`);
    const { itemId } = reportOf(folder).iterations[0]!.gate[0]!;
    await rejects(explainRow(join(folder, 'run'), itemId), (error: Error & { code?: string }) => {
      equal(error.code, 'ROWS_NOT_NOTED');
      match(error.message, /for iteration 1: .* report\.json/);
      return true;
    });
    equal((await explainRow(join(folder, 'run'), reportOf(folder).iterations[1]!.gate[0]!.itemId)).iteration, 1);
    database.exec(`DELETE FROM units WHERE phase LIKE '%/note'`);
    database.close();
    await rejects(explainRow(join(folder, 'run'), itemId), { message: /for iteration 1, 2: / });
  });
});
