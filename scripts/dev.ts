/**
 * @file `npm run dev APP`: compiles on change and restarts the app; Ctrl-C ends both.
 *
 * The compiler's launcher does not hand signals to its native child, so each process gets a group of its own and the
 * whole group is ended.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const APPS = ['policy', 'reward', 'meta-learner', 'trainer'];
const app = process.argv[2] ?? '';
if (!APPS.includes(app)) {
  console.error(
    `usage: npm run dev APP\nexpected one of ${APPS.join(', ')}, got ${app || 'nothing'}\nexample: npm run dev reward`,
  );
  process.exit(2);
}

const entry = join('dist', 'apps', app, 'src', 'main.js');
const register = join('dist', 'libs', 'platform', 'telemetry', 'src', 'register.js');
const children: ChildProcess[] = [
  start(join('node_modules', '.bin', 'tsc'), ['-p', '.', '--watch', '--preserveWatchOutput']),
  start(process.execPath, [
    '--watch',
    '--enable-source-maps',
    ...(existsSync(register) ? ['--import', `./${register}`] : []),
    entry,
  ]),
];

function start(command: string, args: readonly string[]): ChildProcess {
  return spawn(command, args, { stdio: 'inherit', detached: true });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const child of children) {
      if (child.pid === undefined || child.exitCode !== null) continue;
      try {
        process.kill(-child.pid, 'SIGTERM');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
    process.exitCode = 130;
  });
}
