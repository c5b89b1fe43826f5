import { deepEqual, equal, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LruMap } from './index.js';

/** Keys weigh as many as they have letters. */
function mapOf(weightMax: number, ...keys: string[]): LruMap<string, string> {
  const map = new LruMap<string, string>(weightMax, (key) => key.length);
  for (const key of keys) map.set(key, key.toUpperCase());
  return map;
}

describe('a map of what was used last', () => {
  it('counts entries where they have no weight of their own', () => {
    const map = new LruMap<string, number>(2);
    deepEqual(
      ['a', 'b', 'c'].map((key, index) => map.set(key, index)),
      [[], [], [['a', 0]]],
    );
    equal(map.size, 2);
  });

  it('gives what had to leave, least recently used first, and no more than it takes', () => {
    const map = mapOf(6, 'aa', 'bb', 'cc');
    deepEqual(map.set('ddd', 'DDD'), [
      ['aa', 'AA'],
      ['bb', 'BB'],
    ]);
    deepEqual([...map.values()], ['CC', 'DDD']);
  });

  it('takes what was got for used, and not what was only listed', () => {
    const map = mapOf(3, 'a', 'b', 'c');
    deepEqual([...map.values()], ['A', 'B', 'C']);
    deepEqual([map.get('a'), map.get('z')], ['A', undefined]);
    deepEqual([...map.values()], ['B', 'C', 'A']);
    deepEqual(map.set('d', 'D'), [['b', 'B']]);
  });

  it('holds a value in place of the former one of its key, with its own weight, as the most recently used', () => {
    const map = new LruMap<string, number>(5, (_key, weight) => weight);
    map.set('a', 1);
    map.set('b', 1);
    deepEqual(map.set('a', 4), []);
    deepEqual([...map.values()], [1, 4]);
    deepEqual(map.set('a', 2), []);
    deepEqual(map.set('c', 2), []);
    equal(map.size, 3);
  });

  it('does not hold an entry heavier than its bound, nor anything else then, and is as good as new after', () => {
    const map = mapOf(3, 'a', 'b');
    deepEqual(map.set('long', 'LONG'), [
      ['a', 'A'],
      ['b', 'B'],
      ['long', 'LONG'],
    ]);
    equal(map.size, 0);
    deepEqual(map.set('ccc', 'CCC'), []);
  });

  it('has room again for what was taken out', () => {
    const map = mapOf(3, 'a', 'bb');
    deepEqual([map.delete('bb'), map.delete('bb')], [true, false]);
    deepEqual(map.set('cc', 'CC'), []);
    map.clear();
    ok(map.get('a') === undefined && map.size === 0);
    deepEqual(map.set('ddd', 'DDD'), []);
  });

  it('holds values that count as false', () => {
    const map = new LruMap<string, number | string>(2);
    map.set('a', 0);
    map.set('b', '');
    deepEqual([map.get('a'), map.get('b'), map.delete('a')], [0, '', true]);
  });
});
