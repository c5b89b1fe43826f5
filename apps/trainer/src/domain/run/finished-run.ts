/** @file A run that had ended well before this process saw it: described, and left as it is. */
import type { Clock } from '#core';
import type { ParsedRunConfig } from '#run-config';
import { annotationCounts } from '../storage/ledger.js';
import { RunEvents, type NumberedEvent } from './run-events.js';
import type { FinishedRecord, RunDirectory } from './run-directory.js';
import type { RunData } from './run-inputs.js';
import { costOf, type RunSnapshot } from './run-snapshot.js';

export interface FinishedRunOptions {
  readonly parsed: ParsedRunConfig;
  readonly data: RunData;
  readonly directory: RunDirectory;
  readonly record: FinishedRecord;
  readonly clock: Clock;
}

export class FinishedRun {
  readonly isResumed = false;
  readonly isFinished = true;
  private readonly events: RunEvents<RunSnapshot>;
  private readonly standing: RunSnapshot;

  constructor(options: FinishedRunOptions) {
    this.standing = standingOf(options);
    this.events = new RunEvents(options.clock, () => this.standing);
    this.events.emit({ kind: 'run_ended', elapsedMs: 0 });
  }

  get runId(): string {
    return this.standing.runId;
  }

  snapshot(): RunSnapshot {
    return this.standing;
  }

  /** One event: the end. */
  watch(first: number, signal: AbortSignal): AsyncGenerator<NumberedEvent<RunSnapshot>> {
    return this.events.from(first, signal);
  }

  /** An ended run stays as it is. */
  cancel(): void {}

  /** An ended run stays as it is. */
  abandon(): void {}
}

function standingOf({ parsed, data, directory, record }: FinishedRunOptions): RunSnapshot {
  const { name, algorithm } = parsed.config;
  const { totals } = directory.journal;
  const annotationCount = annotationCounts(totals, 'training').paid;
  return {
    runId: directory.runId,
    name,
    state: 'succeeded',
    phase: '',
    iteration: algorithm.iterations - 1,
    iterationCount: algorithm.iterations,
    iterationsDone: algorithm.iterations,
    runDirectory: directory.path,
    configDigest: parsed.digest,
    annotationCount,
    annotationCountUngated: data.rows.length * algorithm.samples_per_prompt,
    cost: costOf(parsed.config, annotationCount),
    optimizerStepCount: totals.steps,
    metaUpdateCount: totals.metaUpdates,
    createTimeMs: directory.createTimeMs,
    endTimeMs: record.endTimeMs,
    failure: undefined,
    adapterDigest: record.adapterDigest,
  };
}
