/** @file What a report says of money, of the gate's closing, and of prompts that were lost, as plain data. */

/** What the run might spend on annotations, and what it expected to. */
export interface SpendingReport {
  /** Most annotations; null without a limit. */
  readonly limit: number | null;
  /** Seconds of work after which none was bought; null without a limit. */
  readonly secondsLimit: number | null;
  readonly onLimit: 'close_gate' | 'stop';
  /** True when scores of the evaluation count against the limit. */
  readonly countsEvaluation: boolean;
  /** Annotations that count against the limit. */
  readonly spent: number;
  /** Null where the configuration names no price. */
  readonly price: { readonly perAnnotation: number; readonly currency: string } | null;
  /** One per iteration, made when its gate had chosen and nothing of it was annotated yet. */
  readonly forecasts: readonly SpendingForecast[];
}

export interface SpendingForecast {
  readonly iteration: number;
  /** Annotations at the end of the run, within the budget. */
  readonly annotations: number;
  /** The same without a budget. */
  readonly annotationsUncapped: number;
}

/** Why the gate closed. */
export type ClosingReason = 'budget' | 'time' | 'annotator';

/** The gate closed, or opened again, before a unit of annotation. */
export interface GateEvent {
  readonly kind: 'closed' | 'reopened';
  readonly iteration: number;
  /** Annotation unit of the iteration, from 0. */
  readonly unit: number;
  readonly reason: ClosingReason;
}

/** Rows that the gate chose, in one group: those that gave what annotation can give, and those that were lost. */
export interface KeptAndLost {
  readonly group: string;
  readonly keptCount: number;
  readonly lostCount: number;
}

/** Prompts that the gate chose and that were not annotated in the end, or not enough for a pair; ties are not among them. */
export interface LossReport {
  readonly chosenCount: number;
  readonly lostCount: number;
  /** Lost ones by reason, in UPPER_SNAKE, the most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly rowCount: number }[];
  /** Lost ones that were trained on with their offline pair under w = 1. */
  readonly offlineCount: number;
  /** Ones that were lost at first and annotated when the annotator was back. */
  readonly backfilledCount: number;
  /** By characters of the prompt. */
  readonly byPromptLength: readonly KeptAndLost[];
  /** By the rows' `source`; empty where none names one. */
  readonly bySource: readonly KeptAndLost[];
}
