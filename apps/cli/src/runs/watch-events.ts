/** @file A run's events from a trainer, shown until the run ends; a connection that breaks is made again where it broke. */
import { setTimeout as delay } from 'node:timers/promises';
import { present } from '#core';
import type { TrainingRun__Output } from '#contracts/trainer';
import { RemoteError, type RpcClient } from '#platform/rpc';
import type { RunDisplay } from '../progress/run-display.js';
import { runEventOf } from './run-event.js';

export type TrainerClient = RpcClient<'metaapo.trainer.v1.TrainerService'>;

export interface WatchEventsOptions {
  readonly runId: string;
  readonly display: RunDisplay;
  /** Connections in a row that may break without an event between them. */
  readonly breakCountMax: number;
  readonly signal?: AbortSignal;
}

const RECONNECT_MS = 1_000;
/** How often estimates are drawn again while nothing happens. */
const TICK_MS = 1_000;

/** Shows the run until it ends; gives how it stands then. @throws RemoteError when the trainer is gone */
export async function watchEvents(client: TrainerClient, options: WatchEventsOptions): Promise<TrainingRun__Output> {
  const { runId, display, breakCountMax, signal } = options;
  const ticking = setInterval(() => display.tick(Date.now()), TICK_MS);
  let next = 0;
  let breakCount = 0;
  try {
    for (;;) {
      try {
        for await (const message of client.watchTrainingRun(
          { runId, fromEvent: String(next) },
          { ...(signal && { signal }) },
        )) {
          next = Number(message.event) + 1;
          breakCount = 0;
          const event = runEventOf(message);
          if (event !== undefined) display.event(event);
          if (message.runEnded) return await standing(client, runId);
        }
        return await standing(client, runId);
      } catch (thrown) {
        if (!isBroken(thrown) || ++breakCount > breakCountMax) throw thrown;
        await delay(RECONNECT_MS, undefined, { ...(signal && { signal }) });
      }
    }
  } finally {
    clearInterval(ticking);
    display.close();
  }
}

async function standing(client: TrainerClient, runId: string): Promise<TrainingRun__Output> {
  const { run } = await client.getTrainingRun({ runId });
  return present(run, 'the run of the trainer’s answer');
}

function isBroken(thrown: unknown): boolean {
  return thrown instanceof RemoteError && thrown.status === 'UNAVAILABLE';
}
