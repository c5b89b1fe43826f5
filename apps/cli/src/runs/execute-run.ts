/** @file A whole run: services up, run followed to its end, services down, result told. */
import { join } from 'node:path';
import type { ServiceApp } from '../services/child-service.js';
import type { Endpoints } from '../services/endpoints.js';
import { ServiceGroup } from '../services/service-group.js';
import type { CommandContext } from '../commands/context.js';
import { locateModel } from '../models/locate-model.js';
import { InterruptedError } from '../cli.errors.js';
import { aborted } from '../terminal/interrupts.js';
import type { ExistingRun } from './existing-run.js';
import { followRun, type FollowedRun } from './follow-run.js';
import { annotationsText } from '../progress/progress-lines.js';
import { resultText } from './result-table.js';
import { runDisplay, type RunDisplay } from '../progress/run-display.js';
import type { RunPlan } from './run-plan.js';
import { readReport } from './run-report.js';

export interface ExecuteRunOptions {
  readonly endpoints: Endpoints;
  readonly policyReplicaCount: number;
  readonly json: boolean;
  readonly verbose: boolean;
  /** What to type to go on with the run. */
  readonly resumeCommand: string;
  /** What the run's directory holds, where it is on this machine. */
  readonly existing: ExistingRun;
}

/** A trainer elsewhere may be out of reach for about this many seconds without the run being given up. */
const REMOTE_BREAK_COUNT_MAX = 60;

/** Carries a plan out. @throws InterruptedError, RunFailedError, ServiceDiedError */
export async function executeRun(plan: RunPlan, options: ExecuteRunOptions, context: CommandContext): Promise<void> {
  const { terminal, interrupts } = context;
  const { json, endpoints, resumeCommand, existing } = options;
  const display = runDisplay({ terminal, json, iterationCount: plan.iterationCount });
  const remote = endpoints.trainer;
  display.note(`run directory: ${plan.runDirectory}`);
  if (existing.kind === 'finished') return tellFinished(existing, plan, display, options, context);
  if (remote !== undefined) {
    const lost = new Promise<never>(() => {});
    const breakCountMax = REMOTE_BREAK_COUNT_MAX;
    const followed = { ...plan, trainerAddress: remote, display, interrupts, lost, resumeCommand, breakCountMax };
    return tellResult(await followRun(followed), plan, display, context, json);
  }
  display.note('starting the services …');
  const startedAtMs = performance.now();
  const [group, { trainer }] = await startGroup(plan, options, context);
  try {
    display.note(`services ready after ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
    const lost = group.lost();
    const followed = { ...plan, trainerAddress: trainer, display, interrupts, lost, resumeCommand, breakCountMax: 0 };
    await tellResult(await followRun(followed), plan, display, context, json);
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

/** A finished run needs no service and no model: it is told what it came to. */
async function tellFinished(
  { seen: { status } }: Extract<ExistingRun, { kind: 'finished' }>,
  plan: RunPlan,
  display: RunDisplay,
  { json }: ExecuteRunOptions,
  { terminal }: CommandContext,
): Promise<void> {
  const { run_id: runId, annotations, adapter_digest: adapterDigest, cost, end_time: endTime } = status;
  const result = { runId, annotations, adapterDigest, wasFinished: true };
  if (json) return terminal.out(`${resultJson(result, plan)}\n`);
  const paid = annotationsText({ annotations, annotationsUngated: 0, ...(cost && { cost }) });
  display.note(`${runId} finished ${endTime ?? ''}, ${paid} paid: nothing to do`);
  await tellFigures(plan, display);
}

/** Prints the table and the path of the report; programs get one more event with the same figures. */
async function tellResult(
  { run, wasFinished }: FollowedRun,
  plan: RunPlan,
  display: RunDisplay,
  { terminal }: CommandContext,
  json: boolean,
): Promise<void> {
  const { runId, adapterDigest } = run;
  const result = { runId, annotations: Number(run.annotationCount), adapterDigest, wasFinished };
  if (json) return terminal.out(`${resultJson(result, plan)}\n`);
  if (wasFinished) display.note(`${runId} had finished before: nothing to do`);
  await tellFigures(plan, display);
}

async function tellFigures({ runDirectory, config }: RunPlan, display: RunDisplay): Promise<void> {
  display.note(`\n${resultText(await readReport(runDirectory))}`);
  display.note(`result: ${join(runDirectory, config.model.training === 'full' ? 'model' : 'adapter')}`);
  display.note(`report: ${join(runDirectory, 'report.html')}`);
}

interface Result {
  readonly runId: string;
  readonly annotations: number;
  readonly adapterDigest: string;
  readonly wasFinished: boolean;
}

function resultJson({ runId, annotations, adapterDigest, wasFinished }: Result, { runDirectory }: RunPlan): string {
  const figures = { annotation_count: annotations, adapter_digest: adapterDigest, was_finished: wasFinished };
  return JSON.stringify({ event: 'result', run_id: runId, ...figures, report: join(runDirectory, 'report.html') });
}
