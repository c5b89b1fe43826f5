/**
 * @file One process's work on a run: gathers what it needs, runs it, writes what it leaves, and tells how it went. A run
 * never takes the process with it: whatever happens ends as a state.
 */
import { AppError, messageOf } from '#core';
import { limitOf } from '../budget/open-spending.js';
import { SpendingStory } from '../budget/spending-story.js';
import { runReport } from '../report/run-report.js';
import type { RewardEpochs } from '../rewards/reward-epochs.js';
import { annotationCounts } from '../storage/ledger.js';
import { gatherRun, type RunSources } from './gather-run.js';
import { PhaseTracker } from './phase-tracker.js';
import type { Services } from './run-context.js';
import { FINISHED, ITERATIONS_DONE, encodeFinished } from './run-directory.js';
import { RunEvents, type NumberedEvent } from './run-events.js';
import { writeMetaLearner, writePolicy, writeReport } from './run-outputs.js';
import { RunCancelledError } from './run.errors.js';
import { costOf, type RunSnapshot, type RunState } from './run-snapshot.js';
import { StatusFile } from './status-file.js';
import { executeRun, type RunRecord, type RunResult } from './training-run.js';

export type LocateModel = (
  model: string,
  options: { readonly baseDirectory: string; readonly signal: AbortSignal },
) => Promise<string>;

/** Services for one run; closed when it ends. */
export type RunServices = Services & { readonly close: () => void };

export interface ActiveRunOptions extends RunSources {
  /** Absolute path of a model that is named by its path from the base directory, or by its name on the Hub. */
  readonly locateModel: LocateModel;
  readonly services: RunServices;
  readonly serviceVersion: string;
  /** Told of failures whose cause is not for the wire. */
  readonly onError: (error: unknown) => void;
}

export class ActiveRun {
  readonly isFinished = false;
  readonly events: RunEvents<RunSnapshot>;
  private readonly status: StatusFile;
  private readonly stopping = new AbortController();
  private readonly abandoning = new AbortController();
  private readonly phases: PhaseTracker;
  private readonly record: RunRecord = { evaluations: [], iterations: [] };
  private readonly story: SpendingStory;
  private readonly digests: Record<string, string> = {};
  private rewards: RewardEpochs | undefined;
  /** As others see it; it has ended when nothing is left to write and the directory is free. */
  private state: RunState = 'running';
  private outcome: RunState = 'failed';
  private failure: RunSnapshot['failure'];
  private adapterDigest = '';
  private endTimeMs: number | undefined;
  private iterationsDone: number;
  /** Counts of the journal, kept for when it is closed. */
  private counts = { annotations: 0, steps: 0, metaUpdates: 0 };

  constructor(private readonly options: ActiveRunOptions) {
    const { clock, directory, data, parsed } = options;
    const rowCount = data.rows.length;
    const { budget, algorithm } = parsed.config;
    const limit = limitOf(parsed.config, rowCount);
    this.story = new SpendingStory({ budget, limit, samplesPerPrompt: algorithm.samples_per_prompt, rowCount });
    this.iterationsDone = directory.iterationsDone;
    this.status = new StatusFile(directory, data.digests);
    directory.taken.addEventListener('abort', () => this.abandoning.abort(directory.taken.reason));
    this.events = new RunEvents(clock, () => this.snapshot());
    this.phases = new PhaseTracker({ journal: directory.journal, clock, emit: (event) => this.emit(event) });
    this.count();
    this.status.follow(this.snapshot(), clock.nowMs(), { always: true });
  }

  get runId(): string {
    return this.options.directory.runId;
  }

  /** True when an earlier process worked on it. */
  get isResumed(): boolean {
    return this.options.directory.attempt > 1;
  }

  snapshot(): RunSnapshot {
    const { directory, parsed, data } = this.options;
    const { iterations, samples_per_prompt } = parsed.config.algorithm;
    const { phase, iteration } = this.phases.current;
    const isOutside = phase === '' || phase === 'warm-up' || phase.startsWith('evaluate-');
    const begun = isOutside ? this.record.iterations.length : iteration + 1;
    const promptCount = Math.floor((begun * data.rows.length) / iterations);
    return {
      runId: directory.runId,
      name: parsed.config.name,
      state: this.state,
      phase,
      iteration,
      iterationCount: iterations,
      iterationsDone: this.iterationsDone,
      runDirectory: directory.path,
      configDigest: parsed.digest,
      annotationCount: this.counts.annotations,
      annotationCountUngated: promptCount * samples_per_prompt,
      cost: costOf(parsed.config, this.counts.annotations),
      optimizerStepCount: this.counts.steps,
      metaUpdateCount: this.counts.metaUpdates,
      createTimeMs: directory.createTimeMs,
      endTimeMs: this.endTimeMs,
      failure: this.failure,
      adapterDigest: this.adapterDigest,
    };
  }

