/**
 * Goal: reward replicas are one annotator. One that is killed after it has paid, and before it answers, costs nothing twice,
 * since its successor remembers on disk what was bought, and what was on its way keeps its key. Method: real processes, and
 * an annotator that bills a key once.
 */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Services, type Replica } from '../support/services.js';
import { skipWithout } from '../support/shared-folder.js';
import { TINY_MODEL, TinyProject, ended } from '../support/tiny-run.js';
import { HeldReward } from './held-reward.js';

describe('reward replicas', { skip: skipWithout('golden') }, () => {
  const project = new TinyProject(8);
  const billPath = join(project.folder, 'bill.log');
  const innerPath = join(project.folder, 'billing.mjs');
  writeFileSync(
    innerPath,
    `import { appendFileSync } from 'node:fs';
     export function score({ idempotencyKey, prompt, response }) {
       appendFileSync(${JSON.stringify(billPath)}, JSON.stringify([idempotencyKey, prompt.text, response]) + '\\n');
       return (response.match(/[aeiou]/gi) ?? []).length - 0.1 * response.length;
     }`,
  );
  const held = new HeldReward(project.folder, innerPath);
  const rewardModels = { held: { backend: 'module', path: held.path }, vader: { backend: 'vader' } };
  const config = { 'reward: counting': 'reward: held' };
  let services: Services;
  let expected: { readonly adapter: Buffer; readonly bill: readonly string[] };

  /** Texts billed since last asked, sorted; a key is billed once. */
  const takeBill = (): string[] => {
    const entries = readFileSync(billPath, 'utf8').split('\n').filter(Boolean);
    writeFileSync(billPath, '');
    const byKey = new Map(
      entries.map((line) => {
        const [key, ...text] = JSON.parse(line) as string[];
        return [key, JSON.stringify(text)] as const;
      }),
    );
    return [...byKey.values()].toSorted();
  };

  before(async () => {
    appendFileSync(billPath, '');
    services = await Services.start({ modelPath: TINY_MODEL, rewardModels });
    const run = await project.run(await services.startTrainer(), 'one', config);
    equal(run.state, 'RUN_STATE_SUCCEEDED', run.failure?.message);
    expected = { adapter: project.outputs('one').adapter, bill: takeBill() };
  });

  after(() => services?.stop());

  it('cost the same when one is killed while it pays and comes back', async () => {
    const environmentOf = (name: string, at?: Replica) => ({
      REWARD_REQUEST_CACHE_PATH: join(project.folder, `${name}.sqlite`),
      ...(at && { REWARD_ADDRESS: at.address, REWARD_ADMIN_ADDRESS: at.adminAddress }),
    });
    const victim = await services.startReward(rewardModels, environmentOf('a'));
    const other = await services.startReward(rewardModels, environmentOf('b'));
    const trainer = await services.startTrainer({
      TRAINER_REWARD_ADDRESSES: [victim.address, other.address].join(),
      TRAINER_DEAD_PEER_MS: '1500',
    });
    const { arrival } = held.close();
    const runId = await project.start(trainer, 'two', config);
    await arrival;
    victim.service.kill();
    await victim.service.ended();
    held.open();
    await services.startReward(rewardModels, environmentOf('a', victim));
    const run = await ended(trainer, runId);
    equal(run.state, 'RUN_STATE_SUCCEEDED', run.failure?.message);
    deepEqual(project.outputs('two').adapter, expected.adapter);
    const bill = takeBill();
    ok(bill.length > 0);
    deepEqual(bill, expected.bill);
  });
});
