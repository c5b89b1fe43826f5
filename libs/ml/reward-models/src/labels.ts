/** @file From a row of label logits to the score. */
import { ClassifierInvalidError, LabelNotChosenError, RewardLogitNotFiniteError } from './reward-models.errors.js';
import type { Activation } from './settings.js';

/** Index of the label that is the score. @throws LabelNotChosenError */
export function chooseLabel(path: string, labels: readonly string[], chosen: string | number | undefined): number {
  if (chosen === undefined && labels.length === 1) return 0;
  const index = typeof chosen === 'string' ? labels.indexOf(chosen) : (chosen ?? -1);
  if (Number.isInteger(index) && index >= 0 && index < labels.length) return index;
  throw new LabelNotChosenError(path, labels, chosen);
}

/** @throws ClassifierInvalidError for a softmax over one label, which is always 1 */
export function checkActivation(path: string, activation: Activation, labelCount: number): void {
  if (activation !== 'softmax' || labelCount > 1) return;
  throw new ClassifierInvalidError(
    path,
    'expected several labels for "activation": "softmax", got 1; use none or sigmoid',
  );
}

/**
 *   none z      sigmoid 1/(1 + e^−z)      softmax e^z / Σ e^zᵢ
 *
 * @throws RewardLogitNotFiniteError when one of the logits that count is NaN or infinite
 */
export function scoreOf(
  logits: Float32Array,
  { index, name, activation }: { readonly index: number; readonly name: string; readonly activation: Activation },
): number {
  const z = logits[index] ?? NaN;
  const counting = activation === 'softmax' ? logits : [z];
  for (const logit of counting) if (!Number.isFinite(logit)) throw new RewardLogitNotFiniteError(name, logit);
  switch (activation) {
    case 'none':
      return z;
    case 'sigmoid':
      return 1 / (1 + Math.exp(-z));
    case 'softmax':
      return 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - z), 0);
    default:
      return activation satisfies never;
  }
}
