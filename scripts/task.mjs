/**
 * @file The commands of package.json: each installs what is missing, builds, and then does its job.
 *
 *   demo    align the tiny model that ships with the project        test    build, lint, every test
 *   build   compile                                                 check   build and lint, no tests
 *   lint    proto, types, format, dependency ladder                 golden  compare with reference results
 *   demo-train  train the demo's checkpoint anew                    demo-table  run the demo and its baselines
 *   bench   measure                                                 dev     compile and restart on change: dev APP
 *   fault   break running runs: fault --count N --seed N
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, fail, install, ownNode, runNode, say, tool } from './toolchain.mjs';

const SOURCES = ['apps', 'libs', 'test', 'scripts', 'examples', 'bench', 'tools'];
const TEST_FILES = ['apps', 'libs', 'test'].map((dir) => `dist/${dir}/**/*{.,-}spec.js`);

/** Longest time of one spec file; far above what the slowest takes on two busy cores. */
const SPEC_FILE_MS_MAX = 600_000;
const SPEC_LIMIT = pathToFileURL(join(ROOT, 'scripts/spec-limit.mjs')).href;

/** Compiles into an emptied `dist/`, so that a deleted source leaves no stale test behind. */
function build() {
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  tool('compiling', 'tsc', ['-p', 'tsconfig.json']);
}

function lint() {
  tool('checking that the types are fresh', 'node', ['scripts/gen.mjs', '--check']);
  tool('linting proto', 'buf', ['lint']);
  tool('checking the format of proto', 'buf', ['format', '--diff', '--exit-code']);
  tool('linting sources, types included', 'oxlint', [...SOURCES]);
  tool('checking the format of sources', 'oxfmt', ['--check', ...SOURCES]);
  tool('checking the house rules', 'node', ['--enable-source-maps', 'dist/scripts/tidy.js']);
}

const TASKS = {
  build,
  lint: () => {
    build();
    lint();
  },
  check: () => {
    build();
    lint();
  },
  test: async () => {
    build();
    lint();
    say('running every test …');
    const limit = `${SPEC_LIMIT}?ms=${SPEC_FILE_MS_MAX}`;
    return runNode(['--test', '--test-timeout=300000', `--import=${limit}`, '--test-reporter=spec', ...TEST_FILES]);
  },
  demo: (args) => {
    build();
    return runNode(['dist/apps/cli/src/main.js', 'demo', ...args], { leash: true });
  },
  golden: (args) => {
    build();
    return runNode(['dist/scripts/golden.js', ...args]);
  },
  bench: (args) => {
    build();
    return runNode(['dist/bench/run.js', ...args]);
  },
  fault: (args) => {
    build();
    return runNode(['dist/test/fault/run-fault.js', ...args]);
  },
  'demo-train': (args) => {
    build();
    return runNode(['dist/scripts/demo-train.js', ...args]);
  },
  'demo-table': (args) => {
    build();
    return runNode(['dist/scripts/demo-table.js', ...args]);
  },
  dev: (args) => {
    build();
    return runNode(['dist/scripts/dev.js', ...args]);
  },
};

const [name, ...args] = process.argv.slice(2);
const task = TASKS[name];
if (!task) fail(`unknown task ${name ?? '(none)'}; expected one of ${Object.keys(TASKS).join(', ')}`);
process.chdir(ROOT);
install();
ownNode();
process.exitCode = (await task(args)) ?? 0;
