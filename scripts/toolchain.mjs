/**
 * @file What every command needs before it can start: a Node that is new enough to begin, the dependencies of the lock
 * file, and the Node that the project brings for itself.
 *
 * Runs under the host's Node (20 or later) and uses nothing but its built-in modules.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

const HOST_NODE_MAJOR_MIN = 20;
const OWN_NODE_MAJOR_MIN = 24;
const INSTALL_STAMP = join(ROOT, 'node_modules/.metaapo-lock-digest');

/** Ends the process with one line that says what is missing and what to do. */
export function fail(message) {
  process.stderr.write(`metaapo: ${message}\n`);
  process.exit(1);
}

/** Says on one line what is being done. */
export function say(message) {
  process.stderr.write(`metaapo: ${message}\n`);
}

/** Installs the dependencies of the lock file unless that very lock file is installed already. */
export function install() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < HOST_NODE_MAJOR_MIN) {
    fail(`needs Node ${HOST_NODE_MAJOR_MIN} or later to start, this is ${process.version}; see https://nodejs.org`);
  }
  const digest = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(INSTALL_STAMP) && readFileSync(INSTALL_STAMP, 'utf8') === digest) return;

  say('installing dependencies (once per lock file; about a minute) …');
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  const result = spawnSync(command, [...first, 'ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: !npm && process.platform === 'win32',
  });
  if (result.error) fail(`npm could not be started (${result.error.message}); install npm 10 or later`);
  if (result.status !== 0) fail('npm ci failed (see above); it needs the npm registry and about 1.5 GB of disk');
  writeFileSync(INSTALL_STAMP, digest);
}

/** The Node that runs the project: the one it brings, or the host's where that is new enough. */
export function ownNode() {
  const brought = join(ROOT, 'node_modules/.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(brought)) return brought;
  if (Number(process.versions.node.split('.')[0]) >= OWN_NODE_MAJOR_MIN) return process.execPath;
  return fail(
    `brings no Node ${OWN_NODE_MAJOR_MIN} for ${process.platform}-${process.arch}; install Node ${OWN_NODE_MAJOR_MIN} or later and try again`,
  );
}

/** Environment in which the project's own tools come first on the path. */
export function ownEnvironment() {
  return { ...process.env, PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}` };
}

/** Runs a tool of `node_modules/.bin` to its end; a failure ends this process with its exit code. */
export function tool(what, name, args) {
  say(`${what} …`);
  const path = join(ROOT, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name);
  const result = spawnSync(path, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: ownEnvironment() });
  if (result.error) fail(`${name} could not be started: ${result.error.message}`);
  if (result.status !== 0) {
    say(`${what} failed`);
    process.exit(result.status ?? 1);
  }
}

/**
 * Runs the project's Node with the given arguments, handing signals on; resolves with its exit code. With `leash` the
 * child also learns when this process was killed: the channel between them then ends.
 */
export function runNode(args, { leash = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(ownNode(), ['--enable-source-maps', ...args], {
      stdio: leash ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
      env: ownEnvironment(),
    });
    // A terminal sends Ctrl-C to the whole group, `kill` to this process alone; the CLI takes two at once for one.
    for (const signal of leash ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGTERM']) {
      process.on(signal, () => child.kill(signal));
    }
    if (!leash) process.on('SIGINT', () => {});
    child.once('error', (error) => fail(`Node could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
