/**
 * @file What a program of the trainer says about a run directory. The trainer knows what it has written, and an app reaches
 * another only as a process of its own, on the same leash as a service.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { childEnvironment } from '#platform/config';
import { InterruptedError, ServiceDiedError } from '../cli.errors.js';

const LEASH = new URL('../services/leash.js', import.meta.url).href;
const LAST_LINE_COUNT = 12;

export interface TrainerOutputOptions<S extends z.ZodType> {
  readonly args: readonly string[];
  /** Of the one JSON value that it prints. */
  readonly schema: S;
  /** As a message about its end names it. */
  readonly what: string;
  readonly signal: AbortSignal;
}

/** @throws InterruptedError; ServiceDiedError when the program itself fails */
export async function trainerOutput<S extends z.ZodType>(
  program: string,
  { args, schema, what, signal }: TrainerOutputOptions<S>,
): Promise<z.output<S>> {
  const path = fileURLToPath(new URL(`../../../trainer/src/${program}`, import.meta.url));
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', LEASH, path, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: childEnvironment({}),
  });
  const stop = (): boolean => child.kill();
  signal.addEventListener('abort', stop, { once: true });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`));
    child.once('close', (code, killer) => resolve(killer === null ? `exit code ${code}` : `signal ${killer}`));
  });
  const [out, log, how] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw new InterruptedError(`Stopped before the ${what} was done; it changes nothing.`);
  const parsed = how === 'exit code 0' ? schema.safeParse(JSON.parse(out)) : undefined;
  if (parsed?.success) return parsed.data;
  throw new ServiceDiedError(what, how, log.trimEnd().split('\n').slice(-LAST_LINE_COUNT));
}
