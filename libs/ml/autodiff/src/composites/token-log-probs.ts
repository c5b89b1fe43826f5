/**
 * @file Log-probabilities of given tokens, with the language model head inside: only the rows that are scored meet the
 * vocabulary, and no one-hot matrix is made.
 *
 *   L = logSoftmax(h·Eᵀ)     y_m = L[m, target_m]
 */
import { expectAxes, type GraphBuilder, type Value } from '#ml/graph';

export interface TokenLogProbsInputs {
  /** Hidden states at the positions that predict the targets. */
  readonly hidden: Value<'M C'>;
  /** The head; the embedding where they are tied. */
  readonly headWeight: Value<'V C'>;
  /** Token ids, i64. */
  readonly targets: Value<'M'>;
}

/*
 *   h ──┬ FusedMatMul ── LogSoftmax ── L ── GatherElements ── y
 *   E ──┘                       targets ──┘
 *
 *   With P = e^L, row m:  ∂y/∂logits = 1[target] − P
 *   ∂L/∂h = d∘(E[target] − P·E)     ∂L/∂E = scatter-add(target, d∘h) − Pᵀ·(d∘h)
 */
export function tokenLogProbs(g: GraphBuilder, { hidden, headWeight, targets }: TokenLogProbsInputs): Value<'M'> {
  const [rowCount] = hidden.shape;
  let logProbs: Value = hidden;
  let column: Value = targets;
  const [y] = g.composite({
    name: 'tokenLogProbs',
    inputs: [hidden, headWeight],
    forward: (inner) => {
      logProbs = inner.logSoftmax(inner.matmul(hidden, headWeight, { transB: true })); // [M, V]
      column = inner.scope('targets').reshape(targets, [...targets.shape, 1]); // [M, 1]
      return [inner.reshape(inner.gatherElements(logProbs, column, -1), targets.shape)]; // [M]
    },
    backward: (grad, [seed], [wantsHidden, wantsWeight]) => {
      if (!seed) return [];
      const d = grad.reshape(seed, [...seed.shape, 1]); // [M, 1]
      const probabilities = grad.exp(logProbs); // [M, V]
      return [
        wantsHidden ? ofHidden(grad.scope('hidden'), d, probabilities) : null,
        wantsWeight ? ofWeight(grad.scope('weight'), d, probabilities) : null,
      ];
    },
  }) as readonly [Value];
  return expectAxes(y, 'M', rowCount === undefined ? {} : { M: rowCount });

  function ofHidden(grad: GraphBuilder, d: Value, probabilities: Value): Value {
    return grad.mul(d, grad.sub(grad.gather(headWeight, targets), grad.matmul(probabilities, headWeight))); // [M, C]
  }

  function ofWeight(grad: GraphBuilder, d: Value, probabilities: Value): Value {
    const weighted = grad.mul(d, hidden); // [M, C]
    const dense = grad.matmul(probabilities, weighted, { transA: true, alpha: -1 }); // [V, C]
    return grad.scatterRows(dense, column, weighted, 'add');
  }
}
