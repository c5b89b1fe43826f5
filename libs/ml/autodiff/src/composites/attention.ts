/**
 * @file Scaled dot-product attention with grouped query heads (Vaswani et al. 2017, arXiv 1706.03762, eq. 1; Ainslie et
 * al. 2023, arXiv 2305.13245).
 *
 *   P = softmax(α·q·kᵀ + mask)     o = P·v     α = 1/√D by default
 *
 * The G = H/K query heads that share a key head become rows of one product, so keys and values are never repeated.
 */
import { assert, present } from '#core';
import { expectAxes, productOf, type Dim, type GraphBuilder, type Value } from '#ml/graph';

export interface AttentionInputs {
  readonly q: Value<'B H T D'>;
  readonly k: Value<'B K S D'>;
  readonly v: Value<'B K S D'>;
  /** Added to the scores: 0 where a query may look, a large negative number where it may not. B may be 1. */
  readonly mask: Value<'B 1 1 T S'>;
  /** α. @default 1/√D */
  readonly scale?: number;
}

/*
 *   q ── Reshape [B,K,G·T,D] ──┐
 *   k ─────────────────────────┴ FusedMatMul ── + mask ── Softmax ── P ──┐
 *   v ───────────────────────────────────────────────────────────────────┴ MatMul ── o ── Reshape
 *
 *   ∂L/∂v = Pᵀ·d     dP = d·vᵀ     dS = P∘(dP − rowsum(d∘o))     ∂L/∂q = α·dS·k     ∂L/∂k = α·dSᵀ·q
 *
 * rowsum(d∘o) equals rowsum(dP∘P), over D columns instead of S (Dao et al. 2022, arXiv 2205.14135, eq. 4).
 */
export function attention(g: GraphBuilder, { q, k, v, mask, scale }: AttentionInputs): Value<'B H T D'> {
  const [batch, headCount, queryCount, width] = q.shape;
  const [, keyHeadCount, keyCount] = k.shape;
  assert(typeof headCount === 'number' && typeof keyHeadCount === 'number', `head counts of ${q.name} are numbers`);
  assert(typeof width === 'number', `head width of ${q.name} is a number`);
  assert(headCount % keyHeadCount === 0, `${headCount} query heads share ${keyHeadCount} key heads`);
  const sizes = { B: present(batch, 'B'), K: keyHeadCount, T: present(queryCount, 'T'), S: present(keyCount, 'S') };
  expectAxes(k, 'B K S D', { ...sizes, D: width });
  expectAxes(v, 'B K S D', { ...sizes, D: width });
  const groupSize = headCount / keyHeadCount;
  const rows: Dim = productOf([groupSize, sizes.T]);
  const alpha = scale ?? 1 / Math.sqrt(width);
  const saved = { grouped: q as Value, probabilities: q as Value, output: q as Value };
  const grouped = [sizes.B, keyHeadCount, rows, width];

  const [o] = g.composite({
    name: 'attention',
    inputs: [q, k, v],
    forward: (inner) => {
      saved.grouped = inner.scope('group').reshape(q, grouped); // [B, K, G·T, D]
      const scores = inner.scope('scores').matmul(saved.grouped, k, { transB: true, alpha }); // [B, K, G·T, S]
      const perHead = inner.scope('scores').reshape(scores, [sizes.B, keyHeadCount, groupSize, sizes.T, sizes.S]);
      const weights = inner.softmax(inner.add(perHead, mask)); // [B, K, G, T, S]
      saved.probabilities = inner.scope('weights').reshape(weights, [sizes.B, keyHeadCount, rows, sizes.S]);
      saved.output = inner.matmul(saved.probabilities, v); // [B, K, G·T, D]
      return [inner.scope('ungroup').reshape(saved.output, q.shape)];
    },
    backward: (grad, [seed], [wantsQ, wantsK, wantsV]) => {
      if (!seed) return [];
      const d = grad.scope('group').reshape(seed, grouped); // [B, K, G·T, D]
      const { probabilities, output } = saved;
      const ofV = wantsV ? grad.scope('v').matmul(probabilities, d, { transA: true }) : null;
      if (!wantsQ && !wantsK) return [null, null, ofV];
      const scores = grad.scope('scores');
      const ofProbabilities = scores.matmul(d, v, { transB: true }); // [B, K, G·T, S]
      const rowSums = scores.reduceSum(scores.mul(d, output), [-1], { keepDims: true }); // [B, K, G·T, 1]
      const ofScores = scores.scope('softmax').mul(probabilities, scores.sub(ofProbabilities, rowSums));
      return [wantsQ ? ofQ(grad.scope('q'), ofScores) : null, wantsK ? ofK(grad.scope('k'), ofScores) : null, ofV];
    },
  }) as readonly [Value];
  return expectAxes(o, 'B H T D', { H: headCount, D: width });

  function ofQ(grad: GraphBuilder, ofScores: Value): Value {
    return grad.reshapeLike(grad.matmul(ofScores, k, { alpha }), q);
  }

  function ofK(grad: GraphBuilder, ofScores: Value): Value {
    return grad.matmul(ofScores, saved.grouped, { transA: true, alpha });
  }
}
