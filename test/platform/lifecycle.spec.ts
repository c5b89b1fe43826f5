/** @file A service as a process: ready line, health, drain, exit codes. */
import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { after, describe, it } from 'node:test';
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import * as grpc from '@grpc/grpc-js';
import { service as healthDefinition } from 'grpc-health-check';
import { RemoteError, createRpcClient } from '#platform/rpc';
import { ChildService } from '../support/child-service.js';

const PROGRAM = new URL('../support/tiny-service.js', import.meta.url);
const FREE_PORTS = { TINY_ADDRESS: '127.0.0.1:0', TINY_ADMIN_ADDRESS: '127.0.0.1:0' };
const children: ChildService[] = [];

function start(env: Readonly<Record<string, string>> = FREE_PORTS): ChildService {
  const child = new ChildService(PROGRAM, env);
  children.push(child);
  return child;
}

const is = (code: string) => (thrown: unknown) => {
  ok(thrown instanceof RemoteError, String(thrown));
  equal(thrown.code, code);
  return true;
};

type Health = { status: string };

function healthClient(address: string) {
  const Client = grpc.makeGenericClientConstructor(healthDefinition, 'Health');
  const client = new Client(address, grpc.credentials.createInsecure());
  const check = client.check as (request: object, callback: grpc.requestCallback<Health>) => void;
  const watch = client.watch as (request: object) => grpc.ClientReadableStream<Health>;
  return {
    check: (service: string) =>
      new Promise<string>((resolve, reject) => {
        check.call(client, { service }, (error, reply) => (error ? reject(error) : resolve(reply?.status ?? '')));
      }),
    watch: (service: string) => watch.call(client, { service }),
    close: () => client.close(),
  };
}

