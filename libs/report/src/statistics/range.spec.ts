import { describe, it } from 'node:test';
import { deepEqual } from 'node:assert/strict';
import { rangeOf } from './range.js';

describe('the range of values', () => {
  it('is that of all, however many there are', () => {
    deepEqual(rangeOf([2, -1, 0.5]), { lowest: -1, highest: 2 });
    deepEqual(rangeOf(Array.from({ length: 300_000 }, (_, i) => i)), { lowest: 0, highest: 299_999 });
  });
});
