/** @file Names, epochs and pages of reward models. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDigest } from '#core';
import { registryOf } from '../testing/lifecycle-of.js';

const registry = await registryOf({ c: { backend: 'vader' }, a: { backend: 'vader' }, b: { backend: 'afinn' } });
const namesOf = (page: ReturnType<typeof registry.list>): string[] =>
  page.models.map(({ provenance }) => provenance.rewardModel);

describe('reward models', () => {
  it('carry full provenance from epoch 1', () => {
    const { weightsDigest, ...rest } = registry.find('b', '1').provenance;
    assert.ok(isDigest(weightsDigest));
    assert.deepEqual(rest, {
      rewardModel: 'b',
      epoch: 1,
      tokenizerDigest: '',
      templateDigest: '',
      backend: 'afinn',
      executionProvider: 'javascript',
      dtype: 'float64',
      serviceVersion: '0.0.0-test',
      truncation: '',
    });
  });

  it('share a digest where they are the same rule', () => {
    const digestOfModel = (name: string) => registry.find(name).provenance.weightsDigest;
    assert.equal(digestOfModel('a'), digestOfModel('c'));
    assert.notEqual(digestOfModel('a'), digestOfModel('b'));
  });

  it('are listed by name, page by page', () => {
    const first = registry.list({ pageSize: 2, pageToken: '' });
    assert.deepEqual(namesOf(first), ['a', 'b']);
    const second = registry.list({ pageSize: 2, pageToken: first.nextPageToken });
    assert.deepEqual([namesOf(second), second.nextPageToken], [['c'], '']);
    assert.deepEqual(namesOf(registry.list({ pageSize: 0, pageToken: '' })), ['a', 'b', 'c']);
  });

  it('refuse a page token of somebody else and a page that is too large', () => {
    assert.throws(() => registry.list({ pageSize: 1, pageToken: 'bm90IG91cnM' }), { code: 'PAGE_TOKEN_INVALID' });
    assert.throws(() => registry.list({ pageSize: 1001, pageToken: '' }), { code: 'REQUEST_INVALID' });
  });

  it('do not start at all when one of them is broken', async () => {
    const broken = registryOf({ good: { backend: 'vader' }, bad: { backend: 'module', path: '/nowhere/reward.mjs' } });
    await assert.rejects(broken, { code: 'REWARD_MODEL_BROKEN', message: /"bad".*ENOENT/ });
  });
});
