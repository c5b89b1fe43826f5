import { describe, it } from 'node:test';
import { deepEqual, rejects, throws } from 'node:assert/strict';
import { replicaAddresses, replicaSources } from './replica-addresses.js';

describe('the replicas of a reward service', () => {
  it('are every address of a name, and those that are named themselves, each once', async () => {
    const sources = replicaSources('10.0.0.9:50054, dns:///reward-admin:50054');
    const resolver = (name: string): Promise<readonly string[]> =>
      Promise.resolve(name === 'reward-admin' ? ['10.0.0.9', '10.0.0.1', 'fd00::1'] : []);
    deepEqual(await replicaAddresses(sources, resolver), [
      { address: '10.0.0.9:50054', name: 'reward-admin' },
      { address: '10.0.0.1:50054', name: 'reward-admin' },
      { address: '[fd00::1]:50054', name: 'reward-admin' },
    ]);
  });

  it('are refused when they are no addresses, or when a name leads nowhere', async () => {
    for (const text of ['', 'localhost', '127.0.0.1:50054,', 'dns://reward:1', 'http://reward:50054']) {
      throws(() => replicaSources(text), { message: /Expected host:port or dns:\/\/\/name:port/ }, text);
    }
    const away = (): Promise<never> => Promise.reject(new Error('ENOTFOUND reward'));
    await rejects(replicaAddresses(['dns:///reward:1'], away), { code: 'USAGE', message: /ENOTFOUND reward/ });
  });
});
