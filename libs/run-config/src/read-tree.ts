/** @file YAML text as a plain tree, before anything is checked. */
import { parseDocument, type Document } from 'yaml';
import { messageOf } from '#core';
import { ConfigInvalidError, type ConfigProblem } from './run-config.errors.js';
import { isTree, type Tree } from './tree.js';

/** @throws ConfigInvalidError for text that is no mapping. */
export function readTree(yamlText: string): Tree {
  // What it only warns of, such as a list as a key, the schema refuses by name.
  const document = parseDocument(yamlText, { prettyErrors: true, logLevel: 'error' });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message }) => ({ path: '', value: message.trim(), rule: 'YAML' }));
    throw new ConfigInvalidError(problems);
  }
  const value = plainValue(document);
  if (value === null || value === undefined) return {};
  if (isTree(value)) return value;
  throw new ConfigInvalidError([{ path: '', value: JSON.stringify(value).slice(0, 80), rule: 'a mapping' }]);
}

/** What the text says, with aliases resolved. @throws ConfigInvalidError where an alias has no anchor, or no end */
function plainValue(document: Pick<Document, 'toJS'>): unknown {
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    throw new ConfigInvalidError([{ path: '', value: messageOf(error), rule: 'YAML whose aliases can be resolved' }]);
  }
  if (holdsItself(value)) {
    throw new ConfigInvalidError([{ path: '', value: 'an anchor that holds its own alias', rule: 'YAML that ends' }]);
  }
  return value;
}

function holdsItself(value: unknown, outer: readonly object[] = []): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (outer.includes(value)) return true;
  return Object.values(value).some((member) => holdsItself(member, [...outer, value]));
}

/** By path, as a reader looks for them. */
export function inOrder(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
