/** @file What an iteration finds out about its rows, and what becomes of each. */
import type { ClosingReason } from '#report';
import type { Pairing } from '../algorithm/pairing.js';
import type { PairScore } from '../algorithm/preference-score.js';
import type { PreferenceRow } from '../algorithm/rows.js';
import type { GateState } from '../degrade/gate-events.js';
import { RowFates } from '../pipeline/row-fates.js';
import type { GateDecision } from '../ports/meta-learner-port.js';
import type { Sample } from '../ports/policy-port.js';
import type { Answer } from '../ports/reward-port.js';

/** What becomes of a row. */
export type RowFate =
  /** It could not be scored. */
  | { readonly kind: 'unscored' }
  /** Its score is not finite, so the gate says nothing of it. */
  | { readonly kind: 'ungated' }
  /** The gate let it pass: its offline pair is good enough. */
  | { readonly kind: 'unsampled' }
  /** The gate chose it, and it was not annotated: the budget is spent, or the annotator is down. */
  | { readonly kind: 'lost'; readonly closedBy: ClosingReason }
  | Pairing;

/** What an iteration finds out about its rows, growing while it goes on. */
export class SamplingFindings {
  readonly scores = new Map<string, PairScore>();
  readonly decisions = new Map<string, GateDecision>();
  readonly samples = new Map<string, readonly Sample[]>();
  readonly pairings = new Map<string, Pairing>();
  readonly onlineScores = new Map<string, PairScore>();
  readonly fates = new RowFates<RowFate>();
  /** Chosen rows that were not annotated, and why. */
  readonly lost = new Map<string, ClosingReason>();
  /** Rows that were lost at first, and annotated when the annotator was back. */
  readonly backfilled = new Set<string>();
  /** Why an annotation of the row failed. */
  readonly failureReasons = new Map<string, string>();
  /** How the gate was, unit by unit. */
  readonly gateStates: GateState[] = [];
  /** Annotations that were spent before the iteration. */
  spentBefore = 0;
  /** Resolves with the first annotation that did not fail, or when all are done. */
  readonly annotated = Promise.withResolvers<void>();
  /** Responses that the training reward was paid for. */
  annotationCount = 0;
  /** Rows of which it is not known that they will never come to generation, to annotation, to a pair. */
  readonly open: { generate: number; annotate: number; pair: number };

  constructor(rowCount: number) {
    this.open = { generate: rowCount, annotate: rowCount, pair: rowCount };
    // Nobody may be waiting for it.
    this.annotated.promise.catch(() => undefined);
  }

  /** What is not known yet never will be. */
  fail(reason: unknown): void {
    this.fates.fail(reason);
    this.annotated.reject(reason);
  }
}

/** A chosen row with something to annotate. */
export type AnsweredRow = PreferenceRow & { readonly answers: readonly Answer[]; readonly usable: readonly Sample[] };

/** No annotations, no pair: the row goes on with its offline pair alone. */
export function lose(findings: SamplingFindings, { id }: PreferenceRow, closedBy: ClosingReason): void {
  findings.lost.set(id, closedBy);
  findings.open.pair -= 1;
  findings.fates.settle(id, { kind: 'lost', closedBy });
}

export function settle({ pairings, open, fates }: SamplingFindings, { id }: PreferenceRow, pairing: Pairing): void {
  pairings.set(id, pairing);
  if (pairing.kind !== 'pair') open.pair -= 1;
  fates.settle(id, pairing);
}
