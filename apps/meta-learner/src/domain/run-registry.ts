/**
 * @file The meta-learners in memory: one per run, versioned, changed by compare-and-set only.
 *
 * Updates and restores of one run follow one another in order of arrival; gates read whichever state is current when they
 * arrive. Everything is bounded: runs, remembered results per run, and the size of one update. Nobody says that a run has
 * ended, so a run too many puts out the one that nobody asked for longest; it restores its state should it go on, as after
 * a restart of this process.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LruMap, RequestInvalidError, canonicalJson } from '#core';
import { gate, type GateItem, type GateKey, type GateOutcome } from './gate.js';
import {
  BufferInvalidError,
  MetaLearnerExistsError,
  MetaLearnerUnknownError,
  MetaLearnerVersionStaleError,
  SnapshotInvalidError,
} from './meta-learner.errors.js';
import { MetaLearner } from './meta-learner.js';
import { bufferOf, type BufferEntry } from './buffer-entry.js';
import { settingsProblem, stateProblem } from './phi-check.js';
import type { MetaLearnerSettings, MetaLearnerState } from './phi.js';
import type { TensorFlow } from './tensorflow.js';

export interface RunRegistryLimits {
  /** Most runs held at once. At least 1. */
  readonly runsMax: number;
  /** Results of updates remembered per run, so that a repetition finds its own; the oldest go first. */
  readonly replaysMax: number;
  /** Largest buffer length times hidden width of one update: bounds its memory and how long one step takes. */
  readonly updateElementsMax: number;
}

export interface GateCommand extends GateKey {
  readonly runId: string;
  readonly items: readonly GateItem[];
  /** The current version when absent. */
  readonly expectedVersion?: number | undefined;
  /** Decides in place of the run's current state. */
  readonly state?: MetaLearnerState | undefined;
}

export interface UpdateCommand {
  readonly runId: string;
  readonly expectedVersion: number;
  readonly requestId: string;
  readonly entries: readonly BufferEntry[];
}

export interface UpdateResult {
  readonly state: MetaLearnerState;
  /** L_meta before the first step. */
  readonly loss: number;
  /** Gradient norm of the first step, before clipping. */
  readonly gradientNorm: number;
}

interface Run {
  learner: MetaLearner;
  /** Request id → result, oldest first. */
  readonly replays: Map<string, UpdateResult>;
  /** Ends when the last queued change has ended; never rejects. */
  changesDone: Promise<void>;
}

const RUN_ID_LENGTH_MAX = 128;

export class RunRegistry {
  private readonly runs: LruMap<string, Run>;

  constructor(
    private readonly tf: TensorFlow,
    private readonly limits: RunRegistryLimits,
  ) {
    this.runs = new LruMap(limits.runsMax);
  }

  /** Number of runs held. */
  get runCount(): number {
    return this.runs.size;
  }

  /** Creates the run's meta-learner and returns its state at creation; equal settings may create it again. */
  create(runId: string, settings: MetaLearnerSettings): MetaLearnerState {
    checkRunId(runId);
    const problem = settingsProblem(settings);
    if (problem) throw RequestInvalidError.of(`settings.${problem.field}`, problem.expected, problem.got);
    const existing = this.runs.get(runId);
    const differing = existing && differingSettings(existing.learner.state.settings, settings);
    if (differing) throw new MetaLearnerExistsError(runId, differing);
    const learner = MetaLearner.start(this.tf, settings);
    if (!existing) this.add(runId, learner);
    return learner.state;
  }

  get(runId: string): MetaLearnerState {
    return this.find(runId).learner.state;
  }

  async gate(command: GateCommand, signal?: AbortSignal): Promise<{ outcomes: GateOutcome[]; version: number }> {
    const learner = command.state ? this.learnerOf(command.state) : this.find(command.runId).learner;
    const { version } = learner.state;
    if (command.expectedVersion !== undefined) checkVersion(command.runId, command.expectedVersion, version);
    if (command.items.length === 0) throw RequestInvalidError.of('items', 'at least one item', 'none');
    return { outcomes: await gate(learner, command.items, command, signal), version };
  }

