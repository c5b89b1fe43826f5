/**
 * @file What the meta-learner sees of a pair: its offline preference score (MetaAPO, arXiv 2509.23371, section 3).
 *
 *   s = log σ(inputBeta · Δ_off)
 *
 * Differs from the paper: there s = ℓ_off = log σ(β·Δ_off); the authors' released code leaves β out. `inputBeta` chooses:
 * β is the paper, 1 is the release. This one function defines s everywhere; `meta-input.reference.ts` is its host twin.
 */
import { expectAxes, type GraphBuilder, type Value } from '#ml/graph';

export function metaInput(g: GraphBuilder, offlineMargin: Value<'N'>, inputBeta: number): Value<'N'> {
  const scope = g.scope('metaInput');
  return expectAxes(scope.logSigmoid(scope.mul(offlineMargin, inputBeta)), 'N');
}
