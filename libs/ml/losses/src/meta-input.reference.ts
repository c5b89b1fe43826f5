/** @file Float64 twin of meta-input.ts: s = log σ(inputBeta · Δ_off). */
import { logSigmoidReference } from './log-sigmoid.reference.js';

export function metaInputReference(offlineMargin: number, inputBeta: number): number {
  return logSigmoidReference(inputBeta * offlineMargin);
}
