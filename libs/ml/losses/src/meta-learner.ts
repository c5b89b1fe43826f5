/**
 * @file The meta-learner's forward pass inside a training graph, so that w comes from the live policy in the same run
 * (MetaAPO, arXiv 2509.23371, section 3; width and activations are those of the authors' release).
 *
 *   w = σ(W2 · tanh(W1·s + b1) + b2)
 */
import { expectAxes, type GraphBuilder, type Value } from '#ml/graph';

export interface MetaLearnerValues {
  readonly hiddenWeights: Value<'hidden'>; // W1
  readonly hiddenBiases: Value<'hidden'>; // b1
  readonly outputWeights: Value<'hidden'>; // W2
  readonly outputBias: Value<'1'>; // b2
}

/*
 *   s [N] ── Reshape [N,1] ── Mul(W1) ── Add(b1) ── Tanh ── Mul(W2) ── ReduceSum ── Add(b2) ── Sigmoid ── w [N]
 */
export function metaLearner(g: GraphBuilder, score: Value<'N'>, weights: MetaLearnerValues): Value<'N'> {
  const scope = g.scope('metaLearner');
  const hidden = scope.scope('hidden');
  const output = scope.scope('output');
  const column = hidden.reshape(score, [...score.shape, 1]); // [N, 1]
  const activations = hidden.tanh(hidden.add(hidden.mul(column, weights.hiddenWeights), weights.hiddenBiases)); // [N, hidden]
  const sums = output.reduceSum(output.mul(activations, weights.outputWeights), [-1]); // [N]
  return expectAxes(output.sigmoid(output.add(sums, weights.outputBias)), 'N');
}
