/**
 * @file The reward models that a run is held to, from one iteration to the next: `reward_swaps` of its configuration.
 *
 *   pin       what the run began with, to its end
 *   follow    what is in service when an iteration begins; the evaluations after it ask for the same
 *   rescore   as follow; evaluations that another model had judged are judged once more at the end (`rescore.ts`)
 *
 * What was decided stays decided, and what an iteration has annotated stays in use. Where no replica answers for its model any
 * more, an iteration that has annotated nothing decides anew, and another one moves on with the prompts that are left
 * (`annotation-passes.ts`).
 */
import type { Clock } from '#core';
import type { RunConfig } from '#run-config';
import { ServiceUnavailableError } from '../ports/ports.errors.js';
import type { RewardModel, RewardPort } from '../ports/reward-port.js';
import { FINISHED, ITERATIONS_DONE } from '../run/run-directory.js';
import type { Journal } from '../storage/journal.js';
import { RunConfigChangedError } from '../storage/storage.errors.js';
import { AnnotationPasses, FIRST_PASS, firstPhase, type NextPass } from './annotation-passes.js';
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
  /** Where it was taken up in mid-iteration: prompts that were left by then. */
  readonly promptCount?: number;
}

export interface AfterPass {
  /** Number of the pass that would follow. */
  readonly next: number;
  /** Prompts without annotations. */
  readonly promptCount: number;
  /** True while the same model was not asked once more. */
  readonly mayAskAgain: boolean;
}

/** How long a service that is away is asked what it has in service, before the run goes on with what it has. */
const DESCRIBE_MS = 1000;
/** Passes over the prompts of one iteration, at most: whoever swaps and retires more often than that is not followed. */
const PASSES_MAX = 16;

export class RewardEpochs {
  /** What was taken up, in order: by the run, then by each iteration that has begun and by what comes after them. */
  readonly history: TakenUp[];
  private current: EpochDecision;
  private readonly passes: AnnotationPasses;

  private constructor(
    private readonly options: RewardEpochsOptions,
    private readonly decisions: EpochDecisions,
    /** What the run began with. */
    readonly first: EpochDecision,
  ) {
    this.current = first;
    const names = first.models.map(({ name }) => name);
    this.passes = new AnnotationPasses(options.journal, names);
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

  /**
   * Decides what follows on a pass that left prompts without annotations, or reads it in the journal; the models of a move are
   * those of the iteration from then on.
   */
  async afterPass(iteration: number, after: AfterPass): Promise<NextPass> {
    let next = await this.passes.of(iteration, after.next);
    if (!next) {
      next = await this.decidePass(iteration, after);
      await this.passes.add(iteration, after.next, next);
    }
    if (next.kind !== 'move') return next;
    const { models, timeMs, promptCount } = next;
    this.current = { models, timeMs };
    this.history.push({ models, timeMs, promptCount, iteration });
    return next;
  }

  private async decidePass(iteration: number, { next, promptCount, mayAskAgain }: AfterPass): Promise<NextPass> {
    const again: NextPass = { kind: mayAskAgain ? 'again' : 'end' };
    const before = await this.passes.of(iteration, next - 1);
    if (before?.kind === 'again' && before.isLast) return { kind: 'end' };
    const isFirst = next === FIRST_PASS + 1;
    if (isFirst && (await this.passes.hasAskedAgain(iteration, this.training, this.first.models))) {
      return { kind: 'again', isLast: true };
    }
    if (this.policy === 'pin' || next > PASSES_MAX) return again;
    if (await this.isServed([this.training])) return again;
    const models = await this.inService();
    if (models[0]!.weightsDigest === this.training.weightsDigest) return again;
    return { kind: 'move', models, timeMs: this.options.clock.nowMs(), promptCount };
  }

  private async decide(iteration: number): Promise<void> {
    const { config } = this.options;
    const held = await this.decisions.of(iteration);
    if (held) this.current = held;
    if (config.reward_swaps === 'pin' || (await this.isBegun(iteration))) return;
    if (await this.hasAnnotated(iteration)) return;
    const { iterations } = config.algorithm;
    // After the last iteration nothing is decided as long as its models are served.
    const mayStay = held !== undefined || iteration === iterations;
    if (mayStay && (await this.isServed(this.current.models))) return;
    this.current = { models: await this.inService(), timeMs: this.options.clock.nowMs() };
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
    return (await this.options.journal.unitCount(iteration, firstPhase(this.training, this.first.models))) > 0;
  }

  private async isServed(models: readonly RewardModel[]): Promise<boolean> {
    const { reward, signal } = this.options;
    try {
      for (const model of models) {
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
