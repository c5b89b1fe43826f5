/**
 * @file The reward models that a run is held to, from one iteration to the next: `reward_swaps` of its configuration.
 *
 *   pin       what the run began with, to its end
 *   follow    what is in service when an iteration begins; the evaluations after it ask for the same
 *   rescore   as follow; evaluations that another model had judged are judged once more at the end (`rescore.ts`)
 *
 * What was decided stays decided. Only what nothing was trained on yet may be decided anew, and only when no replica answers
 * for the model any more: then the iteration is annotated from its beginning, under phases of another name.
 */
import type { Clock } from '#core';
import type { RunConfig } from '#run-config';
import { ServiceUnavailableError } from '../ports/ports.errors.js';
import type { RewardModel, RewardPort } from '../ports/reward-port.js';
import { FINISHED, ITERATIONS_DONE } from '../run/run-directory.js';
import type { Journal } from '../storage/journal.js';
import { RunConfigChangedError } from '../storage/storage.errors.js';
import { EpochDecisions, START, type EpochDecision } from './epoch-decisions.js';
import { modelPhase } from './model-phase.js';

export interface RewardEpochsOptions {
  readonly config: Pick<RunConfig, 'reward' | 'reward_swaps' | 'evaluation' | 'algorithm'>;
  readonly reward: Pick<RewardPort, 'describe' | 'serves'>;
  readonly journal: Journal;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly signal: AbortSignal;
}

/** Models as an iteration took them up. */
export interface TakenUp extends EpochDecision {
  /** `START` for what the run began with. */
  readonly iteration: number;
}

/** Phases of an iteration that depend on its pairs. */
const PHASES_OF_PAIRS = ['score-online', 'train'];
/** How long a service that is away is asked what it has in service, before the run goes on with what it has. */
const DESCRIBE_MS = 1000;

export class RewardEpochs {
  /** What was taken up, in order: by the run, then by each iteration that has begun and by what comes after them. */
  readonly history: TakenUp[];
  private current: EpochDecision;

  private constructor(
    private readonly options: RewardEpochsOptions,
    private readonly decisions: EpochDecisions,
    /** What the run began with. */
    readonly first: EpochDecision,
  ) {
    this.current = first;
    this.history = [{ ...first, iteration: START }];
  }

  get policy(): RunConfig['reward_swaps'] {
    return this.options.config.reward_swaps;
  }

  /** Asks what is in service, and holds the run to it or to what it was held to before. @throws RunConfigChangedError */
  static async open(options: RewardEpochsOptions): Promise<RewardEpochs> {
    const { config, reward, journal, clock, signal } = options;
    const names = [config.reward, ...config.evaluation.judges];
    const inService: RewardModel[] = [];
    for (const name of names) inService.push(await reward.describe(name, { signal }));
    const decisions = new EpochDecisions(journal, names);
    let first = await decisions.of(START);
    if (!first) {
      first = { models: await begunWith(journal, inService), timeMs: clock.nowMs() };
      await decisions.add(START, first);
    }
    if (config.reward_swaps === 'pin') refuseOtherModels(first.models, inService);
    return new RewardEpochs(options, decisions, first);
  }

  /** Annotates. */
  get training(): RewardModel {
    return this.current.models[0]!;
  }

  /** Judge, and never train. */
  get judges(): readonly RewardModel[] {
    return this.current.models.slice(1);
  }

  /** The phase of units that ask for a model: one of the models that the run began with gives it no other name. */
  phaseOf(phase: string, model: RewardModel): string {
    return modelPhase(phase, model, this.first.models);
  }

  /** Decides for an iteration, or for what comes after the last one; or reads in the journal what was decided. */
  async begin(iteration: number): Promise<void> {
    await this.decide(iteration);
    this.history.push({ ...this.current, iteration });
  }

  private async decide(iteration: number): Promise<void> {
    const { config, journal } = this.options;
    const held = await this.decisions.of(iteration);
    if (held) this.current = held;
    if (config.reward_swaps === 'pin' || (await this.isBegun(iteration))) return;
    const { iterations } = config.algorithm;
    // After the last iteration nothing is decided as long as its models are served.
    const mayStay = held !== undefined || iteration === iterations || (await this.hasAnnotated(iteration));
    if (mayStay && (await this.isServed())) return;
    const models = await this.inService();
    // What the pairs of another model led to would contradict the new ones.
    for (const phase of PHASES_OF_PAIRS) {
      if ((await journal.unitCount(iteration, phase)) > 0)
        await journal.commit({ forgottenUnits: { iteration, phase } });
    }
    this.current = { models, timeMs: this.options.clock.nowMs() };
    await this.decisions.add(iteration, this.current);
  }

  /** True when something was trained on the iteration's pairs. */
  private async isBegun(iteration: number): Promise<boolean> {
    const { journal } = this.options;
    if ((await journal.fact(FINISHED)) !== undefined) return true;
    const iterationsDone = Number((await journal.fact(ITERATIONS_DONE)) ?? '0');
    return iteration < iterationsDone || (await journal.steps(iteration, 'train')).length > 0;
  }

  private async hasAnnotated(iteration: number): Promise<boolean> {
    return (await this.options.journal.unitCount(iteration, this.phaseOf('annotate', this.training))) > 0;
  }

  private async isServed(): Promise<boolean> {
    const { reward, signal } = this.options;
    try {
      for (const model of this.current.models) {
        if (!(await reward.serves(model, { signal, retryTimeMsMax: DESCRIBE_MS }))) return false;
      }
      return true;
    } catch (error) {
      if (error instanceof ServiceUnavailableError) return true;
      throw error;
    }
  }

  /** A service that is away leaves the run with what it has: whoever waits for it is the iteration. */
  private async inService(): Promise<readonly RewardModel[]> {
    const { reward, signal } = this.options;
    try {
      const models: RewardModel[] = [];
      for (const { name } of this.current.models) {
        models.push(await reward.describe(name, { signal, retryTimeMsMax: DESCRIBE_MS }));
      }
      return models;
    } catch (error) {
      if (error instanceof ServiceUnavailableError) return this.current.models;
      throw error;
    }
  }
}

/** What a run began with whose journal does not say: one of an earlier version, which knew one epoch, or none. */
async function begunWith(journal: Journal, inService: readonly RewardModel[]): Promise<RewardModel[]> {
  const models: RewardModel[] = [];
  for (const model of inService) {
    const digest = await journal.fact(`input.reward.${model.name}`);
    const isSame = digest === undefined || digest === model.weightsDigest;
    models.push(isSame ? model : { name: model.name, epoch: '1', weightsDigest: digest });
  }
  return models;
}

/** Another model under the same epoch is none that was promoted: the service was started with something else. */
function refuseOtherModels(first: readonly RewardModel[], inService: readonly RewardModel[]): void {
  first.forEach(({ name, epoch, weightsDigest: was }, index) => {
    const { epoch: epochNow, weightsDigest: is } = inService[index]!;
    if (epoch === epochNow && was !== is) throw new RunConfigChangedError(`reward.${name}`, was, is);
  });
}
