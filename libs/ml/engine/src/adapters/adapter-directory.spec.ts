import { describe, it } from 'node:test';
import { deepEqual, equal, throws } from 'node:assert/strict';
import { digestOf } from '#core';
import type { ResidentAdapter } from '../policy-engine.js';
import { AdapterDirectory } from './adapter-directory.js';

function entry(name: string, residentBytes = 10): ResidentAdapter {
  return { digest: digestOf(name), kind: 'lora', residentBytes, parameterCount: 1 };
}

describe('the directory of adapters', () => {
  it('lists the most recently used first', () => {
    const directory = new AdapterDirectory(100);
    for (const name of ['a', 'b', 'c']) directory.add(entry(name));
    directory.require([digestOf('a'), null]);
    deepEqual(
      directory.list().map(({ digest }) => digest),
      ['a', 'c', 'b'].map((name) => digestOf(name)),
    );
  });

  it('evicts as many of the least recently used as it takes, and no more', () => {
    const directory = new AdapterDirectory(30);
    for (const name of ['a', 'b', 'c']) directory.add(entry(name));
    directory.use(digestOf('a'));
    deepEqual(directory.add(entry('d', 15)), [digestOf('b'), digestOf('c')]);
    deepEqual(
      directory.list().map(({ digest }) => digest),
      [digestOf('d'), digestOf('a')],
    );
  });

  it('refuses what can never fit, and keeps what it has', () => {
    const directory = new AdapterDirectory(30);
    directory.add(entry('a'));
    throws(() => directory.add(entry('b', 31)), { code: 'ADAPTER_TOO_LARGE' });
    equal(directory.list().length, 1);
  });

  it('names the adapter that is missing', () => {
    throws(() => new AdapterDirectory(30).require([digestOf('a')]), { code: 'ADAPTER_NOT_RESIDENT' });
  });
});
