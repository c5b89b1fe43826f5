import { describe, it } from 'node:test';
import { equal, rejects } from 'node:assert/strict';
import { RowFates } from './row-fates.js';

describe('the fates of rows', () => {
  it('are known to who asks before and to who asks after', async () => {
    const fates = new RowFates<string>();
    const before = fates.of('a');
    fates.settle('a', 'pair');
    equal(await before, 'pair');
    equal(await fates.of('a'), 'pair');
  });

  it('that are open when all fails, fail; those that are known stay known', async () => {
    const fates = new RowFates<string>();
    fates.settle('a', 'pair');
    const open = fates.of('b');
    fates.fail(new TypeError('broken'));
    equal(await fates.of('a'), 'pair');
    await rejects(open, /broken/);
    await rejects(fates.of('c'), /broken/);
  });
});
