/**
 * @file What the run will have bought at its end, as far as it can be told now.
 *
 *   total = spent + s·c + n·r·c
 *
 * s: prompts that the gate chose in this iteration and that are not annotated yet; n: rows of later iterations; r: share
 * of rows that the gate chose so far; c: annotations bought per annotated prompt so far, K before the first one. The gate
 * learns, so r drifts: the forecast is made anew with every unit. The budget caps it.
 */

/** Counts of the run so far. */
export interface SpendingProgress {
  /** Annotations bought. */
  readonly spent: number;
  /** Prompts whose annotations were bought or found. */
  readonly annotatedPrompts: number;
  /** Rows that the gate has decided about, over all iterations. */
  readonly gatedRows: number;
  /** Those of them that it chose. */
  readonly chosenRows: number;
  /** Chosen prompts of this iteration that may still be annotated. */
  readonly openPrompts: number;
  /** Rows of the iterations that follow. */
  readonly laterRows: number;
  /** K. */
  readonly samplesPerPrompt: number;
}

export interface Forecast {
  /** Annotations at the end, within the budget. */
  readonly annotations: number;
  /** The same without a budget. */
  readonly annotationsUncapped: number;
  /** True when the budget is expected to close the gate. */
  readonly isCapped: boolean;
}

export function forecast(progress: SpendingProgress, limit: number | undefined): Forecast {
  const { spent, annotatedPrompts, gatedRows, chosenRows, openPrompts, laterRows, samplesPerPrompt } = progress;
  const pricePerPrompt = annotatedPrompts === 0 ? samplesPerPrompt : spent / annotatedPrompts;
  const chosenShare = gatedRows === 0 ? 1 : chosenRows / gatedRows;
  const annotationsUncapped = Math.round(spent + (openPrompts + laterRows * chosenShare) * pricePerPrompt);
  const isCapped = limit !== undefined && annotationsUncapped > limit;
  return { annotations: isCapped ? limit : annotationsUncapped, annotationsUncapped, isCapped };
}
