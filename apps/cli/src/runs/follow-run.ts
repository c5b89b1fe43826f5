/** @file Starts a run at a trainer, shows it until it ends, and stops it when a person wants it stopped. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { present } from '#core';
import type { TrainingRun__Output } from '#contracts/trainer';
import { createRpcClient, type RpcClient } from '#platform/rpc';
import { InterruptedError, RunFailedError } from '../cli.errors.js';
import { aborted, type Interrupts } from '../terminal/interrupts.js';
import type { RunDisplay } from './run-display.js';
import { runEventOf, stateName } from './run-event.js';

type TrainerClient = RpcClient<'metaapo.trainer.v1.TrainerService'>;

export interface FollowRunOptions {
  readonly trainerAddress: string;
  readonly configYaml: string;
  readonly baseDirectory: string;
  readonly runDirectory: string;
  readonly display: RunDisplay;
  readonly interrupts: Interrupts;
  /** Rejects when a service that the run needs is gone. */
  readonly lost: Promise<never>;
  /** What to type to go on after an interruption. */
  readonly resumeCommand: string;
}

/** How long a broken stream waits for the news that its service died, which explains more. */
const OBITUARY_WAIT_MS = 2_000;
/** A trainer that is there answers at once; one that is far may have to connect first. */
const START_TIMEOUT_MS = 120_000;

/** Follows a run to its end. @throws InterruptedError, RunFailedError, ServiceDiedError */
export async function followRun(options: FollowRunOptions): Promise<TrainingRun__Output> {
  const { lost, interrupts, resumeCommand } = options;
  const client = createRpcClient('metaapo.trainer.v1.TrainerService', options.trainerAddress);
  const forced = aborted(interrupts.force).then(() => {
    throw new InterruptedError(`Stopped at once. Go on with: ${resumeCommand}`);
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

async function follow(client: TrainerClient, options: FollowRunOptions): Promise<TrainingRun__Output> {
  const { configYaml, baseDirectory, runDirectory, display, interrupts, resumeCommand } = options;
  const started = await client.startTrainingRun(
    { requestId: randomUUID(), configYaml, baseDirectory, runDirectory },
    { waitForReady: true, timeoutMs: START_TIMEOUT_MS },
  );
  const { runId } = present(started.run, 'the run of the trainer’s answer');
  if (started.resumed) display.note('going on with the run that this directory holds');
  const cancel = async (): Promise<void> => {
    display.note('stopping after the units in flight; press Ctrl-C again to stop at once');
    await client.cancelTrainingRun({ runId, requestId: randomUUID() });
  };
  const cancelling = aborted(interrupts.stop).then(cancel);
  const end = await Promise.race([watch(client, runId, display), failureOf(cancelling)]);
  if (end.state === 'RUN_STATE_SUCCEEDED') return end;
  if (end.state === 'RUN_STATE_CANCELLED' && interrupts.stop.aborted) {
    throw new InterruptedError(`Stopped; nothing that was finished is lost. Go on with: ${resumeCommand}`);
  }
  const { reason = stateName(end.state).toUpperCase(), message = 'The run did not succeed' } = end.failure ?? {};
  throw new RunFailedError(reason, `${message}\nGo on once that is mended: ${resumeCommand}`);
}

async function watch(client: TrainerClient, runId: string, display: RunDisplay): Promise<TrainingRun__Output> {
  for await (const message of client.watchTrainingRun({ runId, fromEvent: '0' })) {
    const event = runEventOf(message);
    if (event !== undefined) display.event(event);
    if (message.runEnded) break;
  }
  const { run } = await client.getTrainingRun({ runId });
  return present(run, 'the run of the trainer’s answer');
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
