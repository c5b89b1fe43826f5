/** @file Epochs and slots beyond the process: restarted, killed between any two steps, edited, damaged. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { BackendSpec } from '../domain/backends/backend-kinds.js';
import type { LifecycleOptions } from '../domain/lifecycle/open-lifecycle.js';
import type { RewardLifecycle } from '../domain/lifecycle/reward-lifecycle.js';
import {
  BROKEN,
  calm,
  paper,
  paperJson,
  paperLifecycle,
  plain,
  promoteTo,
  type PaperSettings,
} from '../testing/paper-models.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { StateFile, nodeDisk, type StateDisk } from './state-file.js';

const folder = temporaryFolder('state');
let fileCount = 0;
const newPath = () => join(folder, `${fileCount++}`, 'state.json');

const m = { ...plain, rewardModel: 'm' };
type Options = Partial<LifecycleOptions> & PaperSettings & { readonly disk?: StateDisk };

/** A process that serves a name from a file, as it is after a start. */
const started = async (path: string, spec: BackendSpec = paper(0), { disk, ...options }: Options = {}) =>
  await paperLifecycle({ m: spec }, { store: new StateFile(path, disk), ...options });

/** What callers can see of a name. */
function visible(lifecycle: RewardLifecycle) {
  const { slots } = lifecycle.registry.modelsOf('m');
  const epochs = slots.epochs.map(({ epoch }) => {
    const { loaded } = lifecycle.registry.find('m', String(epoch));
    return `${epoch}: ${JSON.stringify(loaded.spec)}`;
  });
  return { epochs, staged: slots.staged !== undefined };
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const kindsOf = (lifecycle: RewardLifecycle) => lifecycle.versions('m').state.events.map(({ kind }) => kind);

describe('a restart', () => {
  it('brings back what is in service, warm and staged, with shadow, report and history', async () => {
    const path = newPath();
    const { lifecycle } = await started(path);
    await promoteTo(lifecycle, 'm', 100);
    await lifecycle.stage({ ...m, specJson: paperJson(200) }, calm);
    await lifecycle.shadow({ ...m, trafficFraction: 0.5, allowCost: false }, calm);
    const responses = ['x', 'xx'].map((text) => ({ kind: 'text' as const, text, truncated: false }));
    const items = [{ itemId: 'a', prompt: { kind: 'text' as const, text: 'p' }, responses }];
    await lifecycle.report(
      { rewardModel: 'm', items, ignoreShadow: false, allowCost: false, seed: '0', disagreementCountMax: 1 },
      calm,
    );
    const again = await started(path);
    assert.deepEqual(visible(again.lifecycle), visible(lifecycle));
    assert.deepEqual(asJson(again.lifecycle.versions('m').state), asJson(lifecycle.versions('m').state));
    assert.equal(again.lifecycle.shadowOf('m')?.trafficFraction, 0.5);
    assert.equal(again.backends.length, 3);
    assert.equal(again.lifecycle.isDurable, true);
    assert.equal((await again.lifecycle.promote({ ...m, expectedEpoch: 2, force: false }, calm)).provenance.epoch, 3);
  });

  it('gives the repetition of a request the answer that was given', async () => {
    const path = newPath();
    const { lifecycle } = await started(path);
    await lifecycle.stage({ ...m, specJson: paperJson(100) }, calm);
    const promotion = { ...m, requestId: 'p', expectedEpoch: 1, force: false };
    const answer = await lifecycle.promote(promotion, calm);
    const again = await started(path);
    assert.deepEqual(await again.lifecycle.promote(promotion, calm), answer);
    assert.equal(again.lifecycle.registry.find('m').provenance.epoch, 2);
  });

  it('with an edited entry is a promotion, whatever was in service', async () => {
    const path = newPath();
    const { lifecycle } = await started(path);
    await promoteTo(lifecycle, 'm', 100);
    const edited = await started(path, paper(50));
    assert.deepEqual(visible(edited.lifecycle).epochs, [
      '1: {"backend":"length","target":0}',
      '2: {"backend":"length","target":100}',
      '3: {"backend":"length","target":50}',
    ]);
    assert.equal(kindsOf(edited.lifecycle).at(-1), 'configured');
    const same = await started(path, paper(50));
    assert.deepEqual(visible(same.lifecycle), visible(edited.lifecycle));
  });

  it('with an entry that follows the promotion is none', async () => {
    const path = newPath();
    const { lifecycle } = await started(path);
    await promoteTo(lifecycle, 'm', 100);
    const followed = await started(path, { backend: 'length', target: 100, threads: 2 });
    assert.deepEqual(visible(followed.lifecycle).epochs, [
      '1: {"backend":"length","target":0}',
      '2: {"backend":"length","target":100,"threads":2}',
    ]);
  });

  it('refuses a model in service whose files changed, unless it is to be promoted', async () => {
    const path = newPath();
    await started(path);
    await assert.rejects(started(path, paper(0), { digestSalt: 'edited' }), {
      code: 'REWARD_MODEL_CHANGED',
      message: /epoch 1 stands for sha256:.*REWARD_CHANGED_MODELS=promote/,
    });
    const { lifecycle } = await started(path, paper(0), { digestSalt: 'edited', changedModels: 'promote' });
    const { kind, epoch, reason } = lifecycle.versions('m').state.events.find(({ epoch: at }) => at === 2)!;
    assert.deepEqual([kind, epoch, reason], ['configured', 2, 'the files of the model changed']);
  });

  it('goes on without a warm or staged model that cannot be had, and says so', async () => {
    const path = newPath();
    const { lifecycle } = await started(path);
    await promoteTo(lifecycle, 'm', 100);
    await lifecycle.stage({ ...m, specJson: paperJson(200) }, calm);
    const text = readFileSync(path, 'utf8').replaceAll('"target": 200', `"target": ${BROKEN}`);
    writeFileSync(path, text.replaceAll('"target": 0', '"target": 1'));
    const lost: string[] = [];
    const again = await started(path, paper(1), { onLost: (_, reason) => void lost.push(reason) });
    assert.deepEqual(visible(again.lifecycle), { epochs: ['2: {"backend":"length","target":100}'], staged: false });
    assert.match(lost.join(), /files now give sha256.*it is broken/);
    assert.deepEqual(kindsOf(again.lifecycle).slice(-2), ['lost', 'lost']);
  });

  it('counts on where a name stopped that was not configured for a while', async () => {
    const path = newPath();
    const { lifecycle } = await started(path);
    await promoteTo(lifecycle, 'm', 100);
    const without = await paperLifecycle({ other: paper(0) }, { store: new StateFile(path) });
    assert.deepEqual(without.lifecycle.registry.names(), ['other']);
    const back = await started(path, paper(7));
    assert.equal(back.lifecycle.registry.find('m').provenance.epoch, 3);
  });
});

describe('a process that dies while it writes', () => {
  /** Ends the process before the step that is counted so. */
  function dyingAt(step: number): StateDisk {
    let count = 0;
    const dies = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => {
      return async (...args: A): Promise<R> => {
        if (count++ >= step) throw new TypeError('killed');
        return await work(...args);
      };
    };
    // What was only half written when the process died lies beside the file.
    const write: StateDisk['write'] = (path, text) => nodeDisk.write(path, text.slice(0, text.length / 2));
    const isLast = (): boolean => count === step;
    return {
      read: dies((path) => nodeDisk.read(path)),
      write: dies((path, text) => (isLast() ? write(path, text) : nodeDisk.write(path, text))),
      rename: dies((from, to) => nodeDisk.rename(from, to)),
      syncFolder: dies((path) => nodeDisk.syncFolder(path)),
      remove: dies((path) => nodeDisk.remove(path)),
    };
  }

  it('is followed by one that has the change whole or not at all', async () => {
    const outcomes = new Set<string>();
    for (let step = 0; step <= 5; step++) {
      const path = newPath();
      const first = await started(path);
      await first.lifecycle.stage({ ...m, specJson: paperJson(100) }, calm);
      const before = visible(first.lifecycle);
      // The steps of the start itself come first: reading, and one write.
      const dying = await started(path, paper(0), { disk: dyingAt(5 + step) });
      const promotion = { ...m, requestId: 'p', expectedEpoch: 1, force: false };
      const died = await dying.lifecycle.promote(promotion, calm).then(
        () => false,
        () => true,
      );
      const next = await started(path);
      const now = visible(next.lifecycle);
      const isDone = now.epochs.length === 2;
      if (!isDone) assert.deepEqual(now, before);
      outcomes.add(`${died} ${isDone}`);
      assert.equal((await next.lifecycle.promote(promotion, calm)).provenance.epoch, 2, `killed at step ${step}`);
    }
    assert.ok(outcomes.has('true false') && outcomes.has('false true'), [...outcomes].join());
  });
});

describe('a state file', () => {
  it('that is damaged, of a later format, or contradicts itself is refused by name', async () => {
    const path = newPath();
    const { lifecycle } = await started(path);
    await promoteTo(lifecycle, 'm', 100);
    const good = readFileSync(path, 'utf8');
    for (const [bad, message] of [
      [good.slice(0, 200), /JSON/],
      [good.replace('"version": 1', '"version": 2'), /version/],
      [good.replace('"epoch": 1,', '"epoch": 9,'), /names\.m: expected epochs that grow/],
      [good.replace('"nextModel"', '"nextMdel"'), /names\.m\.slots/],
      ['', /JSON/],
    ] as const) {
      writeFileSync(path, bad);
      await assert.rejects(started(path), { code: 'REWARD_STATE_UNUSABLE', message });
    }
  });

  it('that another process writes is not overwritten', async () => {
    const path = newPath();
    const one = await started(path);
    const other = await started(path);
    await other.lifecycle.stage({ ...m, specJson: paperJson(100) }, calm);
    await assert.rejects(one.lifecycle.stage({ ...m, specJson: paperJson(200) }, calm), {
      code: 'REWARD_STATE_UNUSABLE',
      message: /another process/,
    });
    assert.equal(visible(one.lifecycle).staged, false);
  });

  it('where none can be is refused at the start', async () => {
    const inFile = newPath();
    await started(inFile);
    await assert.rejects(started(join(inFile, 'state.json')), { code: 'REWARD_STATE_UNUSABLE' });
  });
});