  /** Events from a number on, until the run ends. */
  watch(first: number, signal: AbortSignal): AsyncGenerator<NumberedEvent<RunSnapshot>> {
    return this.events.from(first, signal);
  }

  /** Lets the units in flight end, then stops. An ended run stays as it is. */
  cancel(): void {
    if (this.state === 'running') this.state = 'cancelling';
    this.stopping.abort();
  }

  /** Gives up the units in flight too. */
  abandon(): void {
    this.cancel();
    this.abandoning.abort(new RunCancelledError());
  }

  /** Runs to the end. Never rejects: see `snapshot`. */
  async execute(): Promise<void> {
    const { clock, directory, services } = this.options;
    const startMs = clock.monotonicMs();
    try {
      await this.perform();
    } catch (error) {
      this.fail(error);
      await this.reportIfPossible();
    } finally {
      this.endTimeMs = clock.nowMs();
      services.close();
      this.count();
      await this.conclude();
      await directory.close();
      this.state = this.outcome;
      this.emit({ kind: 'run_ended', elapsedMs: clock.monotonicMs() - startMs });
    }
  }

  private async perform(): Promise<void> {
    const { parsed, directory } = this.options;
    const locateBase = () => this.locateBase();
    const { context, inputs, spec, baseDigest, digests } = await gatherRun(this.options, {
      story: this.story,
      phases: this.phases,
      stop: this.stopping.signal,
      abandon: this.abandoning.signal,
      locateBase,
      reached: (iterationsDone) => this.reached(iterationsDone),
    });
    Object.assign(this.digests, digests);
    this.rewards = context.rewards;
    const result = await executeRun(context, inputs, this.record);
    await context.shelf.keepOnly([]);
    const place = { runDirectory: directory.path, locateBase, config: parsed.config, spec, baseDigest };
    await writePolicy(place, result);
    await writeMetaLearner(directory.path, result);
    this.succeed(result);
    await writeReport(directory.path, await this.report());
    const finished = { adapterDigest: result.policy.digest, endTimeMs: this.options.clock.nowMs() };
    await directory.journal.commit({ facts: { [FINISHED]: encodeFinished(finished) } });
  }

  /** The directory says how it went, unless another process has taken it or the disk is full. */
  private async conclude(): Promise<void> {
    const { directory, clock, onError } = this.options;
    if (directory.taken.aborted) return;
    await this.status.conclude({ ...this.snapshot(), state: this.outcome }, clock.nowMs()).catch(onError);
  }

  private async reached(iterationsDone: number): Promise<void> {
    if (iterationsDone <= this.iterationsDone) return;
    await this.options.directory.journal.commit({ facts: { [ITERATIONS_DONE]: String(iterationsDone) } });
    this.iterationsDone = iterationsDone;
  }

  private locateBase(): Promise<string> {
    const { locateModel, parsed, baseDirectory } = this.options;
    return locateModel(parsed.config.model.path, { baseDirectory, signal: this.abandoning.signal });
  }

  private succeed({ policy }: RunResult): void {
    this.adapterDigest = policy.digest;
    this.digests['final_adapter'] = policy.digest;
    this.outcome = 'succeeded';
  }

  private fail(error: unknown): void {
    if (error instanceof RunCancelledError || this.stopping.signal.aborted) {
      this.outcome = 'cancelled';
      return;
    }
    this.outcome = 'failed';
    this.options.onError(error);
    this.failure =
      error instanceof AppError
        ? { reason: error.code, message: error.message }
        : { reason: 'INTERNAL', message: `The trainer contradicts itself; its log tells more: ${messageOf(error)}` };
  }

  /** A report of what is known so far; on a full disk even that may not be written, and the failure stays the first one. */
  private async reportIfPossible(): Promise<void> {
    if (this.record.iterations.length === 0 && this.record.evaluations.length === 0) return;
    if (this.options.directory.taken.aborted) return;
    try {
      await writeReport(this.options.directory.path, await this.report());
    } catch (error) {
      this.options.onError(error);
    }
  }

  private async report(): ReturnType<typeof runReport> {
    const { parsed, directory, data, services, serviceVersion } = this.options;
    return await runReport({
      parsed,
      directory,
      record: this.record,
      story: this.story,
      state: this.outcome,
      rowCount: data.rows.length,
      digests: { config: parsed.digest, ...this.digests },
      replicas: services.policy.replicas(),
      rewards: this.rewards,
      serviceVersion,
    });
  }

  private emit(event: Parameters<RunEvents<RunSnapshot>['emit']>[0]): void {
    if (event.kind !== 'run_ended') this.count();
    this.events.emit(event);
    if (event.kind === 'run_ended') return;
    const always = event.kind !== 'phase_progress';
    this.status.follow(this.snapshot(), this.options.clock.nowMs(), { always });
  }

  private count(): void {
    const { totals } = this.options.directory.journal;
    const { steps, metaUpdates } = totals;
    this.counts = { annotations: annotationCounts(totals, 'training').paid, steps, metaUpdates };
  }
}
