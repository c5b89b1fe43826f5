/** @file A reward process that is killed while it pays: what it bought is not bought again, what was on its way keeps its key. */
import assert from 'node:assert/strict';
import { readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createRpcClient } from '#platform/rpc';
import { ChildService } from '../../../test/support/child-service.js';
import { FREE_PORTS } from './testing/reward-server.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const folder = temporaryFolder('killed');

const bill = join(folder, 'bill.log');
writeFileSync(bill, '');
/** Writes down what it is asked and by which key; `slow` is answered by the second process only. */
const MODULE = `
  import { appendFileSync, existsSync } from 'node:fs';
  export async function score({ response, idempotencyKey }) {
    appendFileSync(${JSON.stringify(bill)}, idempotencyKey + '\\n');
    if (response === 'slow' && !existsSync(${JSON.stringify(join(folder, 'awake'))})) await new Promise(() => {});
    return response.length;
  }`;
const modulePath = join(folder, 'billing.mjs');
writeFileSync(modulePath, MODULE);

const billed = (): string[] => readFileSync(bill, 'utf8').split('\n').filter(Boolean);

async function started(): Promise<{ readonly child: ChildService; readonly address: string }> {
  const child = new ChildService(new URL('./main.js', import.meta.url), {
    ...FREE_PORTS,
    REWARD_MODELS: JSON.stringify({ billing: { backend: 'module', path: modulePath } }),
    REWARD_REQUEST_CACHE_PATH: join(folder, 'requests.sqlite'),
  });
  after(() => child.kill());
  const { address = '' } = await child.event('ready');
  return { child, address };
}

const clientOf = (address: string) => {
  const client = createRpcClient('metaapo.reward.v1.RewardService', address);
  after(() => client.close());
  return client;
};

const request = {
  requestId: 'run/unit/1',
  rewardModel: 'billing',
  items: [
    {
      itemId: 'item',
      prompt: { form: 'text' as const, text: 'a prompt' },
      responses: ['quick', 'slow'].map((text) => ({ form: 'text' as const, text })),
    },
  ],
};

describe('a reward process that is killed while it pays', () => {
  it('is followed by one that asks only for what is missing, under the same key', async () => {
    const first = await started();
    const asked = new Promise<void>((resolve) => {
      const watcher = watch(bill, () => {
        if (billed().length < 2) return;
        watcher.close();
        resolve();
      });
    });
    const lost = assert.rejects(clientOf(first.address).annotate(request), { status: 'UNAVAILABLE' });
    await asked;
    first.child.kill();
    await lost;

    writeFileSync(join(folder, 'awake'), '');
    const second = await started();
    const { items } = await clientOf(second.address).annotate(request);
    assert.deepEqual(
      items[0]?.annotations.map(({ score }) => score),
      [5, 4],
    );
    const [first0, first1, again1] = billed();
    assert.match(String(first0), /^run\/unit\/1\/item\/0@[0-9a-f]{12}$/);
    assert.equal(first1, first0!.replace('item/0', 'item/1'));
    assert.deepEqual([again1, billed().length], [first1, 3]);
  });
});
