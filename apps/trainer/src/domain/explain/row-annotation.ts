/**
 * @file What annotation gave a row: a score per text, where it came from, and whether it was paid for. A text that stands in
 * several rows was asked for by the first of them, so the units before are read too.
 */
import type { PurchaseOutcome } from '../phases/buy-scores.js';
import type { ScoreSourceName } from './row-explanation.js';
import type { RowPlace, UnitReader } from './unit-reader.js';

export interface TextScore {
  readonly score: number | null;
  readonly source?: ScoreSourceName;
  /** As JSON. */
  readonly provenance?: string;
}

export interface RowAnnotation {
  readonly place: RowPlace;
  /** In the order of the texts that were wanted. */
  readonly texts: readonly TextScore[];
  /** True where the annotator was down, so that nothing is said about the texts. */
  readonly isLost: boolean;
  readonly failureReason: string | undefined;
}

interface FirstAsked extends TextScore {
  readonly itemId: string;
}

/** Undefined where the phase has not come to the row. */
export async function rowAnnotation(
  reader: UnitReader,
  { iteration, phase, itemId }: { readonly iteration: number; readonly phase: string; readonly itemId: string },
): Promise<RowAnnotation | undefined> {
  const place = await reader.find(iteration, phase, itemId);
  if (!place) return undefined;
  const known = new Map<string, FirstAsked>();
  let own: PurchaseOutcome | undefined;
  for (const unit of await reader.units(iteration, phase)) {
    if (unit.key.unit > place.key.unit) break;
    const [note, outcome] = [await reader.note(unit), await reader.result<PurchaseOutcome>(unit)];
    if (!note?.texts || !outcome) continue;
    own = outcome;
    const asked = note.items.flatMap((id, index) => (note.texts?.[index] ?? []).map((text) => ({ id, text })));
    let next = 0;
    for (const { id, text } of asked) {
      if (!known.has(text)) known.set(text, { itemId: id, ...scoreAt(outcome, next++) });
    }
  }
  const texts = (place.note.texts?.[place.index] ?? []).map((text): TextScore => {
    const first = known.get(text);
    if (!first) return { score: null };
    const { itemId: by, ...score } = first;
    return by !== itemId && score.score !== null ? { ...score, source: 'earlier_row' } : score;
  });
  return {
    place,
    texts,
    isLost: own?.lost !== undefined && texts.some(({ score }) => score === null),
    failureReason: own?.failures.find((failure) => failure.itemId === itemId)?.reason,
  };
}

function scoreAt({ scores, origins }: PurchaseOutcome, index: number): TextScore {
  const score = scores[index] ?? null;
  const provenanceAt = origins?.provenanceAt[index];
  const provenance = typeof provenanceAt === 'number' ? origins?.provenances[provenanceAt] : undefined;
  if (score === null || provenance === undefined) return { score };
  return { score, provenance, source: origins?.paidAt.includes(index) ? 'paid' : 'ledger' };
}