describe('a service as a process', { concurrency: 2 }, () => {
  after(() => {
    for (const child of children) child.kill();
  });

  it('says where it serves in one line', async () => {
    const child = start({ ...FREE_PORTS, TINY_METRICS_PORT: '0' });
    const ready = await child.event('ready');
    deepEqual(Object.keys(ready), ['event', 'service', 'address', 'admin_address', 'metrics_address']);
    equal(ready.service, 'tiny');
    equal(new Set([ready.address, ready.admin_address, ready.metrics_address]).size, 3);
    const page = await fetch(`http://${ready.metrics_address}/metrics`);
    match(await page.text(), /target_info\{.*service_name="tiny"/);
    child.process.kill('SIGTERM');
    equal(await child.ended(), 0);
  });

  it('drains on SIGTERM: calls in flight end well, new ones are refused, endless streams end, exit code 0', async () => {
    const child = start();
    const { address = '', admin_address: adminAddress = '' } = await child.event('ready');
    const reward = createRpcClient('metaapo.reward.v1.RewardService', address);
    const trainer = createRpcClient('metaapo.trainer.v1.TrainerService', address);
    const admin = createRpcClient('metaapo.policy.v1.PolicyAdminService', adminAddress);
    const health = healthClient(address);
    equal(await health.check(''), 'SERVING');
    equal(await health.check('metaapo.reward.v1.RewardService'), 'SERVING');
    await rejects(health.check('metaapo.policy.v1.PolicyAdminService'), /NOT_FOUND/);

    const statuses: string[] = [];
    const watchEnded = new Promise<void>((resolve) => {
      health
        .watch('')
        .on('data', ({ status }: Health) => statuses.push(status))
        .on('error', () => resolve());
    });
    const events = trainer.watchTrainingRun({ runId: 'r' })[Symbol.asyncIterator]();
    await events.next();
    const inFlight = reward.annotate({});
    await child.event('annotating');

    child.process.kill('SIGTERM');
    await rejects(events.next(), is('DRAINING'));
    await child.event('watch-aborted');
    await watchEnded;
    deepEqual(statuses, ['SERVING', 'NOT_SERVING']);
    equal(await health.check(''), 'NOT_SERVING');
    await rejects(reward.listRewardModels({}), is('DRAINING'));
    await rejects(admin.putAdapter([]), is('DRAINING'));

    child.process.stdin.write('release\n');
    equal((await inFlight).items[0]?.itemId, 'finished');
    equal(await child.ended(), 0);
    for (const client of [reward, trainer, admin, health]) client.close();
    const states = [...child.stderr.matchAll(/"context":"lifecycle","message":"(\w+)"/g)].map(([, state]) => state);
    deepEqual(states, ['serving', 'draining', 'disposing', 'ended']);
  });

  it('tells probes over HTTP what its health service tells, during a drain too', async () => {
    const child = start({ ...FREE_PORTS, TINY_METRICS_PORT: '0' });
    const { address = '', metrics_address: metricsAddress } = await child.event('ready');
    const probed = async (path: string) => {
      const reply = await fetch(`http://${metricsAddress}${path}`);
      return [reply.status, await reply.json()];
    };
    deepEqual(await probed('/readyz'), [200, { state: 'serving' }]);
    deepEqual(await probed('/healthz'), [200, { state: 'serving' }]);
    const reward = createRpcClient('metaapo.reward.v1.RewardService', address);
    const inFlight = reward.annotate({});
    await child.event('annotating');
    child.process.kill('SIGTERM');
    await rejects(() => untilRefused(reward), is('DRAINING'));
    deepEqual(await probed('/readyz'), [503, { state: 'draining' }]);
    deepEqual(await probed('/healthz'), [200, { state: 'draining' }]);
    child.process.stdin.write('release\n');
    await inFlight;
    equal(await child.ended(), 0);
    reward.close();
  });

  it('ends on SIGINT in the same way, with an idle client connected', async () => {
    const child = start();
    const { address = '' } = await child.event('ready');
    const reward = createRpcClient('metaapo.reward.v1.RewardService', address);
    await reward.listRewardModels({});
    child.process.kill('SIGINT');
    equal(await child.ended(), 0);
    reward.close();
  });

  it('cuts calls that outlast the drain, and still exits with 0', async () => {
    const child = start({ ...FREE_PORTS, TINY_DRAIN_TIMEOUT_MS: '50' });
    const { address = '' } = await child.event('ready');
    const reward = createRpcClient('metaapo.reward.v1.RewardService', address);
    const inFlight = reward.annotate({});
    await child.event('annotating');
    child.process.kill('SIGTERM');
    await rejects(inFlight, RemoteError);
    equal(await child.ended(), 0);
    match(child.stderr, /cut 1 calls after 50 ms/);
    reward.close();
  });

  it('is forced to end by a second signal', async () => {
    const child = start();
    const { address = '' } = await child.event('ready');
    const reward = createRpcClient('metaapo.reward.v1.RewardService', address);
    const inFlight = reward.annotate({});
    await child.event('annotating');
    child.process.kill('SIGTERM');
    await rejects(() => untilRefused(reward), is('DRAINING'));
    child.process.kill('SIGINT');
    await rejects(inFlight, RemoteError);
    equal(await child.ended(), 1);
    reward.close();
  });

  it('names the busy port, and what to do', async () => {
    const busy = createServer().listen(0, '127.0.0.1').unref();
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    for (const variable of ['TINY_ADDRESS', 'TINY_ADMIN_ADDRESS']) {
      const child = start({ ...FREE_PORTS, [variable]: `127.0.0.1:${port}` });
      equal(await child.ended(), 1);
      match(child.stderr, new RegExp(`ADDRESS_IN_USE: Cannot serve on 127\\.0\\.0\\.1:${port}: another process does`));
    }
    const child = start({ ...FREE_PORTS, TINY_METRICS_PORT: String(port) });
    equal(await child.ended(), 1);
    match(child.stderr, /METRICS_ADDRESS_UNUSABLE: .*: another process does/);
    busy.close();
  });

  it('names every wrong variable and exits with 2', async () => {
    const child = start({ TINY_ADDRESS: 'nowhere', TINY_DRAIN_TIMEOUT_MS: '-5', TINY_METRICS_PORT: '99999' });
    equal(await child.ended(), 2);
    match(child.stderr, /3 environment variables are wrong/);
    for (const name of ['TINY_ADDRESS', 'TINY_DRAIN_TIMEOUT_MS', 'TINY_METRICS_PORT']) {
      match(child.stderr, new RegExp(`${name}: got ".*"; expected .*; example: ${name}=`));
    }
  });

  it('does not listen any more once it has ended', async () => {
    const child = start();
    const { address = '' } = await child.event('ready');
    child.process.kill('SIGTERM');
    await child.ended();
    const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    equal(error.code, 'ECONNREFUSED');
  });
});

/** Calls until the server refuses. */
async function untilRefused(reward: ReturnType<typeof createRpcClient<'metaapo.reward.v1.RewardService'>>) {
  for (;;) await reward.listRewardModels({});
}
