/** @file Starts a run at a trainer, shows it until it ends, and stops it when a person wants it stopped. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { present } from '#core';
import type { TrainingRun__Output } from '#contracts/trainer';
import { createRpcClient, type ClientTls } from '#platform/rpc';
import { InterruptedError, RunFailedError, ServiceDiedError } from '../cli.errors.js';
import { annotationsText } from '../progress/progress-lines.js';
import type { RunDisplay } from '../progress/run-display.js';
import { aborted, type Interrupts } from '../terminal/interrupts.js';
import { countsOf, stateName } from './run-event.js';
import type { RunResult } from './tell-result.js';
import { watchEvents, type TrainerClient } from './watch-events.js';

export interface FollowRunOptions {
  readonly trainerAddress: string;
  /** @default plaintext */
  readonly tls?: ClientTls | undefined;
  readonly configYaml: string;
  readonly baseDirectory: string;
  readonly runDirectory: string;
  readonly display: RunDisplay;
  readonly interrupts: Interrupts;
  /** Rejects when a service that the run needs is gone. */
  readonly lost: Promise<never>;
  /** What to type to go on after an interruption. */
  readonly resumeCommand: string;
  /** Connections to the trainer in a row that may break before this gives up. */
  readonly breakCountMax: number;
}

/** How long a broken stream waits for the news that its service died, which explains more. */
const OBITUARY_WAIT_MS = 2_000;
/** A trainer that is there answers at once; one that is far may have to connect first. */
const START_TIMEOUT_MS = 120_000;

/** Follows a run to its end. @throws InterruptedError, RunFailedError, ServiceDiedError */
export async function followRun(options: FollowRunOptions): Promise<RunResult> {
  const { interrupts, resumeCommand } = options;
  const lost = options.lost.catch((thrown: unknown) => {
    if (!(thrown instanceof ServiceDiedError)) throw thrown;
    throw new RunFailedError(thrown.code, `${thrown.message}\nWhat was finished is kept. Go on with: ${resumeCommand}`);
  });
  const client = createRpcClient('metaapo.trainer.v1.TrainerService', options.trainerAddress, { tls: options.tls });
  const forced = aborted(interrupts.force).then(() => {
    throw new InterruptedError(`Stopped at once; what was finished is kept.\nGo on with: ${resumeCommand}`);
  });
  try {
    return await Promise.race([
      follow(client, options).catch((thrown: unknown) => obituaryFirst(thrown, lost)),
      lost,
      forced,
    ]);
  } finally {
    client.close();
  }
}

async function follow(client: TrainerClient, options: FollowRunOptions): Promise<RunResult> {
  const { configYaml, baseDirectory, runDirectory, display, interrupts, resumeCommand, breakCountMax } = options;
  const started = await client.startTrainingRun(
    { requestId: randomUUID(), configYaml, baseDirectory, runDirectory },
    { waitForReady: true, timeoutMs: START_TIMEOUT_MS },
  );
  const begun = present(started.run, 'the run of the trainer’s answer');
  if (started.finished) return resultOf(begun, true);
  const { runId } = begun;
  display.note(started.resumed ? resumingText(begun) : `run ${runId} begins`);
  const cancel = async (): Promise<void> => {
    display.note('stopping after the units in flight; press Ctrl-C again to stop at once');
    await client.cancelTrainingRun({ runId, requestId: randomUUID() });
  };
  const cancelling = aborted(interrupts.stop).then(cancel);
  const end = await Promise.race([watchEvents(client, { runId, display, breakCountMax }), failureOf(cancelling)]);
  if (end.state === 'RUN_STATE_SUCCEEDED') return resultOf(end, false);
  const paid = annotationsText({ ...countsOf(end), annotationsUngated: 0 });
  if (end.state === 'RUN_STATE_CANCELLED' && interrupts.stop.aborted) {
    throw new InterruptedError(
      `Stopped; nothing that was finished is lost, ${paid} included.\nGo on with: ${resumeCommand}`,
    );
  }
  const { reason = stateName(end.state).toUpperCase(), message = 'The run did not succeed' } = end.failure ?? {};
  throw new RunFailedError(reason, `${message}\nGo on once that is mended: ${resumeCommand}`);
}

function resultOf(run: TrainingRun__Output, wasFinished: boolean): RunResult {
  const { runId, annotationCount, adapterDigest } = run;
  return { runId, annotations: Number(annotationCount), adapterDigest, wasFinished };
}

/** "resuming demo-1a2b3c4d: 2 of 3 iterations done, 412 annotations paid (4.12 EUR)". */
export function resumingText(run: TrainingRun__Output): string {
  const { annotations, cost } = countsOf(run);
  const paid = annotationsText({ annotations, annotationsUngated: 0, ...(cost && { cost }) });
  return `resuming ${run.runId}: ${run.iterationCountDone} of ${run.iterationCount} iterations done, ${paid} paid`;
}

/** Rejects as the promise does; never resolves. */
async function failureOf(promise: Promise<void>): Promise<never> {
  await promise;
  return new Promise<never>(() => {});
}

/** A call that broke because a service died is told as the death, with the service's last words. */
async function obituaryFirst(thrown: unknown, lost: Promise<never>): Promise<never> {
  await Promise.race([lost, delay(OBITUARY_WAIT_MS, undefined, { ref: false })]);
  throw thrown;
}
