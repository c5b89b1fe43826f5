/** @file YAML text as a plain tree, before anything is checked. */
import { parseDocument } from 'yaml';
import { ConfigInvalidError, type ConfigProblem } from './run-config.errors.js';
import { isTree, type Tree } from './tree.js';

/** @throws ConfigInvalidError for text that is no mapping. */
export function readTree(yamlText: string): Tree {
  const document = parseDocument(yamlText, { prettyErrors: true });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message }) => ({ path: '', value: message.trim(), rule: 'YAML' }));
    throw new ConfigInvalidError(problems);
  }
  const value: unknown = document.toJS();
  if (value === null || value === undefined) return {};
  if (isTree(value)) return value;
  throw new ConfigInvalidError([{ path: '', value: JSON.stringify(value).slice(0, 80), rule: 'a mapping' }]);
}

/** By path, as a reader looks for them. */
export function inOrder(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
