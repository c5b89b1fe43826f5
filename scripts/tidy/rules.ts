/**
 * @file House rules that a linter cannot express; each takes one file and returns what is wrong with it.
 */
import { DOORWAYS, allowedImports, roomOf } from './ladder.js';

export interface SourceFile {
  /** Path from the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const LINES_MAX = 400;
const IMPORT_PATTERN =
  /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s+'([^']+)'|(?:^|\n)\s*import\s+'([^']+)'|import\(\s*'([^']+)'\s*\)/g;
/** Specs and the top-level test tree may reach anywhere. */
const isTest = (path: string) => /[.-]spec\.ts$/.test(path) || path.startsWith('test/');
const isGenerated = (path: string) => path.startsWith('libs/contracts/src/gen/');

/** Module names that a file imports, statically or dynamically. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORT_PATTERN)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

export type Rule = (file: SourceFile) => string[];

/** Apps over libraries, libraries over core; inside libs/ml only upwards in the printed list. */
export const ladder: Rule = ({ path, text }) => {
  const room = roomOf(path);
  const allowed = allowedImports(room);
  if (isTest(path) || isGenerated(path) || allowed === 'anything') return [];
  return importsOf(text).flatMap((name) => {
    if (name.startsWith('#')) {
      const fits = allowed.some(
        (entry) => name === entry || (entry.endsWith('/') && name.startsWith(entry)) || name.startsWith(`${entry}/`),
      );
      return fits ? [] : [`imports ${name}, which ${room} may not (see the ladder in ARCHITECTURE.md)`];
    }
    if (!name.startsWith('.')) return [];
    const target = new URL(name, `file:///${path}`).pathname.slice(1);
    return roomOf(target) === room ? [] : [`imports ${name}, which leaves ${room}; use its # name`];
  });
};

/** Each heavy dependency has one doorway. */
export const doorways: Rule = ({ path, text }) => {
  if (isTest(path) || isGenerated(path) || /^(scripts|bench|examples)\//.test(path)) return [];
  return importsOf(text).flatMap((name) =>
    DOORWAYS.filter(({ dependency, open }) => dependency.test(name) && !open.test(path)).map(
      ({ open }) => `imports ${name}, whose only doorway is ${open.source}`,
    ),
  );
};

/** Hidden inputs: the environment is read in one place, time and chance are passed in. */
export const hiddenInputs: Rule = ({ path, text }) => {
  if (isTest(path) || !/^(libs|apps)\//.test(path)) return [];
  const problems: string[] = [];
  if (/\bprocess\.env\b/.test(text) && !/^libs\/platform\/(config|telemetry)\//.test(path)) {
    problems.push('reads process.env; only libs/platform/config may');
  }
  if (path.startsWith('libs/ml/') && /\bMath\.random\b|\bDate\.now\b/.test(withoutComments(text))) {
    problems.push('uses Math.random or Date.now; pass an Rng or a Clock');
  }
  return problems;
};

/** A file opens with what it is, stays within its length, and exports by name. */
export const shape: Rule = ({ path, text }) => {
  if (isGenerated(path) || !path.endsWith('.ts')) return [];
  const problems: string[] = [];
  const lines = text.split('\n').length;
  if (lines > LINES_MAX) problems.push(`has ${lines} lines; split it (at most ${LINES_MAX})`);
  if (/^export default\b/m.test(text)) problems.push('has a default export; export by name');
  if (/^export \*/m.test(text)) problems.push('has a wildcard export; list the names');
  if (isTest(path)) return problems;
  if (!/^(#!.*\n)?\/\*\*\s*(\n \* )?@file\b/.test(text)) problems.push('does not open with an @file comment');
  if (/\bthrow new Error\(/.test(text)) problems.push('throws a bare Error; throw an AppError or assert');
  if (/(^|\/)(utils?|helpers?|misc|manager)(\.|\/)/.test(path)) problems.push('is named for no domain noun');
  return problems;
};

/** The project speaks of itself only: no path of the machine it was made on. */
export const noForeignPaths: Rule = ({ text }) =>
  [...text.matchAll(/(?<![\w.])\/(?:work|farm|root|home)\/[\w./-]+/g)].map(
    (match) => `names a machine's path: ${match[0]}`,
  );

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}

export const RULES: Readonly<Record<string, Rule>> = { ladder, doorways, hiddenInputs, shape, noForeignPaths };
