/** @file A finished graph as an execution provider is given it. */
import type { Graph } from '../graph.js';
import { withHalfWeights, type HalfType } from './half-weights.js';
import { rewrite } from './rewrite.js';
import { loweringRule } from './rules.js';

export interface LoweringOptions {
  readonly executionProvider: string;
  /** Type of matrices that the graph carries; those of `keep` stay in float32. @default float32 for all */
  readonly weights?: { readonly type: HalfType; readonly keep: ReadonlySet<string> };
}

/** For the processor, and with weights in float32, that is the graph itself. */
export function lower(graph: Graph, { executionProvider, weights }: LoweringOptions): Graph {
  const rule = loweringRule(executionProvider);
  const spelled = rule ? rewrite(graph, { rule }) : graph;
  return weights ? withHalfWeights(spelled, weights.type, weights.keep) : spelled;
}
