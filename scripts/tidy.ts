/**
 * @file Checks the house rules over every tracked source: ladder, doorways, hidden inputs, shape, foreign paths, and that
 * every app has a README. Prints one line per problem and exits 1 when there is any.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installationRoot } from '#core';
import { RULES, type SourceFile } from './tidy/rules.js';

const TEXT_FILES = /\.(ts|mjs|js|json|ya?ml|md|proto|jinja)$/;
const TREES = ['apps', 'libs', 'test', 'scripts', 'examples', 'bench', 'proto', 'k8s', 'docs', 'configs', 'tools'];
/** Data, not sources: model files and golden results. */
const SKIPPED = /(^|\/)(node_modules|dist|model)\//;

function sources(root: string): SourceFile[] {
  const paths = TREES.filter((tree) => existsSync(join(root, tree))).flatMap((tree) =>
    readdirSync(join(root, tree), { recursive: true, encoding: 'utf8' }).map((path) => `${tree}/${path}`),
  );
  return paths
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => TEXT_FILES.test(path) && !SKIPPED.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

function missingReadmes(root: string): string[] {
  return readdirSync(join(root, 'apps')).flatMap((app) =>
    existsSync(join(root, 'apps', app, 'README.md')) ? [] : [`apps/${app}: has no README.md`],
  );
}

const root = installationRoot();
const files = sources(root);
const problems = [
  ...files.flatMap((file) =>
    Object.entries(RULES).flatMap(([name, rule]) => {
      const code = /\.(ts|mjs|js)$/.test(file.path);
      if (name !== 'noForeignPaths' && !code) return [];
      return rule(file).map((problem) => `${file.path}: ${problem} [${name}]`);
    }),
  ),
  ...missingReadmes(root),
];
for (const problem of problems) console.error(problem);
console.error(`tidy: ${files.length} files, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
