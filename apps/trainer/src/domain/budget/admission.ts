/**
 * @file Which prompts of a unit the budget still admits: the leading ones, whole, in the order of the rows.
 *
 * A prompt is annotated wholly or not at all, since half of its responses make another pair. The first prompt that no
 * longer fits closes the gate, so at the end less than one prompt's price is left over: one unit of the budget is the
 * price of one prompt, at most `samples_per_prompt` annotations. Admission goes unit by unit in their order and reckons
 * with prices, never with what came back; so it depends on neither timing nor replicas.
 */

export interface Admission {
  /** Leading prompts that are admitted. */
  readonly promptCount: number;
  /** What they cost: texts that no ledger holds and no earlier unit asks for. */
  readonly cost: number;
  /** True when a prompt did not fit. */
  readonly isExhausted: boolean;
}

/** Admits the leading prompts whose prices together are at most `left`. A prompt that costs nothing always fits. */
export function admit(prices: readonly number[], left: number): Admission {
  let promptCount = 0;
  let cost = 0;
  for (const price of prices) {
    if (cost + price > Math.max(left, 0)) return { promptCount, cost, isExhausted: true };
    promptCount += 1;
    cost += price;
  }
  return { promptCount, cost, isExhausted: false };
}
