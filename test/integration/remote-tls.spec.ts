/**
 * Goal: a reward model behind someone else's server is asked over mutual TLS, whichever protocol the server speaks, and is not
 * asked at all where one side does not know the other. Method: a reward service with certificates stands for the servers, its
 * façades for their protocols; another reward service asks it.
 */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, match } from 'node:assert/strict';
import { createRpcClient, type RpcClient } from '#platform/rpc';
import { Authority, skipWithoutOpenssl, type Pair } from '../support/certificates.js';
import { ChildService } from '../support/child-service.js';

const PROGRAM = new URL('../../apps/reward/src/main.js', import.meta.url);
/** What the far service's certificate bears: no host of an address. */
const SERVER_NAME = 'rewards.example.org';
const FREE_PORTS = { REWARD_ADDRESS: '127.0.0.1:0', REWARD_ADMIN_ADDRESS: '127.0.0.1:0' };
const RESPONSES = ['a good day', 'a bad day', 'a day'];
const SCORES = [3, -3, 0];

describe('other servers over mutual TLS', { skip: skipWithoutOpenssl() }, () => {
  const children: ChildService[] = [];
  let authority: Authority;
  let stranger: Authority;
  let own: Pair;
  let specs: Readonly<Record<string, object>>;

  const started = (env: Readonly<Record<string, string>>): ChildService => {
    const child = new ChildService(PROGRAM, { ...FREE_PORTS, ...env });
    children.push(child);
    return child;
  };
  const tls = () => ({ ca: authority.certPath, cert: own.certPath, key: own.keyPath, server_name: SERVER_NAME });
  const asking = (models: object): ChildService => started({ REWARD_MODELS: JSON.stringify(models) });

  before(async () => {
    authority = new Authority();
    stranger = new Authority('a stranger');
    own = authority.issue(['DNS:asker']);
    const { certPath, keyPath } = authority.issue([`DNS:${SERVER_NAME}`]);
    const far = started({
      REWARD_HTTP_ADDRESS: '127.0.0.1:0',
      REWARD_MODELS: '{"afinn":{"backend":"afinn"}}',
      REWARD_TLS_CERT_PATH: certPath,
      REWARD_TLS_KEY_PATH: keyPath,
      REWARD_TLS_CLIENT_CA_PATH: authority.certPath,
    });
    const { address = '', http_address: http = '' } = await far.event('ready');
    const remote = { backend: 'remote', attempts: 1, tls: tls() };
    specs = {
      openrlhf: { ...remote, protocol: 'openrlhf', url: `https://${http}/get_reward`, template: 'concatenate' },
      vllm: { ...remote, protocol: 'vllm', url: `https://${http}`, model: 'afinn' },
      slime: { ...remote, protocol: 'slime', url: `https://${http}/rm` },
      oip: { ...remote, protocol: 'oip', address, model: 'afinn' },
    };
  });
  after(() => {
    for (const child of children) child.kill();
    authority?.remove();
    stranger?.remove();
  });

  /** Scores, and reasons where there is none. */
  async function annotated(client: RpcClient<'metaapo.reward.v1.RewardService'>, rewardModel: string) {
    const responses = RESPONSES.map((text) => ({ form: 'text', text }) as const);
    const items = [{ itemId: 'a', prompt: { form: 'text', text: 'How was it?\n' }, responses } as const];
    const reply = await client.annotate({ rewardModel, items });
    const annotations = reply.items[0]?.annotations ?? [];
    return annotations.map(({ score, status }) => score ?? `${status?.reason}: ${status?.message}`);
  }

  it('give the scores of the model behind them', async () => {
    const near = asking(specs);
    const client = createRpcClient('metaapo.reward.v1.RewardService', (await near.event('ready')).address ?? '');
    for (const name of Object.keys(specs)) deepEqual(await annotated(client, name), SCORES, name);
    client.close();
  });

  it('are not asked where one side does not know the other', async () => {
    const { certPath, keyPath } = stranger.issue(['DNS:asker']);
    const untrusting = { ...tls(), ca: stranger.certPath };
    const untrusted = { ...tls(), cert: certPath, key: keyPath };
    const unnamed = { ca: authority.certPath, cert: own.certPath, key: own.keyPath };
    // Protocols that ask the server who it is do not start; the others say so for each response.
    const wrong = { ...specs['oip'], tls: untrusting };
    const stopped = asking({ wrong });
    equal(await stopped.ended(), 1);
    match(stopped.stderr, /REWARD_MODEL_BROKEN.*wrong.*REWARD_REMOTE_UNREACHABLE.*certificate/);
    const near = asking({
      untrusting: { ...specs['slime'], tls: untrusting },
      untrusted: { ...specs['openrlhf'], tls: untrusted },
      unnamed: { ...specs['slime'], tls: unnamed },
    });
    const client = createRpcClient('metaapo.reward.v1.RewardService', (await near.event('ready')).address ?? '');
    const reasons = { untrusting: /certificate/, untrusted: /alert|closed|hang up|reset/, unnamed: /altnames/ };
    for (const [name, reason] of Object.entries(reasons)) {
      for (const outcome of await annotated(client, name)) {
        match(String(outcome), /^REWARD_REMOTE_UNREACHABLE/);
        match(String(outcome), reason, name);
      }
    }
    client.close();
  });

  it('need files that can be used, and an address that is called over TLS', async () => {
    const { certPath } = own;
    const mismatched = { ...tls(), key: authority.issue().keyPath };
    const broken = asking({ pair: { ...specs['vllm'], tls: mismatched } });
    equal(await broken.ended(), 1);
    match(broken.stderr, /REWARD_MODEL_BROKEN.*pair.*TLS_PAIR_MISMATCH/);
    const half = asking({ half: { ...specs['oip'], tls: { cert: certPath } } });
    equal(await half.ended(), 2);
    match(half.stderr, /"cert" and "key" together/);
    const plain = asking({ plain: { ...specs['slime'], url: 'http://rm:5000/rm' } });
    equal(await plain.ended(), 2);
    match(plain.stderr, /expected an https URL beside "tls"/);
  });
});
