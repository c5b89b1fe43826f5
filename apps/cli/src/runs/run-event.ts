/** @file What happens in a run, as the command line shows it: the trainer's events in plain values. */
import type { TrainingRun__Output, WatchTrainingRunResponse__Output } from '#contracts/trainer';
import { fromDuration, fromTimestamp } from '#platform/rpc';

export interface Money {
  readonly amount: number;
  /** As the configuration names it, for instance EUR. */
  readonly currency: string;
}

/** Counts of the whole run at some time. */
export interface RunCounts {
  readonly annotations: number;
  /** What sampling every prompt would have cost so far, in annotations. */
  readonly annotationsUngated: number;
  /** Absent where the configuration names no price. */
  readonly cost?: Money;
}

export interface PhasePlace {
  readonly phase: string;
  /** From 0. */
  readonly iteration: number;
}

interface EventBase {
  readonly runId: string;
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  readonly counts: RunCounts;
}

type PhaseBase = EventBase & PhasePlace;

/** By name. `rows` and `tokens` of a unit's progress are what that unit held. */
export type Figures = Readonly<Record<string, number>>;

export type RunEvent =
  | (PhaseBase & { readonly kind: 'phase_started'; readonly unitCount: number; readonly unitCountDone: number })
  | (PhaseBase & {
      readonly kind: 'phase_progress';
      readonly unitCount: number;
      readonly unitCountDone: number;
      readonly figures: Figures;
    })
  | (PhaseBase & { readonly kind: 'phase_ended'; readonly elapsedMs: number; readonly figures: Figures })
  | (EventBase & { readonly kind: 'run_ended'; readonly elapsedMs: number; readonly state: string });

/** The event in a message; undefined for a kind that this version does not know. */
export function runEventOf(message: WatchTrainingRunResponse__Output): RunEvent | undefined {
  const { run } = message;
  const timeMs = message.time ? fromTimestamp(message.time) : 0;
  const base = { runId: run?.runId ?? '', timeMs, counts: countsOf(run) };
  if (message.phaseStarted) return { ...base, kind: 'phase_started', ...message.phaseStarted };
  if (message.phaseProgress) return { ...base, kind: 'phase_progress', ...message.phaseProgress };
  if (message.phaseEnded) {
    const { phase, iteration, elapsed, figures } = message.phaseEnded;
    return { ...base, kind: 'phase_ended', phase, iteration, figures, elapsedMs: elapsed ? fromDuration(elapsed) : 0 };
  }
  if (message.runEnded) {
    const elapsedMs = message.runEnded.elapsed ? fromDuration(message.runEnded.elapsed) : 0;
    return { ...base, kind: 'run_ended', elapsedMs, state: stateName(run?.state ?? '') };
  }
  return undefined;
}

export function countsOf(run: TrainingRun__Output | null): RunCounts {
  const { annotationCount = '0', annotationCountUngated = '0', cost } = run ?? {};
  return {
    annotations: Number(annotationCount),
    annotationsUngated: Number(annotationCountUngated),
    ...(cost && { cost: { amount: cost.amount, currency: cost.currency } }),
  };
}

/** `RUN_STATE_SUCCEEDED` → `succeeded`. */
export function stateName(state: string): string {
  return state.replace(/^RUN_STATE_/, '').toLowerCase();
}

/** One line of JSON for programs: snake_case keys, ISO time. */
export function eventJson(event: RunEvent): string {
  const { kind, timeMs, counts, ...rest } = event;
  const members = Object.entries({ ...rest, ...counts }).map(([key, value]) => [snakeCase(key), value]);
  return JSON.stringify({ event: kind, time: new Date(timeMs).toISOString(), ...Object.fromEntries(members) });
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
