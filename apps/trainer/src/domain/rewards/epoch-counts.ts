/**
 * @file How many annotations came from which epoch of which reward model: counters of the journal, moved with the unit that
 * got them.
 */
import type { RewardModel } from '../ports/reward-port.js';
import type { JournalTotals } from '../storage/journal-totals.js';
import type { Purpose } from '../storage/ledger.js';
import { epochIn, type ScoreOrigins } from './score-origins.js';

const PREFIX = 'scores ';

/** Counter of scores of what another model had scored before. */
export const RESCORED = 'rescored';

type Origin = 'paid' | 'found';

export interface EpochCount extends RewardModel {
  readonly purpose: Purpose;
  /** Scored by the reward service for this run. */
  readonly paid: number;
  /** Found in the ledger; as its entries say, maybe under another service's count of epochs. */
  readonly found: number;
}

/** Additions to the counters of the journal. */
export function epochCounters(
  { name, weightsDigest }: RewardModel,
  purpose: Purpose,
  { provenances, provenanceAt, paidAt }: ScoreOrigins,
): Record<string, number> {
  const counters: Record<string, number> = {};
  const paid = new Set(paidAt);
  const epochs = provenances.map(epochIn);
  provenanceAt.forEach((place, index) => {
    if (place === null) return;
    const origin: Origin = paid.has(index) ? 'paid' : 'found';
    const counter = PREFIX + JSON.stringify([name, epochs[place], weightsDigest, purpose, origin]);
    counters[counter] = (counters[counter] ?? 0) + 1;
  });
  return counters;
}

/** What the journal has counted, in order of name and epoch. */
export function epochCounts(totals: JournalTotals): EpochCount[] {
  const counts = new Map<string, EpochCount>();
  for (const [suffix, value] of totals.countersBelow(PREFIX)) {
    const [name, epoch, weightsDigest, purpose, origin] = JSON.parse(suffix) as [
      string,
      string,
      string,
      Purpose,
      Origin,
    ];
    const key = JSON.stringify([name, epoch, weightsDigest, purpose]);
    const count = counts.get(key) ?? { name, epoch, weightsDigest, purpose, paid: 0, found: 0 };
    counts.set(key, { ...count, [origin]: value });
  }
  return [...counts.values()].toSorted(
    (a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1) || Number(BigInt(a.epoch) - BigInt(b.epoch)),
  );
}
