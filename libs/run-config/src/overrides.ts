/** @file Overrides from the command line: `--set a.b=c`. */
import { parse } from 'yaml';
import type { ConfigProblem } from './run-config.errors.js';
import { setAt, type Tree } from './tree.js';

interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
}

const RULE = 'key.key=value, the value in YAML, for instance algorithm.beta=0.2';

function readOverride(override: string): Override | undefined {
  const equals = override.indexOf('=');
  const path = override.slice(0, Math.max(equals, 0)).trim().split('.');
  if (equals < 1 || path.some((key) => key === '')) return undefined;
  try {
    return { path, value: parse(override.slice(equals + 1), { logLevel: 'error' }) };
  } catch {
    return undefined;
  }
}

/** The overrides that cannot be read. */
export function overrideProblems(overrides: readonly string[]): ConfigProblem[] {
  return overrides
    .filter((override) => readOverride(override) === undefined)
    .map((override) => ({ path: '--set', value: JSON.stringify(override), rule: RULE }));
}

/** Sets the readable overrides in place. One that leads through a value replaces nothing; the schema tells why. */
export function applyOverrides(tree: Tree, overrides: readonly string[]): void {
  for (const override of overrides) {
    const read = readOverride(override);
    if (read && !setAt(tree, read.path, read.value)) tree[read.path.join('.')] = read.value;
  }
}
