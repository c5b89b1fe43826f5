/** @file What the file remembers, of whom, and what it refuses. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { digestOf } from '#core';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { RequestCache, type RequestCacheOptions } from './request-cache.js';

const folder = temporaryFolder('requests');

let fileCount = 0;
const newPath = () => join(folder, `${fileCount++}.sqlite`);
const opened = (path: string, options: RequestCacheOptions = {}) => {
  const cache = RequestCache.open(path, options);
  after(() => cache.close());
  return cache;
};

const begun = (requestId: string, content = 'content', weights = 'weights') => {
  return { requestId, contentDigest: digestOf(content), weightsDigest: digestOf(weights) };
};
const score = { score: 0.1 + 0.2, components: { part: 1 / 3 } };

describe('the request cache', () => {
  it('gives another process what a request has bought, to the last bit', () => {
    const path = newPath();
    const first = opened(path);
    const entry = first.begin(begun('r'));
    assert.deepEqual([...entry.bought], []);
    entry.record('r/a/0', score);
    assert.deepEqual([...opened(path).begin(begun('r')).bought], [['r/a/0', score]]);
  });

  it('keeps the first of two scores', () => {
    const cache = opened(newPath());
    const entry = cache.begin(begun('r'));
    entry.record('r/a/0', score);
    entry.record('r/a/0', { score: 2, components: {} });
    assert.deepEqual([...cache.begin(begun('r')).bought.values()], [score]);
  });

  it('answers with no score of another model', () => {
    const cache = opened(newPath());
    const old = cache.begin(begun('r'));
    old.record('r/a/0', score);
    const other = cache.begin(begun('r', 'content', 'other weights'));
    assert.deepEqual([...other.bought], []);
    old.record('r/a/1', score);
    assert.deepEqual(
      [...cache.begin(begun('r', 'content', 'other weights')).bought],
      [],
      "what came late is the old one's",
    );
    assert.equal(cache.begin(begun('r')).bought.size, 2);
  });

  it('refuses an id that comes back with other content, across a restart', () => {
    const path = newPath();
    opened(path).begin(begun('r'));
    assert.throws(() => opened(path).begin(begun('r', 'other')), { code: 'REQUEST_INVALID' });
  });

  it('forgets the oldest requests beyond its bound', () => {
    const cache = opened(newPath(), { requestsMax: 2 });
    for (const id of ['a', 'b', 'c']) {
      cache.begin(begun(id)).record(`${id}/0`, score);
    }
    assert.equal(cache.begin(begun('b')).bought.size, 1);
    assert.equal(cache.begin(begun('a')).bought.size, 0);
  });

  it('refuses what is no file of its own, by name', () => {
    const garbage = newPath();
    writeFileSync(garbage, 'no database at all, though it is long enough to be taken for one'.repeat(40));
    const newer = newPath();
    const database = new DatabaseSync(newer);
    database.exec('PRAGMA user_version = 99');
    database.close();
    for (const path of [garbage, newer, join(garbage, 'file.sqlite')]) {
      assert.throws(() => RequestCache.open(path), { code: 'REQUEST_CACHE_UNUSABLE' });
    }
  });
});
