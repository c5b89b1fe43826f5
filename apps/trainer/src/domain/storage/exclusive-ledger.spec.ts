import { describe, it } from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { digestOf, systemClock } from '#core';
import { temporaryFolder } from '../../testing/toy-run.js';
import type { Buyer, LedgerEntry } from './ledger.js';
import { openRunStorage } from './run-storage.js';

const ENTRY: LedgerEntry = {
  weightsDigest: 'sha256:reward',
  promptDigest: digestOf('prompt'),
  responseDigest: digestOf('response'),
  score: 0.5,
  components: {},
  provenance: '{}',
};
const FIRST: Buyer = { runId: 'run', attempt: 1, unit: '0/annotate/0' };
const SECOND: Buyer = { ...FIRST, unit: '0/annotate/1' };

describe("a run's own ledger", () => {
  it('lets one unit ask for a text, until it is bought or given up', async () => {
    const { ledger, ...storage } = await openRunStorage(temporaryFolder(), { clock: systemClock, newRunId: 'run' });
    deepEqual(await ledger.claim([ENTRY], FIRST), [{ kind: 'granted' }]);
    deepEqual(await ledger.claim([ENTRY], FIRST), [{ kind: 'granted' }]);
    equal((await ledger.claim([ENTRY], SECOND))[0]?.kind, 'elsewhere');
    await ledger.release(FIRST);
    deepEqual(await ledger.claim([ENTRY], SECOND), [{ kind: 'granted' }]);
    equal((await ledger.claim([ENTRY], FIRST))[0]?.kind, 'elsewhere');
    await ledger.add([ENTRY], { buyer: SECOND, purpose: 'training' });
    deepEqual(await ledger.claim([ENTRY], FIRST), [{ kind: 'held', score: 0.5, own: false }]);
    await storage.close();
  });

  it('tells a unit in a later process what it has bought, and remembers no claim', async () => {
    const folder = temporaryFolder();
    const options = { clock: systemClock, newRunId: 'run' };
    const first = await openRunStorage(folder, options);
    const other = { ...ENTRY, responseDigest: digestOf('other') };
    await first.ledger.claim([ENTRY, other], FIRST);
    await first.ledger.add([ENTRY], { buyer: FIRST, purpose: 'training' });
    await first.close();
    const second = await openRunStorage(folder, options);
    deepEqual(await second.ledger.claim([ENTRY, other], { ...FIRST, attempt: 2 }), [
      { kind: 'held', score: 0.5, own: true },
      { kind: 'granted' },
    ]);
    await second.close();
  });
});
