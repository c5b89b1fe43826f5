/**
 * @file Draws a token per row inside a graph: the rules of `drawToken` (#ml/generate), operation by operation.
 *
 *   mᵢ = exp((zᵢ − max z)/τ), 0 for what is cut away      token = the first i with Σ_{j ≤ i} mⱼ > u·Σ m
 *
 * The uniform numbers come from outside: they are those of the counter-based generators that the processor draws with.
 * In float64 the sums decide as they do there, and equal logits give equal tokens.
 */
import type { GraphBuilder, Value } from '#ml/graph';

/** What is part of the graph; temperature and topP are fed. */
export interface DrawRules {
  readonly greedy: boolean;
  /** 0 keeps all. */
  readonly topK: number;
  readonly hasTopP: boolean;
}

export interface DrawInputs {
  /** [M, V], f32 */
  readonly logits: Value;
  /** [M], each in [0, 1) */
  readonly uniforms: Value;
  /** Scalars of the type of the uniforms. */
  readonly temperature: Value;
  readonly topP: Value;
}

export interface Drawn {
  /** [M], i64 */
  readonly ids: Value;
  /** [M]: natural log under the whole softmax, in the type of the uniforms. */
  readonly logProbs: Value;
}

/** A sum of probabilities may fall this much short of topP by rounding alone. */
const NUCLEUS_ROUNDING = 1e-12;

const KEEP = { keepDims: true } as const;

export function drawTokens(g: GraphBuilder, inputs: DrawInputs, rules: DrawRules): Drawn {
  const { logits, uniforms } = inputs;
  const wide = g.cast(logits, uniforms.dtype); // [M, V]
  const shifted = g.sub(wide, g.reduceMax(wide, [-1], KEEP));
  const logTotal = g.log(g.reduceSum(g.exp(shifted), [-1], KEEP)); // [M, 1]
  const ids = rules.greedy ? g.argMax(logits, -1, KEEP) : draw(g.scope('draw'), { ...inputs, shifted }, rules); // [M, 1]
  const logProbs = g.scope('logProb').sub(g.gatherElements(shifted, ids, -1), logTotal); // [M, 1]
  const rows = uniforms.shape;
  return { ids: g.scope('ids').reshape(ids, rows), logProbs: g.scope('logProbs').reshape(logProbs, rows) };
}

function draw(g: GraphBuilder, inputs: DrawInputs & { readonly shifted: Value }, rules: DrawRules): Value {
  const { logits, uniforms, temperature, topP, shifted } = inputs;
  const vocabularySize = logits.shape[1];
  let mass: Value = g.exp(g.div(shifted, temperature)); // [M, V]
  if (rules.topK > 0 && rules.topK < Number(vocabularySize)) mass = largest(g.scope('topK'), mass, logits, rules.topK);
  if (rules.hasTopP) mass = nucleus(g.scope('topP'), mass, topP);
  const sums = g.cumSum(mass, -1); // [M, V]
  const total = g.slice(sums, { axis: -1, start: -1 }); // [M, 1]
  const target = g.mul(g.reshape(uniforms, [...uniforms.shape, 1]), total);
  // Where rounding leaves no sum above the target, the last token that has any mass: the first at which all is summed.
  const isBefore = g.and(g.not(g.greater(sums, target)), g.less(sums, total));
  return g.argMax(g.cast(g.not(isBefore), 'f32'), -1, KEEP);
}

/** Ties with the k-th value all stay. */
function largest(g: GraphBuilder, mass: Value, logits: Value, count: number): Value {
  const threshold = g.slice(g.topK(logits, count).values, { axis: -1, start: count - 1 }); // [M, 1]
  return g.where(g.less(logits, threshold), 0, mass);
}

/** The shortest prefix of the descending order whose mass reaches topP; of equals the lower id comes first. */
function nucleus(g: GraphBuilder, mass: Value, topP: Value): Value {
  const { values, indices } = g.topK(mass, Number(mass.shape[1]));
  const before = g.cumSum(values, -1, { exclusive: true });
  const limit = g.mul(g.sub(topP, NUCLEUS_ROUNDING), g.reduceSum(values, [-1], KEEP)); // [M, 1]
  const kept = g.where(g.less(before, limit), values, 0);
  return g.scatterElements(g.mul(mass, 0), indices, kept, { axis: -1, reduction: 'none' });
}
