/**
 * @file Rules that tie several keys together. They are checked even when other keys are wrong, so that one run of the
 * check tells everything: wrong keys are taken out, missing ones stood in for, and what then breaks a rule is told.
 */
import { durationMs } from './durations.js';
import { runConfigSchema, type RunConfig } from './run-config.js';
import type { ConfigProblem } from './run-config.errors.js';
import { shown } from './schema-problems.js';
import { merged, removeAt, valueAt, type TreePath } from './tree.js';

/** Stand-ins for the keys that have no default. */
const REQUIRED = {
  name: 'stand-in',
  model: { path: 'stand-in' },
  data: { train: 'stand-in' },
  reward: 'stand-in',
};

/** Problems between keys; none where a key involved is itself among `known`. */
export function relationProblems(tree: unknown, known: readonly ConfigProblem[]): ConfigProblem[] {
  const config = mended(tree);
  if (!config) return [];
  const wrong = new Set(known.map(({ path }) => path));
  return relations(config)
    .filter(({ keys }) => !keys.some((key) => wrong.has(key)))
    .map(({ keys: [path = ''], value, rule }) => ({ path, value: shown(value), rule }));
}

/** Deepest key of the schema: each round takes a wrong value out, or the mapping around one that is missing. */
const MEND_ROUNDS_MAX = 5;

function mended(tree: unknown): RunConfig | undefined {
  const patched = merged(REQUIRED, tree);
  for (let round = 0; round < MEND_ROUNDS_MAX; round++) {
    const parsed = runConfigSchema.safeParse(patched);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) {
      const path = issue.path as TreePath;
      if (issue.code === 'unrecognized_keys') issue.keys.forEach((key) => removeAt(patched, [...path, key]));
      else removeAt(patched, valueAt(patched, path) === undefined ? path.slice(0, -1) : path);
    }
    // A required key that was wrong is gone now; its stand-in takes its place.
    Object.assign(patched as object, merged(REQUIRED, patched));
  }
  return undefined;
}

interface BrokenRelation {
  /** The first is the one to mend. */
  readonly keys: readonly string[];
  readonly value: unknown;
  readonly rule: string;
}

function relations(config: RunConfig): BrokenRelation[] {
  return [
    ...rewardRelations(config),
    ...algorithmRelations(config),
    ...sizeRelations(config),
    ...spendingRelations(config),
  ];
}

function rewardRelations({ rewards, reward, evaluation }: RunConfig): BrokenRelation[] {
  const served = Object.keys(rewards);
  const broken: BrokenRelation[] = [];
  if (served.length > 0 && !served.includes(reward)) {
    broken.push({ keys: ['reward', 'rewards'], value: reward, rule: `a name from rewards: ${served.join(', ')}` });
  }
  evaluation.judges.forEach((judge, index) => {
    const keys = [`evaluation.judges.${index}`, 'evaluation.judges', 'reward', 'rewards'];
    if (judge === reward) {
      broken.push({ keys, value: judge, rule: 'a reward model other than the one that annotates' });
    } else if (served.length > 0 && !served.includes(judge)) {
      broken.push({ keys, value: judge, rule: `a name from rewards: ${served.join(', ')}` });
    }
  });
  return broken;
}

function algorithmRelations({ algorithm: { gate, weight, keep_unsampled } }: RunConfig): BrokenRelation[] {
  const broken: BrokenRelation[] = [];
  if (gate.kind === 'none' && !(weight.kind === 'constant' && weight.value === 1)) {
    broken.push({
      keys: ['algorithm.weight.kind', 'algorithm.weight.value', 'algorithm.gate.kind'],
      value: weight,
      rule: 'constant with value 1, since gate.kind is none and no online pair exists',
    });
  }
  if (gate.kind === 'none' && keep_unsampled) {
    broken.push({
      keys: ['algorithm.keep_unsampled', 'algorithm.gate.kind'],
      value: keep_unsampled,
      rule: 'false, since gate.kind none trains on every offline pair already',
    });
  }
  if (weight.kind === 'frozen' && weight.snapshot === null) {
    broken.push({
      keys: ['algorithm.weight.snapshot', 'algorithm.weight.kind'],
      value: weight.snapshot,
      rule: 'the path of a meta-learner.json, since weight.kind is frozen',
    });
  }
  return broken;
}

function sizeRelations({ data, algorithm }: RunConfig): BrokenRelation[] {
  const broken: BrokenRelation[] = [];
  if (data.max_rows !== null && data.max_rows < algorithm.iterations) {
    broken.push({
      keys: ['data.max_rows', 'algorithm.iterations'],
      value: data.max_rows,
      rule: `at least one row per iteration, ${algorithm.iterations} in all`,
    });
  }
  return broken;
}

function spendingRelations({ annotator_backoff: { first, max } }: RunConfig): BrokenRelation[] {
  if (durationMs(first) <= durationMs(max)) return [];
  const keys = ['annotator_backoff.first', 'annotator_backoff.max'];
  return [{ keys, value: first, rule: `at most annotator_backoff.max, ${max}` }];
}
