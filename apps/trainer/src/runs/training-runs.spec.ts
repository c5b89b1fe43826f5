/** Goal: a run that cannot begin leaves its directory free for the next try. */
import { describe, it } from 'node:test';
import { equal, rejects } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '#core';
import { TOY_CONFIG, UNOBSERVED, temporaryFolder } from '../testing/toy-run.js';
import { TrainingRuns } from './training-runs.js';

class KeyUnreadable extends TypeError {}

describe('the runs of a trainer', () => {
  it('give the directory back when the connections of a run cannot be opened', async () => {
    const folder = temporaryFolder();
    const row = { prompt: 'a prompt', chosen: 'good', rejected: 'bad' };
    writeFileSync(join(folder, 'toy.jsonl'), `${JSON.stringify(row)}\n`);
    let tries = 0;
    const runs = new TrainingRuns({
      runsMax: 1,
      stopTimeoutMs: 0,
      openServices: () => {
        tries += 1;
        throw new KeyUnreadable('no key');
      },
      locateModel: (model) => Promise.resolve(model),
      clock: systemClock,
      observer: UNOBSERVED,
      serviceVersion: '0.0.0',
      address: () => '',
      onError: () => {},
    });
    const command = { requestId: '', configYaml: TOY_CONFIG, baseDirectory: folder, runDirectory: join(folder, 'run') };
    for (const tryCount of [1, 2]) {
      await rejects(runs.start(command), KeyUnreadable);
      equal(tries, tryCount);
    }
    await runs.close();
  });
});
