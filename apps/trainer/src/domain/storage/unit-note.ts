/**
 * @file What is noted of a unit beside its result: the rows that it held, and the trace in which it was done. Nothing is
 * computed from it; it is for those who ask where a row came from.
 */
import type { UnitEntry, UnitKey } from './journal.js';

export interface UnitNote {
  /** Ids of the rows, in the order of the unit's items. */
  readonly items: readonly string[];
  /** Of an annotation unit: per item, short names of the texts whose scores are wanted, in order. */
  readonly texts?: readonly (readonly string[])[];
  /** 32 hexadecimal digits; absent when tracing was off. */
  readonly traceId?: string;
}

/** The phase under which the notes of a phase's units are filed. */
export function notesOf(phase: string): string {
  return `${phase}/note`;
}

/** The note as an entry of the journal, under the unit's own number. */
export function noteEntry({ key, requestDigest }: Omit<UnitEntry, 'result' | 'elapsedMs'>, note: UnitNote): UnitEntry {
  const result = Buffer.from(JSON.stringify(note));
  return { key: noteKey(key), requestDigest, result, elapsedMs: 0 };
}

export function noteKey(key: UnitKey): UnitKey {
  return { ...key, phase: notesOf(key.phase) };
}

export function decodeNote(bytes: Uint8Array): UnitNote {
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as UnitNote;
}
