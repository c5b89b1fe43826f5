/** @file What the schema finds wrong, as problems with path, value and rule. */
import type { z } from 'zod';
import type { ConfigProblem } from './run-config.errors.js';
import { isTree, valueAt, type TreePath } from './tree.js';

const VALUE_CHARACTERS_MAX = 80;

/** A value as a message shows it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value);
  return json.length > VALUE_CHARACTERS_MAX ? `${json.slice(0, VALUE_CHARACTERS_MAX)}…` : json;
}

/** Every issue of the schema; an unknown key is a problem of its own path. */
export function schemaProblems(tree: unknown, error: z.ZodError): ConfigProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path as TreePath;
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(tree, path, key));
    const value = valueAt(tree, path);
    const rule = issue.code === 'invalid_type' && issue.expected === 'object' ? 'a mapping' : issue.message;
    return [{ path: path.join('.'), value: shown(value), rule }];
  });
}

function unknownKey(tree: unknown, parent: TreePath, key: string): ConfigProblem {
  const path = [...parent, key];
  const where = parent.length === 0 ? 'at the top' : `in ${parent.join('.')}`;
  const value = valueAt(tree, path);
  return { path: path.join('.'), value: isTree(value) ? 'a mapping' : shown(value), rule: `no such key ${where}` };
}
