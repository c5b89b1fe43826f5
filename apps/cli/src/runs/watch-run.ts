/**
 * @file Follows a run that another process works on: over that process's trainer where it can be reached, else by the
 * status in the directory. Looks only; whatever happens here, the run goes on.
 */
import { systemClock, type Clock } from '#core';
import { readRun, type Holder, type SeenRun } from '#run-directory';
import { createRpcClient, type ClientTls } from '#platform/rpc';
import { RunFailedError, RunInterruptedError, UsageError } from '../cli.errors.js';
import type { RunDisplay } from '../progress/run-display.js';
import { annotationsText, phaseLabel } from '../progress/progress-lines.js';
import { nearPath } from './existing-run.js';
import { watchEvents } from './watch-events.js';

export interface WatchRunOptions {
  readonly display: (iterationCount: number | undefined) => RunDisplay;
  /** Aborted when the person has seen enough. */
  readonly signal: AbortSignal;
  /** @default the system's */
  readonly clock?: Clock;
}

const POLL_MS = 1_000;
/** Silence after which a process on another machine counts as gone; above the trainer's own three signs of life. */
const SILENCE_MS = 20_000;
const CALL_TIMEOUT_MS = 5_000;
/** Connections that may break in a row before one looks at the directory again. */
const BREAK_COUNT_MAX = 3;

/** Follows the run in a directory to its end; gives how it stands then. @throws UsageError for a folder that holds no run */
export async function watchDirectory(path: string, options: WatchRunOptions): Promise<SeenRun> {
  const { display, signal, clock = systemClock } = options;
  const run = await present(path);
  if (!isUnderWay(run)) return run;
  const shown = display(run.status.iteration_count);
  const { holder } = run;
  const reachable = holder && addressOf(holder, run.state);
  if (reachable !== undefined)
    await watchTrainer(reachable, run.status.run_id, { shown, signal }).catch(() => undefined);
  return await pollStatus(path, { shown, signal, clock });
}

/** Follows a run of a trainer to its end. @throws RemoteError */
export async function watchTrainer(
  address: string,
  runId: string,
  {
    shown,
    signal,
    tls,
  }: { readonly shown: RunDisplay; readonly signal: AbortSignal; readonly tls?: ClientTls | undefined },
): ReturnType<typeof watchEvents> {
  const client = createRpcClient('metaapo.trainer.v1.TrainerService', address, { tls });
  try {
    await client.getTrainingRun({ runId }, { timeoutMs: CALL_TIMEOUT_MS, signal });
    return await watchEvents(client, { runId, display: shown, breakCountMax: BREAK_COUNT_MAX, signal });
  } finally {
    client.close();
  }
}

/** Where its trainer is reached from here; an address of loopback leads nowhere from another machine. */
function addressOf({ address, host }: Holder, state: SeenRun['state']): string | undefined {
  const port = address.slice(address.lastIndexOf(':') + 1);
  if (address === '') return undefined;
  const isEverywhere = /^(0\.0\.0\.0|\[::\]):/.test(address);
  if (state === 'unknown') {
    if (isEverywhere) return `${host}:${port}`;
    return /^(127\.|localhost:|\[::1\])/.test(address) ? undefined : address;
  }
  return isEverywhere ? `127.0.0.1:${port}` : address;
}

/** Reads the status until it says that the run has ended, or its process is gone. */
async function pollStatus(
  path: string,
  { shown, signal, clock }: { readonly shown: RunDisplay; readonly signal: AbortSignal; readonly clock: Clock },
): Promise<SeenRun> {
  let told = '';
  let beat = -1;
  let silentMs = 0;
  for (;;) {
    const run = await present(path);
    if (!isUnderWay(run)) return run;
    signal.throwIfAborted();
    silentMs = run.holder?.beat === beat ? silentMs + POLL_MS : 0;
    beat = run.holder?.beat ?? -1;
    if (silentMs > SILENCE_MS) return { ...run, state: 'interrupted' };
    const { phase, iteration, iteration_count: iterationCount, annotations } = run.status;
    const place = `${phaseLabel(phase, iteration, iterationCount)}  ${annotationsText({ annotations, annotationsUngated: 0 })}`;
    if (place !== told) shown.note(`  ${place}`);
    told = place;
    await clock.sleep(POLL_MS, signal);
  }
}

function isUnderWay({ state }: SeenRun): boolean {
  return state === 'running' || state === 'unknown';
}

async function present(path: string): Promise<SeenRun> {
  const run = await readRun(path);
  if (run) return run;
  throw new UsageError(`Expected the directory of a run or the address of a trainer, got ${path}: no run is there`);
}

/** What the end of a run means for who watched it. @throws RunFailedError unless it succeeded */
export function refuseBadEnd({ path, status, state }: SeenRun): void {
  const goOn = `Go on with: metaapo run CONFIG --run-dir ${nearPath(path)}`;
  switch (state) {
    case 'succeeded':
      return;
    case 'failed': {
      const { reason = 'FAILED', message = 'The run did not succeed' } = status.failure ?? {};
      throw new RunFailedError(reason, `${message}\n${goOn}`);
    }
    case 'cancelled':
      throw new RunFailedError('RUN_CANCELLED', `The run was stopped. ${goOn}`);
    case 'interrupted':
    case 'running':
    case 'unknown':
      throw new RunInterruptedError(nearPath(path));
    default:
      return state satisfies never;
  }
}
