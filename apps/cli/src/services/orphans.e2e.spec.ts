/**
 * Goal: nothing outlives the command, however it ends. Method: the real command as a process, with the services of
 * `up`; a bare connection to each service closes when the process behind it is gone, so that nothing is waited
 * for by time.
 */
import { describe, it } from 'node:test';
import { equal } from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TINY_MODEL } from '../../../../test/support/tiny-run.js';
import { skipWithout } from '../../../../test/support/shared-folder.js';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

interface Up {
  readonly command: ChildProcess;
  readonly ended: Promise<unknown[]>;
  /** Resolves when the process of every service is gone. */
  readonly gone: Promise<unknown>;
}

async function startUp(): Promise<Up> {
  const command = spawn(process.execPath, [MAIN, 'up', '--model', TINY_MODEL], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let log = '';
  command.stderr!.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = once(command, 'exit');
  const early = ended.then(() => Promise.reject(new TypeError(`up ended early: ${log}`)));
  const [line] = (await Promise.race([once(createInterface({ input: command.stdout! }), 'line'), early])) as [string];
  const { policy, reward, meta_learner, trainer } = JSON.parse(line) as Record<string, string>;
  early.catch(() => {}); // its end is wanted from now on
  const closings: Promise<unknown>[] = [];
  for (const address of [policy, reward, meta_learner, trainer]) {
    const [host = '', port = ''] = (address ?? '').split(':');
    const socket = connect(Number(port), host).on('error', () => {});
    socket.resume();
    await once(socket, 'connect');
    closings.push(new Promise((resolve) => socket.once('close', resolve)));
  }
  return { command, ended, gone: Promise.all(closings) };
}

describe('the services of a command', { skip: skipWithout('golden') }, () => {
  it('leave when it is killed', async () => {
    const { command, gone } = await startUp();
    command.kill('SIGKILL');
    await gone;
  });

  it('leave when the program that started it is gone', async () => {
    const { command, ended, gone } = await startUp();
    command.disconnect();
    const [code] = await ended;
    equal(code, 0);
    await gone;
  });

  it('leave when its terminal is closed', async () => {
    const { command, ended, gone } = await startUp();
    command.kill('SIGHUP');
    const [code] = await ended;
    equal(code, 0);
    await gone;
  });
});
