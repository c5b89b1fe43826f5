/**
 * @file What the backward pass of a model computes again instead of keeping it. Of a Llama layer of hidden size C,
 * feed-forward size F and H heads over T tokens, 5·C + 2·F + H·T numbers per token remain of 11·C + 4·F + H·T, and
 * 5·C + 2·F where attention's probabilities are computed again too.
 */
import { ELEMENTWISE, type Node } from '#ml/graph';

/** Norms, gates and transpositions: a pass over the numbers each. */
export function isElementwise({ op, name }: Node): boolean {
  return name.startsWith('/model/') && ELEMENTWISE.has(op);
}

/** What attention's probabilities are made with: α·q·kᵀ, the mask, the softmax. */
const SCORES: ReadonlySet<string> = new Set(['FusedMatMul', 'Add', 'Softmax', 'Reshape']);

/** Probabilities as well, a tenth of the time of a gradient: for sequences that are too long to keep them. */
export function isElementwiseOrScores(node: Node): boolean {
  return isElementwise(node) || (SCORES.has(node.op) && node.name.includes('/attention/'));
}
