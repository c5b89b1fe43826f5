/** Goal: the process starts, refuses to start and ends as promised. Method: the compiled program as a child process. */
import { equal, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { RemoteError, createRpcClient } from '#platform/rpc';
import { ChildService } from '../../../test/support/child-service.js';
import { sharedFolder, skipWithout } from '../../../test/support/shared-folder.js';

const PROGRAM = new URL('./main.js', import.meta.url);
const MODEL = join(sharedFolder('golden'), 'models', 'llama-tied');
const ANY_PORT = '127.0.0.1:0';
const GOOD = {
  POLICY_ADDRESS: ANY_PORT,
  POLICY_ADMIN_ADDRESS: ANY_PORT,
  POLICY_MODEL_PATH: MODEL,
  POLICY_THREADS: '1',
};

describe('the process of the policy service', () => {
  const children: ChildService[] = [];
  const start = (env: Readonly<Record<string, string>>): ChildService => {
    const child = new ChildService(PROGRAM, env);
    children.push(child);
    return child;
  };
  after(() => children.forEach((child) => child.kill()));

  it('names every wrong variable and exits with 2', async () => {
    const child = start({ POLICY_QUEUE_UNITS_MAX: '0', POLICY_ADDRESS: 'here', POLICY_EXECUTION_PROVIDER: 'abacus' });
    equal(await child.ended(), 2);
    for (const name of ['POLICY_MODEL_PATH', 'POLICY_QUEUE_UNITS_MAX', 'POLICY_ADDRESS', 'POLICY_EXECUTION_PROVIDER']) {
      ok(child.stderr.includes(name), `${name} is not in: ${child.stderr}`);
    }
  });

  it('exits with 1 and the name of what is wrong with the model folder', async () => {
    const child = start({ ...GOOD, POLICY_MODEL_PATH: join(MODEL, 'no-such-folder') });
    equal(await child.ended(), 1);
    ok(child.stderr.includes('MODEL_CONFIG_MISSING'), child.stderr);
  });

  it('exits with 1 when its port is taken', { skip: skipWithout('golden') }, async () => {
    const first = start(GOOD);
    const { address = '' } = await first.event('ready');
    const second = start({ ...GOOD, POLICY_ADDRESS: address });
    equal(await second.ended(), 1);
    ok(second.stderr.includes('ADDRESS_IN_USE'), second.stderr);
    first.kill();
  });

  it(
    'drains on SIGTERM: work in flight ends, new work is refused, exit code 0',
    { skip: skipWithout('golden') },
    async () => {
      const child = start(GOOD);
      const { address = '' } = await child.event('ready');
      const client = createRpcClient('metaapo.policy.v1.PolicyService', address);
      const items = Array.from({ length: 64 }, (_, index) => ({
        itemId: String(index),
        prompt: { text: 'x' },
        seed: '1',
      }));
      const sampling = { temperature: 1, maxNewTokens: 120 };
      let refusal: unknown;
      let sampleCount = 0;
      let isUsageLast = false;
      for await (const { sample, usage } of client.generateResponses({ items, samplesPerPrompt: 8, sampling })) {
        isUsageLast = usage !== null && usage !== undefined;
        if (sample) sampleCount += 1;
        if (sampleCount === 1 && refusal === undefined) {
          child.process.kill('SIGTERM');
          while (refusal === undefined) await client.getPolicy({}).catch((thrown: unknown) => (refusal = thrown));
        }
      }
      ok(refusal instanceof RemoteError);
      equal(refusal.status, 'UNAVAILABLE');
      equal(refusal.code, 'DRAINING');
      equal(sampleCount, 64 * 8);
      ok(isUsageLast);
      client.close();
      equal(await child.ended(), 0);
    },
  );
});
