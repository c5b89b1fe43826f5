/**
 * Goal: `model.decode_precision` reaches the policy service that the command starts, and a policy that decodes otherwise is
 * refused. Method: `up` with int8, asked what it serves; a run over that policy which wants float32.
 */
import { after, before, describe, it } from 'node:test';
import { equal, match } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRpcClient } from '#platform/rpc';
import { skipWithout } from '../../../../test/support/shared-folder.js';
import { TinyProject } from '../../../../test/support/tiny-run.js';
import { runCli } from '../cli.js';
import { Interrupts } from '../terminal/interrupts.js';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';

describe('the precision of decoding', { skip: skipWithout('golden') }, () => {
  const project = new TinyProject();
  const config = join(project.folder, 'tiny.yaml');
  const up = { interrupts: new Interrupts(), ended: Promise.resolve(0) };
  let addresses: Readonly<Record<'policy' | 'policy_admin' | 'trainer', string>>;

  before(async () => {
    writeFileSync(config, `${project.config}\nrewards: ${JSON.stringify(project.rewardModels)}\n`);
    addresses = await new Promise((resolve, reject) => {
      const terminal = new ScriptedTerminal({ onOut: (text) => resolve(JSON.parse(text) as typeof addresses) });
      const args = ['up', config, '--set', 'model.decode_precision=int8'];
      up.ended = runCli(args, { terminal, interrupts: up.interrupts });
      up.ended.then(() => reject(new TypeError(`up ended early: ${terminal.stderr}`)), reject);
    });
  });
  after(async () => {
    up.interrupts.interrupt();
    await up.ended;
  });

  it('is the configuration’s where the command starts the policy', async () => {
    const client = createRpcClient('metaapo.policy.v1.PolicyService', addresses.policy);
    try {
      equal((await client.getPolicy({})).decodePrecision, 'int8');
    } finally {
      client.close();
    }
  });

  it('is held against the policy that is there, before anything is computed', async () => {
    const terminal = new ScriptedTerminal();
    const args = ['run', config, '--run-dir', join(project.folder, 'run'), '--trainer', addresses.trainer];
    equal(await runCli(args, { terminal, interrupts: new Interrupts() }), 2);
    match(terminal.stderr, /CONFIG_INVALID: model\.decode_precision: expected int8, .* got float32\. Change the key/);
  });
});
