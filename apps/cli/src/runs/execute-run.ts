/** @file A whole run: services up, run followed to its end, services down, result told. */
import { join } from 'node:path';
import type { ServiceApp } from '../services/child-service.js';
import type { Endpoints } from '../services/endpoints.js';
import { remoteTls } from '../services/remote-tls.js';
import { ServiceGroup } from '../services/service-group.js';
import type { CommandContext } from '../commands/context.js';
import { locateModel } from '../models/locate-model.js';
import { InterruptedError } from '../cli.errors.js';
import { aborted } from '../terminal/interrupts.js';
import { followRun } from './follow-run.js';
import { runDisplay } from '../progress/run-display.js';
import type { RunPlan } from './run-plan.js';
import { tellResult } from './tell-result.js';

export interface ExecuteRunOptions {
  readonly endpoints: Endpoints;
  readonly policyReplicaCount: number;
  readonly json: boolean;
  readonly verbose: boolean;
  /** What to type to go on with the run. */
  readonly resumeCommand: string;
}

/** What the reward service of this command has paid for; the one that is started next time answers from it. */
export const REQUEST_CACHE_FILE = 'reward-requests.sqlite';
/** A trainer elsewhere may be out of reach for about this many seconds without the run being given up. */
const REMOTE_BREAK_COUNT_MAX = 60;

/** Carries a plan out. @throws InterruptedError, RunFailedError, ServiceDiedError */
export async function executeRun(plan: RunPlan, options: ExecuteRunOptions, context: CommandContext): Promise<void> {
  const { terminal, interrupts } = context;
  const { json, endpoints, resumeCommand } = options;
  const display = runDisplay({ terminal, json, iterationCount: plan.iterationCount });
  const remote = endpoints.trainer;
  display.note(`run directory: ${plan.runDirectory}`);
  if (remote !== undefined) {
    const lost = new Promise<never>(() => {});
    const breakCountMax = REMOTE_BREAK_COUNT_MAX;
    const tls = remoteTls();
    const followed = { ...plan, trainerAddress: remote, tls, display, interrupts, lost, resumeCommand, breakCountMax };
    return tellResult(await followRun(followed), plan, { json, terminal });
  }
  display.note('starting the services …');
  const startedAtMs = performance.now();
  const [group, { trainer }] = await startGroup(plan, options, context);
  try {
    display.note(`services ready after ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
    const lost = group.lost();
    const followed = { ...plan, trainerAddress: trainer, display, interrupts, lost, resumeCommand, breakCountMax: 0 };
    await tellResult(await followRun(followed), plan, { json, terminal });
  } finally {
    await group.stopUnless(interrupts.force);
  }
}

async function startGroup(
  plan: RunPlan,
  { endpoints, policyReplicaCount, verbose }: ExecuteRunOptions,
  context: CommandContext,
): ReturnType<typeof ServiceGroup.start> {
  const { terminal, interrupts } = context;
  // A policy service that runs already has its model.
  const modelPath = endpoints.policy ? plan.model : await locateModel(plan.model, context, plan.baseDirectory);
  const onLog = (app: ServiceApp, line: string): void => terminal.err(`${app}: ${line}\n`);
  return ServiceGroup.start({
    modelPath,
    decodePrecision: plan.config.model.decode_precision,
    rewardModels: plan.rewardModels,
    requestCachePath: join(plan.runDirectory, REQUEST_CACHE_FILE),
    endpoints,
    policyReplicaCount,
    stop: aborted(interrupts.stop).then(() => {
      throw new InterruptedError('Stopped before the run began; nothing is lost. Start the same command again.');
    }),
    ...(verbose && { onLog }),
  });
}
