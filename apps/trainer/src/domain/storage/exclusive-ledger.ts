/**
 * @file The ledger of one run alone. One process works on a run, so its claims need not outlive it: they are kept in memory,
 * and a unit costs one sync to the disk less than in a ledger that is shared.
 */
import type { Clock } from '#core';
import {
  ledgerKeyName,
  type Buyer,
  type Claim,
  type Ledger,
  type LedgerEntry,
  type LedgerKey,
  type Purpose,
} from './ledger.js';
import { LEASE_MS, type SqlLedger } from './sql/sql-ledger.js';

export class ExclusiveLedger implements Ledger {
  /** Unit that asks for a text, by the text. */
  private readonly asking = new Map<string, string>();

  constructor(
    private readonly held: SqlLedger,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  async scores(keys: readonly LedgerKey[]): Promise<(number | undefined)[]> {
    return await this.held.scores(keys);
  }

  async entries(keys: readonly LedgerKey[]): Promise<(LedgerEntry | undefined)[]> {
    return await this.held.entries(keys);
  }

  async claim(keys: readonly LedgerKey[], buyer: Buyer): Promise<Claim[]> {
    // Taken before the ledger is read: whoever has it until then has added its score by then.
    const mine = keys.map((key) => {
      const name = ledgerKeyName(key);
      const isFree = (this.asking.get(name) ?? buyer.unit) === buyer.unit;
      if (isFree) this.asking.set(name, buyer.unit);
      return isFree;
    });
    const held = await this.held.held(keys, buyer);
    return keys.map((key, index): Claim => {
      const score = held[index];
      if (score && mine[index]) this.asking.delete(ledgerKeyName(key));
      if (score) return score;
      return mine[index] ? { kind: 'granted' } : { kind: 'elsewhere', untilMs: this.clock.nowMs() + LEASE_MS };
    });
  }

  async add(
    entries: readonly LedgerEntry[],
    bought: { readonly buyer: Buyer; readonly purpose: Purpose },
  ): Promise<void> {
    await this.held.add(entries, bought);
    for (const entry of entries) this.asking.delete(ledgerKeyName(entry));
  }

  async release({ unit }: Buyer): Promise<void> {
    for (const [name, asking] of this.asking) if (asking === unit) this.asking.delete(name);
  }
}
