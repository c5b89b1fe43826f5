/** Goal: full training starts from the weights that are served, or not at all. */
import { describe, it } from 'node:test';
import { deepEqual, rejects } from 'node:assert/strict';
import { join } from 'node:path';
import { checkpointDigest } from '#ml/checkpoint';
import { parseRunConfig } from '#run-config';
import { sharedFolder, skipWithout } from '../../../../../test/support/shared-folder.js';
import { toyServices } from '../../testing/toy-run.js';
import { initialPolicy } from './run-inputs.js';

const MODEL = join(sharedFolder('golden'), 'models', 'llama-tied');
const { config } = parseRunConfig(
  'name: full\nmodel: { path: acme/tiny, training: full }\ndata: { train: pairs.jsonl }\nreward: vader\n',
);

describe('the policy that full training starts from', { skip: skipWithout('golden') }, () => {
  const start = async (baseDigest: string) => {
    const description = { ...(await toyServices().policy.describe()), baseDigest };
    return await initialPolicy(config, description, () => Promise.resolve(MODEL));
  };

  it('is every tensor of the base', async () => {
    const { spec, policy } = await start(await checkpointDigest(MODEL));
    deepEqual(spec, { kind: 'full' });
    deepEqual([...policy.tensors.keys()], [...policy.tensors.keys()].toSorted());
  });

  it('is refused where the policy serves another base, with both named', async () => {
    const message = /model\.path acme\/tiny: the trainer found sha256:\w+, the policy serves sha256:other\. Give both/;
    await rejects(start('sha256:other'), { code: 'BASE_MODEL_MISMATCH', message });
  });
});
