/**
 * @file The runs of this trainer: started, watched, stopped. Each works in its own directory with its own connections;
 * ended ones are remembered up to a bound.
 */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { type Clock, RequestInvalidError } from '#core';
import { parseRunConfig } from '#run-config';
import { explainRow } from '../domain/explain/explain-row.js';
import type { RowExplanation } from '../domain/explain/row-explanation.js';
import { ActiveRun, type LocateModel, type RunServices } from '../domain/run/active-run.js';
import { FinishedRun } from '../domain/run/finished-run.js';
import { openRunDirectory } from '../domain/run/run-directory.js';
import { readData } from '../domain/run/run-inputs.js';
import type { RunObserver } from '../domain/run/run-observer.js';
import { hasEnded, type RunSnapshot } from '../domain/run/run-snapshot.js';
import { PageTokenInvalidError, RunUnknownError, RunsFullError } from './training-runs.errors.js';

export interface TrainingRunsOptions {
  /** Most runs under way at once. */
  readonly runsMax: number;
  /** How long units in flight may go on when the process is to end, in milliseconds. */
  readonly stopTimeoutMs: number;
  readonly openServices: () => RunServices;
  readonly locateModel: LocateModel;
  readonly clock: Clock;
  readonly observer: RunObserver;
  readonly serviceVersion: string;
  /** Where this process serves TrainerService, once it does. */
  readonly address: () => string;
  readonly onError: (runId: string, error: unknown) => void;
}

export interface StartCommand {
  /** A repetition with the same one returns the same run; empty is never a repetition. */
  readonly requestId: string;
  readonly configYaml: string;
  /** Folder that the configuration's paths start from. */
  readonly baseDirectory: string;
  /** Empty: `runs/<run id>` below the base directory. */
  readonly runDirectory: string;
}

/** Names a row of a run; the run by its id, or by its directory. Empty: not given. */
export interface ExplainCommand {
  readonly runId: string;
  readonly runDirectory: string;
  readonly baseDirectory: string;
  readonly itemId: string;
}

export interface StartedRun {
  readonly run: RunSnapshot;
  /** True when an unfinished run is gone on with. */
  readonly isResumed: boolean;
  /** True when the run had ended before and was left as it was. */
  readonly isFinished: boolean;
}

export interface RunPage {
  readonly runs: readonly RunSnapshot[];
  /** Empty when this is the last. */
  readonly nextPageToken: string;
}

interface Entry {
  readonly run: ActiveRun | FinishedRun;
  /** Settles when it has ended. */
  readonly ended: Promise<void>;
}

/** Ended runs that are remembered; their directories hold everything anyway. */
const ENDED_RUNS_MAX = 100;
const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 1000;
const REQUESTS_MAX = 1000;
const RUN_ID_RANDOM_BYTES = 4;

export class TrainingRuns {
  /** In order of start; a run that is started again moves to the end. */
  private readonly entries = new Map<string, Entry>();
  private readonly requests = new Map<string, Promise<string>>();
  private startingCount = 0;

  constructor(private readonly options: TrainingRunsOptions) {}

  /** Begins a run, or goes on with the unfinished one of its directory. */
  async start(command: StartCommand): Promise<StartedRun> {
    const runId = await this.once(command);
    const { run } = this.entry(runId);
    return { run: run.snapshot(), isResumed: run.isResumed, isFinished: run.isFinished };
  }

  get(runId: string): RunSnapshot {
    return this.entry(runId).run.snapshot();
  }

  /** Newest first. */
  list(pageSize: number, pageToken: string): RunPage {
    if (pageSize > PAGE_SIZE_MAX) {
      const description = `expected at most ${PAGE_SIZE_MAX}, got ${pageSize}`;
      throw new RequestInvalidError([{ field: 'page_size', description }]);
    }
    const all = [...this.entries.values()].map(({ run }) => run.snapshot()).toReversed();
    const after = pageToken === '' ? -1 : all.findIndex(({ runId }) => runId === pageToken);
    if (pageToken !== '' && after < 0) throw new PageTokenInvalidError(pageToken);
    const runs = all.slice(after + 1, after + 1 + (pageSize || PAGE_SIZE_DEFAULT));
    const hasMore = after + 1 + runs.length < all.length;
    return { runs, nextPageToken: hasMore ? (runs.at(-1)?.runId ?? '') : '' };
  }

  cancel(runId: string): RunSnapshot {
    const { run } = this.entry(runId);
    if (!hasEnded(run.snapshot())) run.cancel();
    return run.snapshot();
  }

  watch(runId: string, first: number, signal: AbortSignal): ReturnType<ActiveRun['watch']> {
    return this.entry(runId).run.watch(first, signal);
  }

