/**
 * @file Attention of one new token per sample over what came before it; for decoding only, it has no gradient.
 *
 * N prompts with R samples each are decoded together. A sample sees three stretches:
 *
 *   prompt     [N, K, P, D]     stored once per prompt; its R·G query heads read it in one product
 *   own        [S, N·R·K, D]    the tokens decoded so far, time first, so that a growing cache is a growing prefix
 *   itself     [N·R·K, 1, D]
 *
 * One softmax runs over the three by the usual rescaling (arXiv 2205.14135, Eq. 3):
 *
 *   m = max of all scores      O = Σ exp(s − m)·v / Σ exp(s − m)
 *
 * Only the new key and value leave the graph: a runtime that copies its outputs would otherwise copy the whole cache
 * at every step. `own` must not be empty, for ONNX Runtime's product of an empty matrix ends the process.
 */
import { productOf, type GraphBuilder, type Value } from '#ml/graph';
import type { HeadSizes, QueryKeyValue } from './attention.js';

/** Sizes of the decoded batch, by their symbols. */
export const PROMPTS = 'N';
export const SAMPLES = 'R';

export interface LayerCache {
  /** [N, K, P, D] */
  readonly promptK: Value;
  /** [N, K, P, D] */
  readonly promptV: Value;
  /** [S, N·R·K, D], S ≥ 1 */
  readonly ownK: Value;
  /** [S, N·R·K, D] */
  readonly ownV: Value;
  /** [N, 1, 1, P], added to the scores: 0 where the prompt is real, else `MASKED` */
  readonly promptMask: Value;
}

export interface CachedAttention {
  /** [N·R, 1, H·D] */
  readonly output: Value;
  /** [1, N·R·K, D], to be appended to the own stretch. */
  readonly newK: Value;
  /** [1, N·R·K, D] */
  readonly newV: Value;
}

/** q is [N·R, 1, H·D], k and v are [N·R, 1, K·D]; q and k are rotated. */
export function cachedAttention(
  g: GraphBuilder,
  { q, k, v }: QueryKeyValue,
  cache: LayerCache,
  sizes: HeadSizes,
): CachedAttention {
  const { headCount, kvHeadCount, headDim } = sizes;
  const layout = headLayout(g, sizes);
  const rows = productOf([PROMPTS, SAMPLES, kvHeadCount]); // N*R*K
  const alpha = sizes.attentionScale;
  const queries = g.reshape(q, [rows, headCount / kvHeadCount, headDim]); // [N*R*K, G, D]
  const key = g.reshape(k, [rows, 1, headDim]);
  const value = g.reshape(v, [rows, 1, headDim]);

  const promptScores = g.add(
    g.matmul(layout.byPrompt(queries), cache.promptK, { transB: true, alpha }),
    cache.promptMask,
  ); // [N, K, R*G, P]
  const ownScores = g.matmul(queries, cache.ownK, { transB: true, transBatchB: true, alpha }); // [N*R*K, G, S]
  const selfScores = g.matmul(queries, key, { transB: true, alpha }); // [N*R*K, G, 1]

  const maximum = larger(
    g,
    larger(g, layout.bySample(rowMaximum(g, promptScores)), rowMaximum(g, ownScores)),
    selfScores,
  ); // [N*R*K, G, 1]
  const promptWeights = g.exp(g.sub(promptScores, layout.byPrompt(maximum))); // [N, K, R*G, P]
  const ownWeights = g.exp(g.sub(ownScores, maximum));
  const selfWeights = g.exp(g.sub(selfScores, maximum));

  const total = g.sum([layout.bySample(rowSum(g, promptWeights)), rowSum(g, ownWeights), selfWeights]);
  const weighted = g.sum([
    layout.bySample(g.matmul(promptWeights, cache.promptV)),
    g.matmul(ownWeights, cache.ownV, { transBatchB: true }),
    g.mul(selfWeights, value),
  ]); // [N*R*K, G, D]
  return {
    output: g.reshape(g.div(weighted, total), [productOf([PROMPTS, SAMPLES]), 1, headCount * headDim]),
    newK: g.reshape(key, [1, rows, headDim]),
    newV: g.reshape(value, [1, rows, headDim]),
  };
}

/** Between the order of the samples, [N·R·K, G, n], and that of the prompts, [N, K, R·G, n]. */
function headLayout(g: GraphBuilder, { headCount, kvHeadCount }: HeadSizes) {
  const groups = headCount / kvHeadCount;
  const width = (x: Value) => x.shape.at(-1) as number;
  return {
    byPrompt: (x: Value): Value => {
      const split = g.reshape(x, [PROMPTS, SAMPLES, kvHeadCount, groups * width(x)]);
      const stacked = [PROMPTS, kvHeadCount, productOf([groups, SAMPLES]), width(x)];
      return g.reshape(g.transpose(split, [0, 2, 1, 3]), stacked);
    },
    bySample: (x: Value): Value => {
      const split = g.reshape(x, [PROMPTS, kvHeadCount, SAMPLES, groups * width(x)]);
      const flat = [productOf([PROMPTS, SAMPLES, kvHeadCount]), groups, width(x)];
      return g.reshape(g.transpose(split, [0, 2, 1, 3]), flat);
    },
  };
}

function rowMaximum(g: GraphBuilder, x: Value): Value {
  return g.reduceMax(x, [-1], { keepDims: true });
}

function rowSum(g: GraphBuilder, x: Value): Value {
  return g.reduceSum(x, [-1], { keepDims: true });
}

function larger(g: GraphBuilder, a: Value, b: Value): Value {
  return g.where(g.greater(a, b), a, b);
}