  /** Takes the update's AdamW steps, or gives the result that the same request had before. */
  update(command: UpdateCommand, signal?: AbortSignal): Promise<UpdateResult> {
    const { runId, requestId } = command;
    const run = this.find(runId);
    if (requestId === '') throw RequestInvalidError.of('request_id', 'text, not empty', 'none');
    return exclusively(run, async () => {
      const replay = run.replays.get(requestId);
      if (replay) return replay;
      checkVersion(runId, command.expectedVersion, run.learner.state.version);
      const { learner, ...result } = await this.steps(run.learner, command.entries, signal);
      run.learner = learner;
      remember(run.replays, requestId, result, this.limits.replaysMax);
      return result;
    });
  }

  /** Puts a state in place, whatever the current version; results of earlier updates are forgotten with it. */
  async restore(runId: string, state: MetaLearnerState): Promise<MetaLearnerState> {
    checkRunId(runId);
    const learner = this.learnerOf(state);
    const run = this.runs.get(runId) ?? this.add(runId, learner);
    await exclusively(run, () => {
      run.learner = learner;
      run.replays.clear();
    });
    return state;
  }

  private learnerOf(state: MetaLearnerState): MetaLearner {
    const problem = stateProblem(state);
    if (problem) throw SnapshotInvalidError.of(problem.field, problem.expected, problem.got);
    return new MetaLearner(this.tf, state);
  }

  private async steps(
    current: MetaLearner,
    entries: readonly BufferEntry[],
    signal?: AbortSignal,
  ): Promise<UpdateResult & { learner: MetaLearner }> {
    const { hiddenWidth, stepsPerUpdate } = current.state.settings;
    const buffer = bufferOf(entries, Math.floor(this.limits.updateElementsMax / hiddenWidth));
    let learner = current;
    let first: { loss: number; gradientNorm: number } | undefined;
    for (let step = 0; step < stepsPerUpdate; step++) {
      signal?.throwIfAborted();
      if (step > 0) await nextTurn();
      const { learner: stepped, loss, gradientNorm } = learner.step(buffer);
      if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
        const got = `loss ${loss}, gradient norm ${gradientNorm}`;
        throw new BufferInvalidError('scores small enough for float32', got, `step ${step + 1}`);
      }
      learner = stepped;
      first ??= { loss, gradientNorm };
    }
    learner = learner.asVersion(current.state.version + 1);
    return { learner, state: learner.state, loss: first!.loss, gradientNorm: first!.gradientNorm };
  }

  private add(runId: string, learner: MetaLearner): Run {
    const run: Run = { learner, replays: new Map(), changesDone: Promise.resolve() };
    this.runs.set(runId, run);
    return run;
  }

  private find(runId: string): Run {
    const run = this.runs.get(runId);
    if (!run) throw new MetaLearnerUnknownError(runId);
    return run;
  }
}

function checkRunId(runId: string): void {
  if (runId.length >= 1 && runId.length <= RUN_ID_LENGTH_MAX) return;
  throw RequestInvalidError.of('run_id', `1 to ${RUN_ID_LENGTH_MAX} characters`, `${runId.length}`);
}

function checkVersion(runId: string, expected: number, current: number): void {
  if (expected !== current) throw new MetaLearnerVersionStaleError(runId, expected, current);
}

/** Names of the settings in which two differ; the seed of a constant start does not count. */
function differingSettings(a: MetaLearnerSettings, b: MetaLearnerSettings): string {
  const comparable = ({ initSeed, ...rest }: MetaLearnerSettings) => ({
    ...rest,
    initSeed: rest.init === 'random' ? String(initSeed) : '',
  });
  const [left, right] = [comparable(a), comparable(b)];
  if (canonicalJson(left) === canonicalJson(right)) return '';
  const names = Object.keys(left) as (keyof typeof left)[];
  return names.filter((name) => left[name] !== right[name]).join(', ');
}

function exclusively<T>(run: Run, change: () => T | Promise<T>): Promise<T> {
  const result = run.changesDone.then(change);
  run.changesDone = result.then(
    () => undefined,
    () => undefined,
  );
  return result;
}

function remember(replays: Map<string, UpdateResult>, requestId: string, result: UpdateResult, max: number): void {
  replays.set(requestId, result);
  while (replays.size > max) replays.delete(replays.keys().next().value!);
}
