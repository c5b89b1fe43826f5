/** @file Runs as a table, and one per line for programs. */
import type { SeenRun, UnreadableRun } from '#run-directory';
import { AppError } from '#core';
import { count } from '#report';
import { moneyText } from '../progress/progress-lines.js';
import { textTable } from '../terminal/text-table.js';
import { nearPath } from './existing-run.js';
import type { Money } from './run-event.js';

/** What a listing tells of a run, wherever it was learned. */
export interface ListedRun {
  readonly runId: string;
  readonly name: string;
  readonly state: string;
  readonly phase: string;
  readonly iterationsDone: number;
  readonly iterationCount: number;
  readonly annotations: number;
  readonly cost: Money | undefined;
  /** Milliseconds since the epoch. */
  readonly createTimeMs: number;
  /** `pid@host`; empty where nobody holds it. */
  readonly holder: string;
  readonly directory: string;
}

export interface UnlistableRun {
  readonly directory: string;
  readonly problem: string;
}

export function listedRun(run: SeenRun | UnreadableRun): ListedRun | UnlistableRun {
  if (!('status' in run)) {
    const { path, problem } = run;
    const code = problem instanceof AppError ? `${problem.code}: ` : '';
    return { directory: path, problem: `${code}${problem.message}` };
  }
  const { path, status, holder, state } = run;
  return {
    runId: status.run_id,
    name: status.name,
    state,
    phase: status.phase,
    iterationsDone: status.iterations_done,
    iterationCount: status.iteration_count,
    annotations: status.annotations,
    cost: status.cost ?? undefined,
    createTimeMs: Date.parse(status.create_time),
    holder: holder && state !== 'interrupted' ? `${holder.pid}@${holder.host}` : '',
    directory: path,
  };
}

const HEAD = ['run', 'name', 'state', 'directory', 'holder', 'iteration', 'annotations', 'cost', 'age'];
const LEFT_COUNT = 5;

/** A table with a line per run; ends with a line break. */
export function runsTable(runs: readonly ListedRun[], nowMs: number): string {
  const rows = runs.map((run) => [
    run.runId,
    run.name,
    run.state,
    nearPath(run.directory),
    run.holder,
    `${run.iterationsDone}/${run.iterationCount}`,
    count(run.annotations),
    run.cost === undefined ? '' : moneyText(run.cost),
    ageText(nowMs - run.createTimeMs),
  ]);
  return textTable([HEAD, ...rows], { leftCount: LEFT_COUNT });
}

/** One line of JSON. */
export function runJson(run: ListedRun | UnlistableRun): string {
  if ('problem' in run) return JSON.stringify(run);
  return JSON.stringify({
    run_id: run.runId,
    name: run.name,
    state: run.state,
    phase: run.phase,
    iterations_done: run.iterationsDone,
    iteration_count: run.iterationCount,
    annotations: run.annotations,
    cost: run.cost ?? null,
    create_time: new Date(run.createTimeMs).toISOString(),
    holder: run.holder,
    directory: run.directory,
  });
}

const AGES = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
] as const;

/** Since it was started first: "3 d", "5 h", "12 min", "40 s". */
export function ageText(ageMs: number): string {
  const age = AGES.find(({ ms }) => ageMs >= ms);
  return age ? `${Math.floor(ageMs / age.ms)} ${age.unit}` : `${Math.max(0, Math.floor(ageMs / 1000))} s`;
}
