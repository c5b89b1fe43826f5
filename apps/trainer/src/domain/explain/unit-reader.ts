/** @file Units of a journal by the rows that they held. */
import type { Digest } from '#core';
import type { UnitKey } from '../storage/journal.js';
import type { StorageToRead } from '../storage/storage-to-read.js';
import { decodeNote, noteKey, type UnitNote } from '../storage/unit-note.js';

export interface HeldUnit {
  readonly key: UnitKey;
  readonly requestDigest: Digest;
  readonly elapsedMs: number;
}

/** A row's place in a phase. */
export interface RowPlace extends HeldUnit {
  readonly note: UnitNote;
  /** Among the items of the unit. */
  readonly index: number;
}

export class UnitReader {
  constructor(private readonly storage: Pick<StorageToRead, 'database' | 'journal'>) {}

  /** Iterations with units of a phase. */
  async iterations(phase: string): Promise<number[]> {
    const rows = await this.storage.database.all(
      'SELECT DISTINCT iteration FROM units WHERE phase = ? ORDER BY iteration',
      phase,
    );
    return rows.map((row) => Number(row['iteration']));
  }

  /** Units of a phase in their order. */
  async units(iteration: number, phase: string): Promise<HeldUnit[]> {
    const rows = await this.storage.database.all(
      'SELECT unit, request_digest, elapsed_ms FROM units WHERE iteration = ? AND phase = ? ORDER BY unit',
      iteration,
      phase,
    );
    return rows.map((row) => ({
      key: { iteration, phase, unit: Number(row['unit']) },
      requestDigest: row['request_digest'] as Digest,
      elapsedMs: Number(row['elapsed_ms']),
    }));
  }

  /** The unit that held a row; undefined where none did, or where that was not noted. @throws JournalDamagedError */
  async find(iteration: number, phase: string, itemId: string): Promise<RowPlace | undefined> {
    for (const unit of await this.units(iteration, phase)) {
      const note = await this.note(unit);
      const index = note?.items.indexOf(itemId) ?? -1;
      if (note && index >= 0) return { ...unit, note, index };
    }
    return undefined;
  }

  async note({ key, requestDigest }: HeldUnit): Promise<UnitNote | undefined> {
    const bytes = await this.storage.journal.result(noteKey(key), requestDigest);
    return bytes && decodeNote(bytes);
  }

  /** What came of a unit, as JSON. @throws JournalDamagedError */
  async result<R>({ key, requestDigest }: HeldUnit): Promise<R | undefined> {
    const bytes = await this.storage.journal.result(key, requestDigest);
    return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as R);
  }
}
