/** @file What a check of a run directory found. */
import { messageOf } from '#core';
import { StorageRefusedError, StorageUnavailableError } from '../storage/database.errors.js';

export interface Finding {
  /**
   * `damage`: something is not what was written. `unchecked`: it lies in a place that could not be reached, so nothing is
   * known of it. `notice`: worth knowing, and harmless.
   */
  readonly severity: 'damage' | 'unchecked' | 'notice';
  /** File, table, or object that it is about, from the run directory. */
  readonly place: string;
  /** Expected, and found. */
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** How many of each were looked at. */
export interface CheckedCounts {
  units: number;
  steps: number;
  metaStates: number;
  scores: number;
  artifacts: number;
  files: number;
}

export interface FsckReport {
  /** Empty when not even that could be read. */
  readonly runId: string;
  readonly findings: readonly Finding[];
  readonly checked: Readonly<CheckedCounts>;
}

/** Gathers findings while a run is checked. */
export class Findings {
  readonly list: Finding[] = [];
  readonly checked: CheckedCounts = { units: 0, steps: 0, metaStates: 0, scores: 0, artifacts: 0, files: 0 };

  damage(place: string, problem: string, remedy: string): void {
    this.list.push({ severity: 'damage', place, problem, remedy });
  }

  /** A check that ended in an error: damage with that remedy, unless it is the place that cannot be reached. */
  failed(place: string, error: unknown, remedy: string): void {
    if (isStorageAway(error)) {
      const found = { place: String(error.facts['place'] ?? place), problem: messageOf(error) };
      this.list.push({ severity: 'unchecked', ...found, remedy: 'check again when it can be reached' });
    } else {
      this.damage(place, messageOf(error), remedy);
    }
  }

  notice(place: string, problem: string, remedy: string): void {
    this.list.push({ severity: 'notice', place, problem, remedy });
  }
}

/** True for what says nothing about the run: its database or store does not answer, or lets nobody in. */
export function isStorageAway(error: unknown): error is StorageUnavailableError | StorageRefusedError {
  return error instanceof StorageUnavailableError || error instanceof StorageRefusedError;
}

export const RESTORE_JOURNAL =
  'restore run.sqlite with its -wal file from a copy, or start a new run; a shared ledger keeps what was paid for';
export const RUN_AGAIN = 'delete it and start the run again: it is written anew from the journal';
