/** Goal: runs that share a ledger pay for each text once between them, at the same time too; where a run keeps its things is no matter of results. */
import { after, describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ReportData } from '#report';
import { startPrivateS3 } from '../../../../../test/support/private-s3.js';
import { sharedPostgres, storageBackends } from '../../../../../test/support/storage-backends.js';
import { temporaryFolder, toyRun, toyServices, type ToyRunOptions, type ToyServices } from '../../testing/toy-run.js';

const [, postgres] = storageBackends();
const NEEDS_POSTGRES = { skip: postgres?.skip ?? false };

interface Outputs {
  readonly adapter: Buffer;
  readonly annotations: ReportData['annotations'];
}

/** A run that must succeed. */
async function succeeded(folder: string, name: string, options: Partial<ToyRunOptions> = {}): Promise<Outputs> {
  const { state, failure } = await toyRun({ rowCount: ROWS, ...options, folder, name, runId: name });
  equal(failure, undefined);
  equal(state, 'succeeded');
  const { annotations } = JSON.parse(readFileSync(join(folder, name, 'report.json'), 'utf8')) as ReportData;
  return { adapter: readFileSync(join(folder, name, 'adapter', 'adapter_model.safetensors')), annotations };
}

/** Services of a run of its own with an annotator that is everyone's. */
function services(reward: ToyServices['reward']): ToyServices {
  return { ...toyServices(), reward };
}

/** Scores that several processes want at once. */
const KEYS = 96;
/** Enough for two iterations of several steps. */
const ROWS = 16;
const SHARED = ['ledger=shared/ledger.sqlite'];

describe('a ledger that runs share', () => {
  it('lets a re-run pay for nothing, and says so in its bill', async () => {
    const folder = temporaryFolder();
    const { reward } = toyServices();
    const first = await succeeded(folder, 'first', { services: services(reward), overrides: SHARED });
    const callCount = reward.scored.length;
    const second = await succeeded(folder, 'second', { services: services(reward), overrides: SHARED });
    equal(reward.scored.length, callCount);
    deepEqual(second.adapter, first.adapter);
    const { used, fromLedger, evaluation } = second.annotations;
    deepEqual({ used, evaluation }, { used: 0, evaluation: 0 });
    equal(fromLedger, first.annotations.used + first.annotations.fromLedger);
  });

  it('lets another seed pay for what is new', async () => {
    const folder = temporaryFolder();
    const { reward } = toyServices();
    await succeeded(folder, 'first', { services: services(reward), overrides: SHARED });
    const alone = await succeeded(folder, 'alone', { overrides: ['seed=8'] });
    const other = await succeeded(folder, 'other', { services: services(reward), overrides: [...SHARED, 'seed=8'] });
    equal(new Set(reward.scored).size, reward.scored.length, 'no text is paid for twice');
    deepEqual(other.adapter, alone.adapter);
    ok(other.annotations.used + other.annotations.evaluation < alone.annotations.used + alone.annotations.evaluation);
  });

  it('lets runs at the same time pay for each text once between them', async () => {
    const folder = temporaryFolder();
    const { reward } = toyServices();
    reward.beforeCall = async () => {
      await setImmediate();
    };
    const options = { services: services(reward), overrides: SHARED };
    const [one, two] = await Promise.all([
      succeeded(folder, 'one', options),
      succeeded(folder, 'two', { ...options, services: services(reward) }),
    ]);
    equal(new Set(reward.scored).size, reward.scored.length, 'no text is paid for twice');
    deepEqual(one.adapter, two.adapter);
    const bills = [one, two].map(({ annotations: { used, evaluation } }) => used + evaluation);
    equal(bills[0]! + bills[1]!, reward.scored.length);
  });

  it('may be lost without the run losing what it has used', async () => {
    const folder = temporaryFolder();
    const undisturbed = await succeeded(folder, 'undisturbed');
    const failing = services(toyServices().reward);
    failing.policy.beforeCall = ({ index }) => {
      if (index === 20) throw new TypeError('interrupted');
    };
    const interrupted = { folder, rowCount: ROWS, name: 'interrupted', runId: 'interrupted', overrides: SHARED };
    equal((await toyRun({ ...interrupted, services: failing })).state, 'failed');
    rmSync(join(folder, 'shared'), { recursive: true });
    const { adapter } = await succeeded(folder, 'interrupted', { overrides: SHARED });
    deepEqual(adapter, undisturbed.adapter);
  });

  for (const [name, condition] of [
    ['SQLite', {}],
    ['PostgreSQL', NEEDS_POSTGRES],
  ] as const) {
    it(`on ${name} sells each score to one of several processes`, condition, async () => {
      const place = name === 'SQLite' ? join(temporaryFolder(), 'ledger.sqlite') : (await sharedPostgres()).url;
      const program = fileURLToPath(new URL('../../../../../test/support/ledger-buyer.js', import.meta.url));
      const buyers = Array.from({ length: 4 }, (_, index) => {
        return promisify(execFile)(process.execPath, [program, place, `buyer-${index}`, String(KEYS)]);
      });
      const paid = (await Promise.all(buyers)).map(({ stdout }) => Number(stdout));
      equal(
        paid.reduce((sum, count) => sum + count, 0),
        KEYS,
        `paid ${paid.join(' + ')}`,
      );
    });
  }
});

describe('a run that keeps its things elsewhere', () => {
  it('has the same adapter and bill, its artifacts in a bucket', async () => {
    const folder = temporaryFolder();
    const s3 = await startPrivateS3();
    after(async () => await s3.remove());
    const own = await succeeded(folder, 'own');
    const overrides = [`storage.artifacts="${s3.placeOf('runs')}"`];
    deepEqual(await succeeded(folder, 'elsewhere', { overrides }), own);
    deepEqual(
      readdirSync(join(folder, 'elsewhere')).filter((name) => /sqlite-|artifacts/.test(name)),
      [],
    );
  });

  it('has the same adapter and bill, its journal and ledger in a database', NEEDS_POSTGRES, async () => {
    const folder = temporaryFolder();
    const { url } = await sharedPostgres();
    const own = await succeeded(folder, 'own');
    const overrides = [`storage.journal=${url}`, `ledger=${url}`];
    const failing = toyServices();
    failing.policy.beforeCall = ({ index }) => {
      if (index === 20) throw new TypeError('interrupted');
    };
    const interrupted = { folder, rowCount: ROWS, name: 'elsewhere', runId: 'elsewhere', overrides };
    equal((await toyRun({ ...interrupted, services: failing })).state, 'failed');
    deepEqual(await succeeded(folder, 'elsewhere', { overrides }), own);
    ok(!readdirSync(join(folder, 'elsewhere')).includes('run.sqlite'));
  });
});
