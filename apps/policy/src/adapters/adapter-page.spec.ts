import { deepEqual, equal, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf } from '#core';
import { adapterPage } from './adapter-page.js';

const RESIDENT = ['x', 'y', 'z'].map((name) => ({
  digest: digestOf(name),
  kind: 'lora' as const,
  residentBytes: 4,
  parameterCount: 1,
}));

describe('adapter page', () => {
  it('walks the list page by page', () => {
    const first = adapterPage(RESIDENT, { pageSize: 2, pageToken: '' });
    const second = adapterPage(RESIDENT, { pageSize: 2, pageToken: first.nextPageToken });
    deepEqual([...first.adapters, ...second.adapters], RESIDENT);
    equal(second.nextPageToken, '');
  });

  it('has no next page when the list ends with it', () => {
    equal(adapterPage(RESIDENT, { pageSize: 3, pageToken: '' }).nextPageToken, '');
    equal(adapterPage([], { pageSize: 0, pageToken: '' }).nextPageToken, '');
  });

  it('refuses a token that no list gave out, or whose adapter is gone', () => {
    for (const pageToken of ['2', digestOf('dropped')]) {
      throws(() => adapterPage(RESIDENT, { pageSize: 2, pageToken }), { code: 'PAGE_TOKEN_INVALID' });
    }
  });

  it('refuses pages beyond the limit', () => {
    throws(() => adapterPage(RESIDENT, { pageSize: 1001, pageToken: '' }), { code: 'REQUEST_INVALID' });
  });
});
