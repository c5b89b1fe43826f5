/**
 * Goal: with certificates on every port a run goes on as without, nobody is let in who has none, and the command line asks a
 * trainer by its certificate. Method: the four services as processes, each with a certificate that callers must match.
 */
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { equal, match, rejects } from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createRpcClient, openClientTls, type ClientTls } from '#platform/rpc';
import { Authority, skipWithoutOpenssl } from '../support/certificates.js';
import { Services, type Trainer } from '../support/services.js';
import { skipWithout } from '../support/shared-folder.js';
import { TINY_MODEL, TinyProject } from '../support/tiny-run.js';

const CLI = fileURLToPath(new URL('../../apps/cli/src/main.js', import.meta.url));
const run = promisify(execFile);

describe('a run over mutual TLS', { skip: skipWithout('golden') || skipWithoutOpenssl() }, () => {
  const project = new TinyProject(6);
  let authority: Authority;
  let services: Services;
  let trainer: Trainer;
  let tls: ClientTls | undefined;

  /** Variables of one port or client: with a certificate of its own. */
  const port = (prefix: string): Record<string, string> => {
    const { certPath, keyPath } = authority.issue();
    return {
      [`${prefix}_TLS_CERT_PATH`]: certPath,
      [`${prefix}_TLS_KEY_PATH`]: keyPath,
      [`${prefix}_TLS_CLIENT_CA_PATH`]: authority.certPath,
    };
  };
  const client = (prefix: string): Record<string, string> => {
    const { certPath, keyPath } = authority.issue(['DNS:trainer']);
    return {
      [`${prefix}_TLS_CA_PATH`]: authority.certPath,
      [`${prefix}_TLS_CERT_PATH`]: certPath,
      [`${prefix}_TLS_KEY_PATH`]: keyPath,
    };
  };

  before(async () => {
    authority = new Authority();
    const env = { ...port('POLICY'), ...port('REWARD'), ...port('REWARD_ADMIN'), ...port('META_LEARNER') };
    services = await Services.start({ modelPath: TINY_MODEL, rewardModels: project.rewardModels, env });
    tls = openClientTls({ caPath: authority.certPath, ...authority.issue(['DNS:operator']) });
    const clients = ['TRAINER_POLICY', 'TRAINER_REWARD', 'TRAINER_META_LEARNER'].map(client);
    trainer = await services.startTrainer(Object.assign({}, port('TRAINER'), ...clients), tls);
  });
  after(() => {
    services?.stop();
    tls?.files.close();
    authority?.remove();
  });

  it('succeeds', async () => {
    const { state, failure } = await project.run(trainer, 'secure');
    equal(state, 'RUN_STATE_SUCCEEDED', failure?.message);
  });

  it('lets nobody in who has no certificate', async () => {
    const trusting = openClientTls({ caPath: authority.certPath });
    for (const option of [undefined, trusting]) {
      const stranger = createRpcClient('metaapo.reward.v1.RewardService', services.rewardAddress, { tls: option });
      await rejects(stranger.listRewardModels({}), { code: 'UNAVAILABLE' });
      stranger.close();
    }
    trusting?.files.close();
  });

  it('is listed by the command line, which shows its own', async () => {
    const address = (await trainer.service.event('ready'))['address'] ?? '';
    const ask = (env: Readonly<Record<string, string>>) =>
      run(process.execPath, [CLI, 'runs', '--trainer', address, '--json'], { env: { PATH: process.env.PATH, ...env } });
    match((await ask(client('METAAPO'))).stdout, /"name":"tiny"/);
    await rejects(ask({}), /UNAVAILABLE/);
  });
});