  /** Tells where a row of a run came from, by the run's journal. @throws RunUnknownError, RowUnknownError */
  async explain({ runId, runDirectory, baseDirectory, itemId }: ExplainCommand): Promise<RowExplanation> {
    if ((runId === '') === (runDirectory === '')) {
      throw RequestInvalidError.of('run_id', 'one of run_id and run_directory', runId === '' ? 'none' : 'both');
    }
    if (itemId === '') throw RequestInvalidError.of('item_id', 'a row id', 'none');
    const directory = runId === '' ? resolve(runDirectory) : this.entry(runId).run.snapshot().runDirectory;
    return await explainRow(directory, itemId, baseDirectory === '' ? {} : { baseDirectory: resolve(baseDirectory) });
  }

  /** Stops every run: units in flight may end within the time, then they are given up. */
  async close(): Promise<void> {
    const entries = [...this.entries.values()];
    for (const { run } of entries) run.cancel();
    const patience = new AbortController();
    const outOfTime = this.options.clock.sleep(this.options.stopTimeoutMs, patience.signal).catch(() => undefined);
    const ended = Promise.all(entries.map((entry) => entry.ended));
    await Promise.race([ended, outOfTime]);
    patience.abort();
    for (const { run } of entries) if (!hasEnded(run.snapshot())) run.abandon();
    await ended;
  }

  private entry(runId: string): Entry {
    const entry = this.entries.get(runId);
    if (!entry) throw new RunUnknownError(runId);
    return entry;
  }

  /** A request that is repeated while the first one is under way waits for it; one that failed may be tried again. */
  private async once(command: StartCommand): Promise<string> {
    const { requestId } = command;
    const known = requestId === '' ? undefined : this.requests.get(requestId);
    if (known) return await known;
    const started = this.begin(command);
    if (requestId !== '') {
      this.requests.set(requestId, started);
      if (this.requests.size > REQUESTS_MAX) this.requests.delete(this.requests.keys().next().value ?? '');
      started.catch(() => this.requests.delete(requestId));
    }
    return await started;
  }

  private async begin({ configYaml, baseDirectory, runDirectory }: StartCommand): Promise<string> {
    const { runsMax, clock } = this.options;
    const base = resolve(baseDirectory);
    const parsed = parseRunConfig(configYaml, { baseDirectory: base });
    if (this.activeCount() >= runsMax) throw new RunsFullError(runsMax);
    this.startingCount += 1;
    try {
      const newRunId = `${slugOf(parsed.config.name)}-${randomBytes(RUN_ID_RANDOM_BYTES).toString('hex')}`;
      const path = runDirectory === '' ? resolve(base, 'runs', newRunId) : resolve(runDirectory);
      const data = await readData(parsed.config, base);
      const directory = await openRunDirectory(path, {
        newRunId,
        configDigest: parsed.digest,
        configYaml: parsed.resolvedYaml,
        places: { ledger: parsed.config.ledger, ...parsed.config.storage },
        baseDirectory: base,
        clock,
        address: this.options.address(),
      });
      const { runId, finished: record } = directory;
      if (record) {
        const run = new FinishedRun({ parsed, data, directory, record, clock });
        await directory.close();
        return this.remember(runId, { run, ended: Promise.resolve() });
      }
      const run = await this.working({ parsed, data, directory, baseDirectory: base });
      return this.remember(runId, { run, ended: run.execute() });
    } finally {
      this.startingCount -= 1;
    }
  }

  /** A run that is about to begin; a directory that nobody will work on is given back. */
  private async working(
    sources: Pick<ConstructorParameters<typeof ActiveRun>[0], 'parsed' | 'data' | 'directory' | 'baseDirectory'>,
  ): Promise<ActiveRun> {
    const { locateModel, openServices, clock, observer, serviceVersion, onError } = this.options;
    const { directory } = sources;
    try {
      const services = openServices();
      const told = (error: unknown): void => onError(directory.runId, error);
      return new ActiveRun({ ...sources, locateModel, services, clock, observer, serviceVersion, onError: told });
    } catch (error) {
      await directory.close();
      throw error;
    }
  }

  private remember(runId: string, entry: Entry): string {
    this.entries.delete(runId);
    this.entries.set(runId, entry);
    this.forgetOldest();
    return runId;
  }

  private activeCount(): number {
    return this.startingCount + [...this.entries.values()].filter(({ run }) => !hasEnded(run.snapshot())).length;
  }

  private forgetOldest(): void {
    const ended = [...this.entries].filter(([, { run }]) => hasEnded(run.snapshot()));
    for (const [runId] of ended.slice(0, Math.max(0, ended.length - ENDED_RUNS_MAX))) this.entries.delete(runId);
  }
}

/** A name as part of an id: lower-case letters, digits and hyphens. */
function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug.slice(0, 40) || 'run';
}
