/**
 * @file One of several processes that want the same scores of a shared ledger: buys what it is granted, waits for the rest,
 * and prints how many it paid for. `node ledger-buyer.js PLACE RUN_ID KEY_COUNT`.
 */
import { Rng, digestOf, systemClock } from '#core';
import type { LedgerKey } from '../../apps/trainer/src/domain/storage/ledger.js';
import { openLedgerDatabase } from '../../apps/trainer/src/domain/storage/open-ledger.js';
import { SqlLedger } from '../../apps/trainer/src/domain/storage/sql/sql-ledger.js';

const UNIT_KEYS = 8;
const LOOK_AGAIN_MS = 5;

const [place = '', runId = '', count = '0'] = process.argv.slice(2);
const database = await openLedgerDatabase(place);
const ledger = new SqlLedger(database, systemClock);
const keys = Array.from({ length: Number(count) }, (_, index): LedgerKey => {
  return { weightsDigest: 'sha256:reward', promptDigest: digestOf('prompt'), responseDigest: digestOf(String(index)) };
});
const order = new Rng(runId).shuffled(keys);
let paid = 0;
for (let start = 0; start < order.length; start += UNIT_KEYS) {
  const buyer = { runId, attempt: 1, unit: `0/annotate/${start / UNIT_KEYS}` };
  let wanted = order.slice(start, start + UNIT_KEYS);
  while (wanted.length > 0) {
    const claims = await ledger.claim(wanted, buyer);
    const granted = wanted.filter((_, index) => claims[index]?.kind === 'granted');
    const entries = granted.map((key) => ({ ...key, score: 1, components: {}, provenance: JSON.stringify({ runId }) }));
    await ledger.add(entries, { buyer, purpose: 'training' });
    paid += granted.length;
    wanted = wanted.filter((_, index) => claims[index]?.kind === 'elsewhere');
    if (granted.length === 0 && wanted.length > 0) await systemClock.sleep(LOOK_AGAIN_MS);
  }
}
await database.close();
process.stdout.write(`${paid}\n`);
