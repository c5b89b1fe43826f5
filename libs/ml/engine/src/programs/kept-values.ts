/**
 * @file What the backward pass of a model computes again instead of keeping it. Of a Llama layer of hidden size C,
 * feed-forward size F and H heads over T tokens, 5·C + 2·F numbers per token remain of 11·C + 4·F + H·T: a third at
 * SmolLM2-135M's sizes and 500 tokens, for one product in twenty more.
 */
import { ELEMENTWISE, type Node } from '#ml/graph';

/** What attention's probabilities are made with: α·q·kᵀ, the mask, the softmax. */
const SCORES: ReadonlySet<string> = new Set(['FusedMatMul', 'Add', 'Softmax', 'Reshape']);

export function isCheap({ op, name }: Node): boolean {
  if (!name.startsWith('/model/')) return false;
  return ELEMENTWISE.has(op) || (SCORES.has(op) && name.includes('/attention/'));
}
