/**
 * @file Has a run directory checked. The trainer knows what it has written; its check runs as a process of its own, on the
 * same leash as a service.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { childEnvironment } from '#platform/config';
import { InterruptedError, ServiceDiedError } from '../cli.errors.js';

const findingSchema = z.object({
  /** `notice` is worth knowing and harmless. */
  severity: z.enum(['damage', 'notice']),
  /** From the run directory. */
  place: z.string(),
  /** Expected, and found. */
  problem: z.string(),
  remedy: z.string(),
});

const checkSchema = z.object({
  /** Empty when not even that could be read. */
  runId: z.string(),
  findings: z.array(findingSchema),
  /** How many of each were looked at. */
  checked: z.object({
    units: z.number(),
    steps: z.number(),
    metaStates: z.number(),
    scores: z.number(),
    artifacts: z.number(),
    files: z.number(),
  }),
});

export type RunCheck = z.output<typeof checkSchema>;
export type Finding = z.output<typeof findingSchema>;

const CHECK = fileURLToPath(new URL('../../../trainer/src/fsck-main.js', import.meta.url));
const LEASH = new URL('../services/leash.js', import.meta.url).href;

export interface CheckRunOptions {
  /** Folder that the configuration's paths start from, where the run does not say. */
  readonly baseDirectory?: string | undefined;
  readonly signal: AbortSignal;
}

/** @throws InterruptedError; ServiceDiedError when the check itself fails */
export async function checkRun(path: string, { baseDirectory, signal }: CheckRunOptions): Promise<RunCheck> {
  const given = baseDirectory === undefined ? [] : [baseDirectory];
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', LEASH, CHECK, path, ...given], {
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
  if (signal.aborted) throw new InterruptedError('Stopped before the check was done; it changes nothing.');
  const parsed = how === 'exit code 0' ? checkSchema.safeParse(JSON.parse(out)) : undefined;
  if (parsed?.success) return parsed.data;
  throw new ServiceDiedError('check', how, log.trimEnd().split('\n').slice(-LAST_LINE_COUNT));
}

const LAST_LINE_COUNT = 12;
