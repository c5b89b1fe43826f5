/** @file What the schema finds wrong, as problems with path, value and rule. */
import type { ShapeProblem } from '#core';
import type { ConfigProblem } from './run-config.errors.js';
import { isTree, valueAt, type TreePath } from './tree.js';

const VALUE_CHARACTERS_MAX = 80;

/** A value as a message shows it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value);
  return json.length > VALUE_CHARACTERS_MAX ? `${json.slice(0, VALUE_CHARACTERS_MAX)}…` : json;
}

/** Everything that the schema finds wrong. */
export function schemaProblems(tree: unknown, problems: readonly ShapeProblem[]): ConfigProblem[] {
  return problems.map((problem) => {
    const path = problem.path as TreePath;
    const value = valueAt(tree, path);
    const isUnknown = problem.code === 'unrecognized_keys';
    const rule = problem.code === 'invalid_type' && problem.expected === 'object' ? 'a mapping' : problem.message;
    return { path: path.join('.'), value: isUnknown && isTree(value) ? 'a mapping' : shown(value), rule };
  });
}
