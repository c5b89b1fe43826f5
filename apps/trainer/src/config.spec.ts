import { describe, it } from 'node:test';
import { ok, throws } from 'node:assert/strict';
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
});
