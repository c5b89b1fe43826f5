/**
 * @file How far 8-bit decoding is from float32: the mean over positions of
 *
 *   KL(p ‖ q) = Σᵥ p(v)·(log p(v) − log q(v))
 *
 * with p what a token was drawn from (8-bit) and q what the float32 graph says after the same tokens; both under the
 * whole softmax at temperature 1. Measured on the first sample of every prompt of the first
 * unit that a policy generates, so the text is
 * what the policy is used for. Nothing that is drawn depends on it.
 */
import { present } from '#core';
import { BATCH_TOKENS_MAX, microBatches } from '../batching/micro-batches.js';
import { sequenceBatch } from '../batching/sequence-batch.js';
import type { Sequence } from '../batching/sequence.js';
import type { DecodeDivergence, GenerateUnit, TokenSequence } from '../policy-engine.js';
import type { PrefillProgram } from '../programs/prefill-program.js';
import type { WeightSet } from '../programs/weights.js';
import type { UnitControl } from './unit-control.js';

/** Most positions that are compared, over all prompts. */
const POSITIONS_MAX = 128;

/** The first sample of a prompt. */
interface Trace {
  readonly prompt: TokenSequence;
  readonly tokenIds: number[];
  /** What was decoded after each of them, [V]. */
  readonly logits: Float32Array[];
}

export class DivergenceProbe {
  private readonly traces = new Map<number, Trace>();
  private readonly positionsPerPrompt: number;

  constructor(promptCount: number) {
    this.positionsPerPrompt = Math.ceil(POSITIONS_MAX / promptCount);
  }

  /** Takes down what was decoded after a token. */
  note(rowIndex: number, step: { unit: GenerateUnit; tokenId: number; logits: Float32Array }): void {
    const { prompt } = present(step.unit.rows[rowIndex], `row ${rowIndex}`);
    const trace = this.traces.get(rowIndex) ?? { prompt, tokenIds: [], logits: [] };
    if (trace.tokenIds.length >= this.positionsPerPrompt) return;
    this.traces.set(rowIndex, trace);
    trace.tokenIds.push(step.tokenId);
    trace.logits.push(step.logits.slice());
  }

  /** Undefined when nothing was decoded. */
  async measure(
    program: PrefillProgram,
    weights: WeightSet,
    control: UnitControl,
  ): Promise<DecodeDivergence | undefined> {
    const values: number[] = [];
    const traces = [...this.traces.values()];
    for (const group of microBatches(traces, (trace) => [sequenceOf(trace)], BATCH_TOKENS_MAX)) {
      await control.proceed();
      const exact = await program.logits(weights, sequenceBatch(group.map(sequenceOf)));
      const drawn = group.flatMap(({ logits }) => logits);
      const size = exact.length / drawn.length;
      drawn.forEach((row, index) => values.push(klDivergence(row, exact.subarray(index * size, (index + 1) * size))));
    }
    if (values.length === 0) return undefined;
    const sum = values.reduce((total, value) => total + value, 0);
    return { meanKl: sum / values.length, maxKl: Math.max(...values), positionCount: values.length };
  }
}

/** Prompt and sample as one sequence; every token of the sample predicts one. */
function sequenceOf({ prompt, tokenIds }: Trace): Sequence {
  const all = [...prompt, ...tokenIds];
  return {
    tokenIds: all,
    positions: all.map((_, position) => position),
    branches: all.map(() => 0),
    targets: tokenIds.map((tokenId, index) => ({ from: prompt.length + index, tokenId, responseIndex: 0 })),
  };
}

/** KL(softmax(a) ‖ softmax(b)) in float64; rounding may not make it negative. */
export function klDivergence(a: Float32Array, b: Float32Array): number {
  const [maxA, maxB] = [largest(a), largest(b)];
  let [sumA, sumB, weighted] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - maxA, b[i]! - maxB];
    const mass = Math.exp(x);
    sumA += mass;
    sumB += Math.exp(y);
    weighted += mass * (x - y);
  }
  return Math.max(0, weighted / sumA - Math.log(sumA) + Math.log(sumB));
}

function largest(values: Float32Array): number {
  let maximum = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) maximum = Math.max(maximum, values[i]!);
  return maximum;
}
