import { describe, it } from 'node:test';
import { deepEqual, ok, throws } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { protoRoot } from '#contracts';
import { variablesTable } from '#platform/config';
import { TRAINER_VARIABLES, trainerConfig } from './config.js';

describe('the configuration of the trainer', () => {
  it('is described in the README as it is', () => {
    const squeeze = (text: string) => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
    const readme = readFileSync(join(protoRoot(), '..', 'apps', 'trainer', 'README.md'), 'utf8');
    ok(squeeze(readme).includes(squeeze(variablesTable(TRAINER_VARIABLES))));
  });

  it('needs an admin address for every policy replica', () => {
    const env = { TRAINER_POLICY_ADDRESSES: '127.0.0.1:1,127.0.0.1:2', TRAINER_POLICY_ADMIN_ADDRESSES: '127.0.0.1:3' };
    throws(() => trainerConfig(env), /TRAINER_POLICY_ADMIN_ADDRESSES/);
  });

  it('pairs a name of policy replicas with the same name for their admin ports', () => {
    const named = (admin: string) =>
      trainerConfig({ TRAINER_POLICY_ADDRESSES: 'dns:///policy:50051', TRAINER_POLICY_ADMIN_ADDRESSES: admin });
    deepEqual(named('dns:///policy:50052').policyAdminAddresses, ['dns:///policy:50052']);
    for (const other of ['dns:///elsewhere:50052', '10.0.0.1:50052']) {
      throws(() => named(other), /TRAINER_POLICY_ADMIN_ADDRESSES.*own host/s);
    }
  });

  it('takes replicas by address and by name, and nothing in between', () => {
    const rewards = (value: string) => trainerConfig({ TRAINER_REWARD_ADDRESSES: value }).rewardAddresses;
    deepEqual(rewards('10.0.0.1:1, dns:///reward:2'), ['10.0.0.1:1', 'dns:///reward:2']);
    for (const wrong of ['dns://reward:2', 'dns:///reward', 'dns:///reward:70000', 'reward']) {
      throws(() => rewards(wrong), /TRAINER_REWARD_ADDRESSES/);
    }
  });
});
