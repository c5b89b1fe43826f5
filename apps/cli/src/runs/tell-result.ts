/** @file What a run came to: its figures, and where its result and its report lie. */
import { join } from 'node:path';
import type { SeenRun } from '#run-directory';
import { annotationsText } from '../progress/progress-lines.js';
import type { Terminal } from '../terminal/terminal.js';
import { resultText } from './result-table.js';
import type { RunPlan } from './run-plan.js';
import { readReport } from './run-report.js';

export interface TellOptions {
  readonly terminal: Terminal;
  /** One event for programs instead of text. */
  readonly json: boolean;
}

export interface RunResult {
  readonly runId: string;
  readonly annotations: number;
  readonly adapterDigest: string;
  /** True when the run had ended before; nothing was done. */
  readonly wasFinished: boolean;
}

/** Tells the result of a run that has succeeded. */
export async function tellResult(result: RunResult, plan: RunPlan, { terminal, json }: TellOptions): Promise<void> {
  if (json) return terminal.out(`${resultJson(result, plan)}\n`);
  if (result.wasFinished) terminal.out(`${result.runId} had finished before: nothing to do\n`);
  await tellFigures(plan, terminal);
}

/** A finished run needs no service and no model to be told. */
export async function tellFinished({ status }: SeenRun, plan: RunPlan, { terminal, json }: TellOptions): Promise<void> {
  const { run_id: runId, annotations, adapter_digest: adapterDigest, cost, end_time: endTime } = status;
  if (json) {
    return terminal.out(`${resultJson({ runId, annotations, adapterDigest, wasFinished: true }, plan)}\n`);
  }
  const paid = annotationsText({ annotations, annotationsUngated: 0, ...(cost && { cost }) });
  terminal.out(`run directory: ${plan.runDirectory}\n`);
  terminal.out(`${runId} finished at ${endTime ?? 'an unknown time'}, ${paid} paid: nothing to do\n`);
  await tellFigures(plan, terminal);
}

async function tellFigures({ runDirectory, config }: RunPlan, terminal: Terminal): Promise<void> {
  terminal.out(`\n${resultText(await readReport(runDirectory))}`);
  terminal.out(`result: ${join(runDirectory, config.model.training === 'full' ? 'model' : 'adapter')}\n`);
  terminal.out(`report: ${join(runDirectory, 'report.html')}\n`);
}

function resultJson({ runId, annotations, adapterDigest, wasFinished }: RunResult, { runDirectory }: RunPlan): string {
  const figures = { annotation_count: annotations, adapter_digest: adapterDigest, was_finished: wasFinished };
  return JSON.stringify({ event: 'result', run_id: runId, ...figures, report: join(runDirectory, 'report.html') });
}
