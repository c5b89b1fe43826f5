/**
 * Goal: a run is the same bytes at any concurrency and after any interruption, pays for nothing twice, and fails by name.
 * Method: whole runs over toy services; faults are injected at the ports.
 */
import { describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { digestOf } from '#core';
import type { ReportData } from '#report';
import { parsePolicyRecord } from '#run-config';
import type { ActiveRun } from './active-run.js';
import type { RunEvent } from './run-events.js';
import { runOutputs, type RunOutputs } from '../../../../../test/support/run-outputs.js';
import { temporaryFolder, toyRun, toyServices } from '../../testing/toy-run.js';

const outputs = (folder: string): RunOutputs => runOutputs(join(folder, 'run'));

describe('a run', () => {
  it('goes from data to an adapter, a meta-learner and a report', async () => {
    const folder = temporaryFolder();
    const rates = ['optimizer.learning_rate=0.2', 'optimizer.warm_up_learning_rate=0.2'];
    const run = await toyRun({ folder, overrides: [...rates, 'evaluation.count=60'] });
    equal(run.failure, undefined);
    equal(run.state, 'succeeded');
    const { report } = outputs(folder);
    deepEqual(
      report.evaluations.map(({ stage }) => stage),
      ['sft', 'warm-up', 'final'],
    );
    equal(report.iterations.length, 2);
    ok(report.annotations.used < report.annotations.total);
    equal(
      report.iterations.reduce((sum, { annotationCount }) => sum + annotationCount, 0),
      report.annotations.used,
      'what the iterations paid for is what the run paid for',
    );
    const [before, , after] = report.evaluations.map(({ judged }) => meanOf(judged[0]?.scores ?? []));
    ok(after! > before!, `the training reward went from ${before} to ${after}`);
  });

  it('says on disk which policy it has reached, a run that fails too', async () => {
    let callCount = 0;
    for (const fails of [false, true]) {
      const folder = temporaryFolder();
      const services = toyServices();
      services.policy.beforeCall = ({ index }) => {
        if (fails && index === callCount - 2) throw new TypeError('interrupted');
      };
      const { state, adapterDigest: last } = await toyRun({ folder, services });
      equal(state, fails ? 'failed' : 'succeeded');
      ({ callCount } = services.policy);
      const run = join(folder, 'run');
      const record = parsePolicyRecord(readFileSync(join(run, 'policy.json'), 'utf8'), 'policy.json');
      equal(record.base_directory, '..');
      if (!fails) equal(record.adapter_digest, last);
      const artifact = readFileSync(join(run, 'artifacts', record.artifact.replace(':', '-')));
      equal(digestOf(artifact), record.artifact);
    }
  });

  it('gives the same adapter and ledger at any concurrency', async () => {
    const [one, many] = [temporaryFolder(), temporaryFolder()];
    await toyRun({ folder: one, overrides: ['units.concurrency=1'] });
    await toyRun({ folder: many, overrides: ['units.concurrency=16'] });
    deepEqual(outputs(many).adapter, outputs(one).adapter);
    deepEqual(outputs(many).ledger, outputs(one).ledger);
  });

  it('is the same after an interruption at any call, and pays for nothing twice', async () => {
    const whole = temporaryFolder();
    const undisturbed = toyServices();
    await toyRun({ folder: whole, services: undisturbed });
    const expected = outputs(whole);
    const { callCount } = undisturbed.policy;
    for (let stopAt = 3; stopAt < callCount; stopAt += Math.ceil(callCount / 5)) {
      const folder = temporaryFolder();
      const services = toyServices();
      services.policy.beforeCall = ({ index }) => {
        if (index === stopAt) throw new TypeError('interrupted');
      };
      equal((await toyRun({ folder, services })).state, 'failed', `interrupted at call ${stopAt}`);
      services.metaLearner.state = undefined;
      equal((await toyRun({ folder, services })).state, 'succeeded');
      deepEqual(outputs(folder).adapter, expected.adapter, `adapter after an interruption at call ${stopAt}`);
      deepEqual(outputs(folder).ledger, expected.ledger);
      deepEqual(outputs(folder).report.iterations, expected.report.iterations);
      equal(services.reward.scored.length, new Set(services.reward.scored).size);
    }
  });

  it('updates the meta-learner floor(steps / period) times per iteration, whatever the units', async () => {
    const seen = new Map<string, string>();
    for (const items of [1, 2, 4]) {
      const folder = temporaryFolder();
      const services = toyServices();
      await toyRun({ folder, services, overrides: [`units.gradient_items=${items}`] });
      const { iterations } = outputs(folder).report;
      for (const { optimizerStepCount, metaUpdateCount } of iterations) {
        equal(metaUpdateCount, Math.floor(optimizerStepCount / 2));
      }
      ok(iterations.some(({ metaUpdateCount }) => metaUpdateCount > 0));
      seen.set(String(items), JSON.stringify(services.metaLearner.updates.map(({ buffer }) => buffer.length)));
    }
    equal(new Set(seen.values()).size, 1, JSON.stringify([...seen]));
  });

  it('takes steps that depend on the size of units by rounding alone', async () => {
    const adapters = [];
    for (const items of [1, 2, 4]) {
      const folder = temporaryFolder();
      await toyRun({ folder, overrides: [`units.gradient_items=${items}`] });
      const bytes = outputs(folder).adapter;
      adapters.push(
        new Float32Array(bytes.buffer.slice(bytes.byteOffset + bytes.length - 36, bytes.byteOffset + bytes.length)),
      );
    }
    const [first, ...others] = adapters;
    for (const other of others) {
      other.forEach((value, index) => ok(Math.abs(value - first![index]!) < 1e-5, `${value} against ${first![index]}`));
    }
  });

  it('trains on no tied pair, and says how many there were', async () => {
    const folder = temporaryFolder();
    const services = toyServices();
    services.reward.score = () => 0.5;
    equal((await toyRun({ folder, services })).state, 'succeeded');
    for (const { sampledCount, droppedTieCount, pairCount, optimizerStepCount } of outputs(folder).report.iterations) {
      equal(droppedTieCount, sampledCount);
      deepEqual([pairCount, optimizerStepCount], [0, 0]);
    }
  });

  it('pairs what could be annotated, and never takes a failure for a zero', async () => {
    const folder = temporaryFolder();
    const services = toyServices();
    services.reward.isBroken = (text) => text.startsWith('a ') || text.startsWith('good ');
    equal((await toyRun({ folder, services })).state, 'succeeded');
    const { report, ledger } = outputs(folder);
    ok(report.iterations.some(({ droppedInvalidCount, pairCount }) => droppedInvalidCount > 0 && pairCount > 0));
    ok(report.evaluations.some(({ judged }) => judged[0]?.scores.includes(null)));
    ok(!JSON.stringify(ledger).includes('"score":null'));
  });

  it('fails by name when nothing at all can be annotated, and asks again later', async () => {
    const folder = temporaryFolder();
    const services = toyServices();
    services.reward.isBroken = () => true;
    equal((await toyRun({ folder, services })).failure?.reason, 'PHASE_FAILED');
    services.reward.isBroken = () => false;
    equal((await toyRun({ folder, services })).state, 'succeeded');
  });

  it('fails by name on a full disk, and goes on when there is room', async () => {
    const [folder, whole] = [temporaryFolder(), temporaryFolder()];
    const services = toyServices();
    const full = await toyRun({ folder, services, pageCountMax: 20 });
    deepEqual([full.state, full.failure?.reason], ['failed', 'DISK_FULL']);
    equal((await toyRun({ folder, services })).state, 'succeeded');
    await toyRun({ folder: whole });
    deepEqual(outputs(folder).adapter, outputs(whole).adapter);
  });

  it('stops when asked, after the units in flight, and goes on later', async () => {
    const folder = temporaryFolder();
    const services = toyServices();
    const stopped = await toyRun({
      folder,
      services,
      onStart: (run) => {
        services.policy.beforeCall = ({ index }) => {
          if (index === 30) run.cancel();
        };
      },
    });
    equal(stopped.state, 'cancelled');
    services.policy.beforeCall = () => {};
    equal((await toyRun({ folder, services })).state, 'succeeded');
  });

  it('changes nothing when it is started again after its end', async () => {
    const folder = temporaryFolder();
    const services = toyServices();
    await toyRun({ folder, services });
    const { adapter, report } = outputs(folder);
    const { callCount } = services.policy;
    equal((await toyRun({ folder, services })).state, 'succeeded');
    equal(services.policy.callCount, callCount);
    deepEqual(outputs(folder).adapter, adapter);
    deepEqual({ ...outputs(folder).report, phases: [] }, { ...report, phases: [] });
  });

  it('has ended for others once its report is written and its directory free', async () => {
    const folder = temporaryFolder();
    const services = toyServices();
    const atEnd = Promise.withResolvers<readonly [reports: number, state: string]>();
    const look = async (run: ActiveRun): Promise<void> => {
      while (['running', 'cancelling'].includes(run.snapshot().state)) await nextTurn();
      const reports = outputs(folder).report.evaluations.length;
      atEnd.resolve([reports, (await toyRun({ folder, services })).state]);
    };
    await toyRun({ folder, services, onStart: (run) => void look(run).catch(atEnd.reject) });
    deepEqual(await atEnd.promise, [3, 'succeeded']);
  });

  it('numbers its events without gaps and ends with the end', async () => {
    let events: Promise<{ readonly number: number; readonly event: RunEvent }[]> | undefined;
    await toyRun({
      folder: temporaryFolder(),
      onStart: (run) => {
        events = collected(run.watch(0, new AbortController().signal));
      },
    });
    const list = (await events) ?? [];
    deepEqual(
      list.map(({ number }) => number),
      list.map((_, index) => index),
    );
    equal(list.at(-1)?.event.kind, 'run_ended');
    const phases = list.flatMap(({ event }) => (event.kind === 'phase_ended' ? [event.phase] : []));
    const iteration = ['score', 'gate', 'generate', 'annotate', 'score-online', 'train'];
    deepEqual(phases, ['evaluate-sft', 'warm-up', 'evaluate-warm-up', ...iteration, ...iteration, 'evaluate-final']);
  });
});

describe('baselines are settings', () => {
  const report = async (overrides: readonly string[]): Promise<ReportData> => {
    const folder = temporaryFolder();
    const run = await toyRun({ folder, overrides: ['evaluation.count=1', 'evaluation.examples=0', ...overrides] });
    equal(run.failure, undefined);
    return outputs(folder).report;
  };
  const sum = ({ iterations }: ReportData, pick: (iteration: ReportData['iterations'][number]) => number) =>
    iterations.reduce((total, iteration) => total + pick(iteration), 0);

  it('offline DPO trains on every pair and annotates nothing', async () => {
    const offline = await report([
      'algorithm.gate.kind=none',
      'algorithm.weight.kind=constant',
      'algorithm.weight.value=1',
    ]);
    equal(offline.annotations.used, 0);
    equal(
      sum(offline, ({ pairCount }) => pairCount),
      24,
    );
  });

  it('online DPO samples every prompt', async () => {
    const online = await report([
      'algorithm.gate.kind=all',
      'algorithm.weight.kind=constant',
      'algorithm.weight.value=0',
    ]);
    equal(
      sum(online, ({ sampledCount }) => sampledCount),
      24,
    );
    equal(
      sum(online, ({ metaUpdateCount }) => metaUpdateCount),
      0,
    );
  });

  for (const gate of ['random', 'threshold', 'sigmoid', 'all']) {
    it(`gate ${gate} runs with a learned weight`, async () => {
      ok(sum(await report([`algorithm.gate.kind=${gate}`]), ({ sampledCount }) => sampledCount) > 0);
    });
  }

  for (const weight of ['constant', 'sigmoid']) {
    it(`weight ${weight} runs`, async () => {
      ok(sum(await report([`algorithm.weight.kind=${weight}`]), ({ pairCount }) => pairCount) > 0);
    });
  }

  it('a frozen meta-learner of another run gates and weighs, and never learns', async () => {
    const source = temporaryFolder();
    await toyRun({ folder: source });
    const folder = temporaryFolder();
    copyFileSync(join(source, 'run', 'meta-learner.json'), join(folder, 'phi.json'));
    const overrides = ['algorithm.weight.kind=frozen', 'algorithm.weight.snapshot=phi.json'];
    equal((await toyRun({ folder, overrides })).failure, undefined);
    const frozen = readFileSync(join(folder, 'run', 'meta-learner.json'), 'utf8');
    equal(frozen, readFileSync(join(folder, 'phi.json'), 'utf8'));
    equal(
      sum(outputs(folder).report, ({ metaUpdateCount }) => metaUpdateCount),
      0,
    );
  });

  it('the shuffled control deals the same online scores to other rows', async () => {
    const [plain, shuffled] = [toyServices(), toyServices()];
    await toyRun({ folder: temporaryFolder(), services: plain });
    await toyRun({
      folder: temporaryFolder(),
      services: shuffled,
      overrides: ['algorithm.meta.shuffle_online=true'],
    });
    const [a, b] = [plain, shuffled].map(({ metaLearner }) => metaLearner.updates[0]!.buffer.map(({ ellOn }) => ellOn));
    deepEqual(
      a!.toSorted((x, y) => x - y),
      b!.toSorted((x, y) => x - y),
    );
    ok(a!.join() !== b!.join());
  });

  it('unsampled rows can be kept, their offline pair on both sides', async () => {
    const kept = await report(['algorithm.keep_unsampled=true']);
    const dropped = await report([]);
    ok(sum(kept, ({ pairCount }) => pairCount) > sum(dropped, ({ pairCount }) => pairCount));
  });

  it('a frozen reference and other losses run', async () => {
    await report(['preset=paper']);
    await report(['algorithm.loss=simpo', 'algorithm.beta=2.5', 'algorithm.gamma=0.6']);
    await report(['algorithm.loss=ipo_average', 'algorithm.warm_up.epochs=0']);
  });
});

async function collected<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

function meanOf(scores: readonly (number | null)[]): number {
  const given = scores.filter((score) => score !== null);
  return given.reduce((total, score) => total + score, 0) / given.length;
}
