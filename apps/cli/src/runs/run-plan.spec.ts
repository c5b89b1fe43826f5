import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planRun, slug } from './run-plan.js';

const CONFIG = `
name: My Run, no. 2
model: { path: model }
data: { train: pairs.jsonl }
rewards: { mine: { backend: module, path: reward.mjs }, vader: { backend: vader } }
reward: mine
algorithm: { iterations: 4, samples_per_prompt: 2 }
`;

describe('the plan of a run', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'metaapo-plan-'));
    writeFileSync(join(folder, 'run.yaml'), CONFIG);
  });
  after(() => rmSync(folder, { recursive: true }));

  const plan = (overrides: readonly string[] = [], runDirectory?: string) =>
    planRun({ configPath: join(folder, 'run.yaml'), overrides, runDirectory });

  it('takes paths from the folder of the configuration', async () => {
    const { model, rewardModels, baseDirectory, iterationCount } = await plan();
    equal(model, 'model', 'relative to the folder, or a name on the Hub');
    deepEqual(rewardModels, {
      mine: { backend: 'module', path: join(folder, 'reward.mjs') },
      vader: { backend: 'vader' },
    });
    deepEqual([baseDirectory, iterationCount], [folder, 4]);
  });

  it('gives the same configuration the same directory, and another one another', async () => {
    const first = await plan();
    match(first.runDirectory, /runs[\\/]my-run-no-2-[0-9a-f]{10}$/);
    equal((await plan()).runDirectory, first.runDirectory);
    equal((await plan(['seed=9'])).runDirectory === first.runDirectory, false);
    equal((await plan([], join(folder, 'here'))).runDirectory, join(folder, 'here'));
  });

  it('goes on in the directory in which a version that knew fewer settings began the same run', async () => {
    const runsFolder = join(folder, 'runs');
    const earlier = join(runsFolder, 'my-run-no-2-0123456789');
    mkdirSync(earlier, { recursive: true });
    const now = await plan();
    const written = now.configYaml.replace(/^preset: .*\n/m, '');
    equal(written === now.configYaml, false);
    writeFileSync(join(earlier, 'config.yaml'), written);
    const directoryOf = async (overrides: readonly string[]): Promise<string> =>
      (await planRun({ configPath: join(folder, 'run.yaml'), overrides, runsFolder })).runDirectory;
    equal(await directoryOf([]), earlier);
    equal(await directoryOf(['budget.annotations=3']), earlier);
    match(await directoryOf(['seed=9']), /my-run-no-2-(?!0123456789)[0-9a-f]{10}$/);
  });

  it('tells every problem of a configuration at once', async () => {
    await rejects(plan(['seed=-1', 'algorithm.iterations=0', 'frob=1']), {
      code: 'CONFIG_INVALID',
      message: /3 problems[\s\S]*algorithm\.iterations[\s\S]*frob[\s\S]*seed/,
    });
  });

  it('makes a name fit for a path', () => {
    deepEqual([slug('a/b ../c'), slug('Äpfel & Birnen'), slug('!')], ['a-b-c', 'äpfel-birnen', 'run']);
  });
});
