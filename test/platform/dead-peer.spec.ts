/** @file A peer that the network has swallowed, or that is gone: the calls in flight fail, and whoever listens is told. */
import { after, describe, it } from 'node:test';
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { createRpcClient } from '#platform/rpc';
import { TcpProxy } from '../fault/rig/tcp-proxy.js';
import { remote } from '../support/calls.js';
import { startTinyRig } from '../support/tiny-rig.js';

const { behaviour, app } = await startTinyRig();
const proxy = await TcpProxy.listen('tiny');
proxy.target = app.address();
let lossCount = 0;
const client = createRpcClient('metaapo.reward.v1.RewardService', proxy.address, {
  deadPeerMs: 300,
  onDisconnect: () => (lossCount += 1),
});
after(() => {
  client.close();
  proxy.close();
});

/** A call whose handler has begun and does not end. */
async function inFlight(): Promise<{ readonly call: Promise<unknown> }> {
  const begun = Promise.withResolvers<void>();
  behaviour.annotate = async () => {
    begun.resolve();
    return await new Promise(() => {});
  };
  const call = client.annotate({});
  call.catch(() => {});
  await begun.promise;
  return { call };
}

describe('a connection', () => {
  it('that falls silent fails the calls in flight, without a deadline', async () => {
    const { call } = await inFlight();
    proxy.hold({ isForNewOnesToo: false });
    await rejects(call, remote('UNAVAILABLE', 'UNAVAILABLE'));
    equal(lossCount, 1);
    proxy.heal();
  });

  it('that is broken is told of too, and the next call has a new one', async () => {
    const { call } = await inFlight();
    proxy.reset();
    await rejects(call, remote('UNAVAILABLE', 'UNAVAILABLE'));
    equal(lossCount, 2);
    behaviour.annotate = async () => ({ items: [] });
    deepEqual((await client.annotate({}, { waitForReady: true, timeoutMs: 10_000 })).items, []);
  });

  it('that is closed by its owner is no loss', () => {
    client.close();
    equal(lossCount, 2);
  });
});
