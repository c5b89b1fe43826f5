/** @file A whole run: services up, run followed to its end, services down, result told. */
import { join } from 'node:path';
import type { TrainingRun__Output } from '#contracts/trainer';
import type { ServiceApp } from '../services/child-service.js';
import type { Endpoints } from '../services/endpoints.js';
import { ServiceGroup } from '../services/service-group.js';
import type { CommandContext } from '../commands/context.js';
import { locateModel } from '../models/locate-model.js';
import { InterruptedError } from '../cli.errors.js';
import { aborted } from '../terminal/interrupts.js';
import { followRun } from './follow-run.js';
import { resultText } from './result-table.js';
import { runDisplay, type RunDisplay } from './run-display.js';
import type { RunPlan } from './run-plan.js';
import { readReport } from './run-report.js';

export interface ExecuteRunOptions {
  readonly endpoints: Endpoints;
  readonly policyReplicaCount: number;
  readonly json: boolean;
  readonly verbose: boolean;
  /** What to type to go on with the run. */
  readonly resumeCommand: string;
}

/** Carries a plan out. @throws InterruptedError, RunFailedError, ServiceDiedError */
export async function executeRun(plan: RunPlan, options: ExecuteRunOptions, context: CommandContext): Promise<void> {
  const { terminal, interrupts } = context;
  const { json, endpoints, resumeCommand } = options;
  const display = runDisplay({ terminal, json, iterationCount: plan.iterationCount });
  const remote = endpoints.trainer;
  display.note(`run directory: ${plan.runDirectory}`);
  if (remote !== undefined) {
    const lost = new Promise<never>(() => {});
    const run = await followRun({ ...plan, trainerAddress: remote, display, interrupts, lost, resumeCommand });
    return tellResult(run, plan, display, context, json);
  }
  display.note('starting the services …');
  const startedAtMs = performance.now();
  const [group, { trainer }] = await startGroup(plan, options, context);
  try {
    display.note(`services ready after ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
    const lost = group.lost();
    const run = await followRun({ ...plan, trainerAddress: trainer, display, interrupts, lost, resumeCommand });
    await tellResult(run, plan, display, context, json);
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
    rewardModels: plan.rewardModels,
    endpoints,
    policyReplicaCount,
    stop: aborted(interrupts.stop).then(() => {
      throw new InterruptedError('Stopped before the run began; nothing is lost. Start the same command again.');
    }),
    ...(verbose && { onLog }),
  });
}

/** Prints the table and the path of the report; programs get one more event with the same figures. */
async function tellResult(
  run: TrainingRun__Output,
  { runDirectory }: RunPlan,
  display: RunDisplay,
  { terminal }: CommandContext,
  json: boolean,
): Promise<void> {
  const report = join(runDirectory, 'report.html');
  if (json) {
    const figures = { annotation_count: Number(run.annotationCount), adapter_digest: run.adapterDigest };
    terminal.out(`${JSON.stringify({ event: 'result', run_id: run.runId, ...figures, report })}\n`);
    return;
  }
  display.note(`\n${resultText(await readReport(runDirectory))}report: ${report}`);
}
