/** @file Asks a trainer what became of a row: the one that was named, or one that is started for the question. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PairExplanation__Output } from '#contracts/trainer';
import { messageOf } from '#core';
import { createRpcClient, RemoteError, type ClientTls } from '#platform/rpc';
import { readRun, holdsOlderRun } from '#run-directory';
import { InterruptedError, UsageError } from '../cli.errors.js';
import { remoteTls } from '../services/remote-tls.js';
import { ServiceGroup } from '../services/service-group.js';
import { aborted } from '../terminal/interrupts.js';

export interface RowQuestion {
  /** A directory, or with `trainer` also the id of a run that it knows. */
  readonly run: string;
  readonly itemId: string;
  /** Folder that the configuration's paths start from; empty as the run says. */
  readonly baseDirectory: string | undefined;
  readonly trainer: string | undefined;
  readonly signal: AbortSignal;
}

const CALL_TIMEOUT_MS = 60_000;

/** @throws RemoteError, UsageError where there is no run, InterruptedError */
export async function askExplanation(question: RowQuestion): Promise<PairExplanation__Output | null> {
  const { run, itemId, baseDirectory, trainer } = question;
  if (trainer !== undefined) {
    const isPath = run.includes('/');
    const request = {
      itemId,
      ...(isPath ? { runDirectory: run, baseDirectory: baseDirectory ?? '' } : { runId: run }),
      signal: question.signal,
    };
    return await explanationAt(trainer, request, remoteTls());
  }
  const runDirectory = resolve(run);
  if (!existsSync(runDirectory) || ((await readRun(runDirectory)) ?? (await holdsOlderRun(runDirectory))) === false) {
    throw new UsageError(`Expected the directory of a run, got ${run}: no run is there`);
  }
  const base = baseDirectory === undefined ? '' : resolve(baseDirectory);
  return await atOwnTrainer({ itemId, runDirectory, baseDirectory: base, signal: question.signal });
}

interface Request {
  readonly itemId: string;
  readonly runId?: string;
  readonly runDirectory?: string;
  readonly baseDirectory?: string;
  readonly signal: AbortSignal;
}

async function explanationAt(
  address: string,
  { signal, ...request }: Request,
  tls?: ClientTls,
): Promise<PairExplanation__Output | null> {
  const client = createRpcClient('metaapo.trainer.v1.TrainerService', address, { tls });
  try {
    return (await client.explainPair(request, { timeoutMs: CALL_TIMEOUT_MS, signal })).explanation;
  } catch (thrown) {
    if (signal.aborted) throw new InterruptedError('Stopped before the answer came.');
    throw named(thrown, address);
  } finally {
    client.close();
  }
}

/** What kept a trainer from answering. Where the code is the status, nobody who knows the contract has spoken. */
function named(thrown: unknown, address: string): unknown {
  if (!(thrown instanceof RemoteError) || thrown.code !== thrown.status) return thrown;
  const { code, status } = thrown;
  const reason = messageOf(thrown).replace(/\s*Resolution note:.*/s, '');
  if (status === 'UNIMPLEMENTED') {
    return new UsageError(`${address} serves no trainer: give --trainer the address of one`, { cause: thrown });
  }
  if (status !== 'UNAVAILABLE') return thrown;
  const message =
    `No trainer answers at ${address}: ${reason} Start one, or name its address with --trainer; one that speaks TLS ` +
    'needs METAAPO_TLS_CA_PATH';
  return new RemoteError({ code, status, message, cause: thrown });
}

/** The trainer reads the directory alone, so that another that works on the run is not disturbed. */
async function atOwnTrainer(request: Request): Promise<PairExplanation__Output | null> {
  const stop = aborted(request.signal).then(() => {
    throw new InterruptedError('Stopped before the answer came.');
  });
  const [group, { address }] = await ServiceGroup.startTrainer(stop);
  try {
    return await explanationAt(address, request);
  } finally {
    group.kill();
  }
}
