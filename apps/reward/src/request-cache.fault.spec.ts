/** @file A reward process that is killed while it pays: what it bought is not bought again, what was on its way keeps its key. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { createRpcClient } from '#platform/rpc';

const folder = mkdtempSync(join(tmpdir(), 'reward-killed-'));
after(() => rmSync(folder, { recursive: true, force: true }));

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

async function started(): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const child = spawn(process.execPath, [new URL('./main.js', import.meta.url).pathname], {
    env: {
      ...process.env,
      REWARD_ADDRESS: '127.0.0.1:0',
      REWARD_ADMIN_ADDRESS: '127.0.0.1:0',
      REWARD_MODELS: JSON.stringify({ billing: { backend: 'module', path: modulePath } }),
      REWARD_REQUEST_CACHE_PATH: join(folder, 'requests.sqlite'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  after(() => child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return { child, address: (JSON.parse(line) as { address: string }).address };
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
    first.child.kill('SIGKILL');
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
