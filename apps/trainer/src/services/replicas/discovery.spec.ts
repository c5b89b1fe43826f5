/** @file Which replicas are known, while names change what they stand for. */
import { deepEqual, rejects } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '../../testing/simulated-clock.js';
import { Discovery, type Endpoint } from './discovery.js';
import { replicaSource } from './replica-source.js';

/** A name server of the test: what each look-up finds, the last one for ever. */
function discovering(answers: readonly (readonly string[] | Error)[], { admin = false } = {}) {
  const clock = new SimulatedClock();
  const told: { readonly atMs: number; readonly endpoints: readonly Endpoint[] }[] = [];
  const reached = Promise.withResolvers<void>();
  let lookUps = 0;
  const discovery = new Discovery({
    sources: ['10.9.9.9:1', 'dns:///policy:50051'].map(replicaSource),
    ...(admin && { adminSources: ['10.9.9.9:2', 'dns:///policy:50052'].map(replicaSource) }),
    resolver: (name) => {
      if (name !== 'policy') throw new TypeError(`asked for ${name}`);
      const answer = answers[Math.min(lookUps++, answers.length - 1)]!;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    clock,
    onChange: (endpoints) => {
      told.push({ atMs: clock.monotonicMs(), endpoints });
      if (told.length < answers.length) return;
      discovery.close();
      reached.resolve();
    },
  });
  const addresses = () => told.map(({ endpoints }) => endpoints.map(({ address }) => address).join(' '));
  return { discovery, told, addresses, reached: reached.promise };
}

describe('the replicas that are known', () => {
  it('are all addresses of a name, in IPv4 and IPv6, and follow what it stands for', async () => {
    const { discovery, addresses, reached } = discovering([['10.0.0.2', '10.0.0.1'], ['10.0.0.1', 'fd00::1'], []]);
    await discovery.start();
    await reached;
    deepEqual(addresses(), [
      '10.9.9.9:1 10.0.0.1:50051 10.0.0.2:50051',
      '10.9.9.9:1 10.0.0.1:50051 [fd00::1]:50051',
      // An empty answer is no news.
      '10.9.9.9:1 10.0.0.1:50051 [fd00::1]:50051',
    ]);
  });

  it('have their admin port at their own host', async () => {
    const { discovery, told } = discovering([['10.0.0.1']], { admin: true });
    await discovery.start();
    deepEqual(told[0]?.endpoints, [
      { address: '10.9.9.9:1', adminAddress: '10.9.9.9:2' },
      { address: '10.0.0.1:50051', adminAddress: '10.0.0.1:50052' },
    ]);
  });

  it('stay when the name server is away', async () => {
    const { discovery, addresses, reached } = discovering([['10.0.0.1'], new Error('SERVFAIL'), ['10.0.0.3']]);
    await discovery.start();
    await reached;
    deepEqual(addresses().slice(1), ['10.9.9.9:1 10.0.0.1:50051', '10.9.9.9:1 10.0.0.3:50051']);
  });

  it('are looked up every ten seconds', async () => {
    const { discovery, told, reached } = discovering([['10.0.0.1'], ['10.0.0.1'], ['10.0.0.1']]);
    await discovery.start();
    await reached;
    deepEqual(
      told.map(({ atMs }) => atMs),
      [0, 10_000, 20_000],
    );
  });

  it('are looked up within a second once somebody misses one', async () => {
    const { discovery, told, reached } = discovering([['10.0.0.1'], ['10.0.0.2']]);
    await discovery.start();
    discovery.soon();
    await reached;
    deepEqual(told.at(-1)?.atMs, 1000);
  });

  it('are none, with the reason, while a name has never been found', async () => {
    const { discovery } = discovering([new Error('ENOTFOUND policy'), ['10.0.0.1']]);
    await rejects(discovery.start(), /ENOTFOUND/);
    discovery.close();
  });
});
