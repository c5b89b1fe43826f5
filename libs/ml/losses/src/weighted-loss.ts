/**
 * @file MetaAPO's objective (arXiv 2509.23371, eq. 5), summed over rows.
 *
 *   L = −Σ [ w·ℓ_off + (1 − w)·ℓ_on ]     w is a constant: no gradient through the meta-learner nor through its input
 *
 * Differs from the paper: a sum instead of a mean. Rows of one optimiser step are spread over work units, and only who
 * knows all of them can divide.
 */
import { assert } from '#core';
import { expectAxes, type GraphBuilder, type Value } from '#ml/graph';

export interface WeightedPairs {
  /** ℓ_off = −base of the offline pairs; left out where every weight is 0. */
  readonly ellOff?: Value<'N'> | undefined;
  /** ℓ_on = −base of the online pairs; left out where every weight is 1. */
  readonly ellOn?: Value<'N'> | undefined;
  /** w in [0, 1]: the weight of the offline pair. */
  readonly weight: Value<'N'>;
}

export interface WeightedLoss {
  readonly rows: Value<'N'>;
  readonly sum: Value<''>;
}

/*
 *   w ── StopGradient ──┬── Mul(ℓ_off) ──┐
 *                       └── 1 − w ── Mul(ℓ_on) ── Add ── Neg ── rows ── ReduceSum ── L
 */
export function weightedLoss(g: GraphBuilder, { ellOff, ellOn, weight }: WeightedPairs): WeightedLoss {
  const scope = g.scope('weightedLoss');
  const w = scope.stopGradient(weight);
  const offline = ellOff === undefined ? [] : [scope.scope('offline').mul(w, ellOff)];
  const online = scope.scope('online');
  const terms = [...offline, ...(ellOn === undefined ? [] : [online.mul(online.sub(1, w), ellOn)])];
  assert(terms.length > 0, 'a row has an offline pair, an online pair or both');
  const rows = expectAxes(scope.neg(scope.sum(terms)), 'N');
  return { rows, sum: expectAxes(scope.reduceSum(rows, [0]), '') };
}
