/**
 * @file A PostgreSQL server of one spec's own: in a folder of its own, reached by a socket in it, as a user without rights
 * (the server refuses to run as root), gone with the spec. For specs.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

export interface PrivatePostgres {
  /** `postgres://user@socket/database`. */
  readonly url: string;
  /** Ends the server at once, as a crash does. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Ends it and removes its folder. */
  readonly remove: () => Promise<void>;
}

interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Why there can be none on this machine; false where there can. */
export function postgresMissing(): string | false {
  if (binaries() === undefined) return 'initdb and postgres are not on this machine';
  if (process.getuid?.() === 0 && plainUser() === undefined) return 'no user without rights to run PostgreSQL as';
  return false;
}

export async function startPrivatePostgres(): Promise<PrivatePostgres> {
  const found = binaries();
  if (!found) throw new TypeError('postgresMissing() was not asked');
  const user = process.getuid?.() === 0 ? plainUser() : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'metaapo-pg-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  chmodSync(folder, 0o755);
  if (user) for (const path of [folder, data]) chownSync(path, user.uid, user.gid);
  const as = { cwd: folder, env: { ...process.env, HOME: folder, LC_ALL: 'C' }, ...user };
  const initialise = ['-D', data, '-A', 'trust', '-U', 'metaapo', '--no-sync', '-E', 'UTF8', '--locale=C'];
  execFileSync(found.initdb, initialise, { ...as, stdio: 'ignore' });
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const settings = ['-F', '-c', 'listen_addresses=', '-k', folder];
    const started = spawn(found.postgres, ['-D', data, ...settings], { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
    server = started;
    for await (const line of createInterface({ input: started.stderr })) {
      if (line.includes('ready to accept connections')) break;
    }
    started.stderr.resume();
  };
  const kill = async (): Promise<void> => {
    const running = server;
    server = undefined;
    if (!running || running.exitCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGQUIT'); // immediate shutdown, its children too; the next start recovers
    await ended;
  };
  await start();
  return {
    url: `postgres://metaapo@${encodeURIComponent(folder)}/postgres`,
    start,
    kill,
    remove: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function binaries(): { readonly initdb: string; readonly postgres: string } | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...globSync('/usr/lib/postgresql/*/bin')];
  for (const folder of folders) {
    const [initdb, postgres] = [join(folder, 'initdb'), join(folder, 'postgres')];
    if (existsSync(initdb) && existsSync(postgres)) return { initdb, postgres };
  }
  return undefined;
}

function plainUser(): Identity | undefined {
  for (const name of ['postgres', 'nobody']) {
    try {
      const numberOf = (flag: string) =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: numberOf('-u'), gid: numberOf('-g') };
    } catch {
      // The next one.
    }
  }
  return undefined;
}
