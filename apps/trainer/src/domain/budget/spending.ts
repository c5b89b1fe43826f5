/**
 * @file The run's purse: says at the start of an iteration whether the gate is open, and admits annotation units within the
 * budget, in their order, before anything is asked for.
 *
 * What it decides is durable before it has consequences, with what was spent until then. So a process that was killed in
 * between goes on with the same prompts, whatever a shared ledger holds by then. Units reckon with prices: what failed is
 * given back when its phase has ended, and may be spent by the next one.
 */
import { digestOfJson, type Clock, type Digest } from '#core';
import type { ClosingReason } from '#report';
import type { RunConfig } from '#run-config';
import type { Journal, UnitKey } from '../storage/journal.js';
import { annotationCounts, type Ledger, type LedgerKey } from '../storage/ledger.js';
import { admit } from './admission.js';
import { BudgetSpentError } from './budget.errors.js';
import { WorkTime } from './work-time.js';

export interface SpendingOptions {
  readonly budget: RunConfig['budget'];
  /** Most annotations; undefined without a limit. */
  readonly limit: number | undefined;
  /** Annotations of the evaluations from the end of an iteration on, at most; set aside where the budget counts them. */
  readonly evaluationCost: (iteration: number) => number;
  readonly samplesPerPrompt: number;
  readonly journal: Pick<Journal, 'totals' | 'result' | 'commit'>;
  readonly ledger: Pick<Ledger, 'scores'>;
  readonly clock: Clock;
}

/** The start of an iteration. */
export interface Opening {
  /** Annotations that were spent by then. */
  readonly spent: number;
  /** Why the gate is closed; absent while it is open. */
  readonly closedBy?: ClosingReason;
}

/** A unit that asks for admission. */
export interface AdmissionRequest {
  readonly key: UnitKey;
  /** Texts that each prompt is the first to ask for, prompt by prompt. */
  readonly prompts: readonly (readonly LedgerKey[])[];
}

export interface Admitted {
  /** Leading prompts that may be annotated. */
  readonly promptCount: number;
  /** What they cost at most. */
  readonly cost: number;
  readonly spentBefore: number;
  /** Why the others may not. */
  readonly closedBy?: ClosingReason;
}

export class Spending {
  /** Why the gate is closed; undefined while it is open. */
  closedBy: ClosingReason | undefined;
  /** Spent and reserved, as of the last admission of the phase. */
  private reserved = 0;
  private readonly time: WorkTime;

  constructor(private readonly options: SpendingOptions) {
    const { budget, journal, clock } = options;
    this.time = new WorkTime({ seconds: budget.seconds, journal, clock });
  }

  get limit(): number | undefined {
    return this.options.limit;
  }

  /** Annotations that count against the limit. */
  get spent(): number {
    const { journal, budget } = this.options;
    const { paid } = annotationCounts(journal.totals, 'training');
    return paid + (budget.count_evaluation ? annotationCounts(journal.totals, 'evaluation').paid : 0);
  }

  /**
   * Opens an iteration. The gate stays closed where less is left than a prompt may cost, where the time is over, and where the
   * annotator does not answer. @throws BudgetSpentError
   */
  async open(iteration: number, { isAnnotatorLost }: { isAnnotatorLost: () => Promise<boolean> }): Promise<Opening> {
    this.reserved = 0;
    const key = { iteration, phase: 'annotate/opening', unit: 0 };
    const opening = await this.durable<Opening>(key, digestOfJson(iteration), async () => {
      const closedBy = this.limitReached(iteration) ?? ((await isAnnotatorLost()) ? 'annotator' : undefined);
      return { spent: this.spent, ...(closedBy && { closedBy }) };
    });
    this.closedBy = opening.closedBy;
    return opening;
  }

  /** A further phase of the iteration: what its first one reserved and did not spend may be spent again. */
  reopen(): void {
    this.reserved = 0;
  }

  /** @throws BudgetSpentError */
  async admit({ key, prompts }: AdmissionRequest): Promise<Admitted> {
    const { limit, budget } = this.options;
    if (limit === undefined && budget.seconds === null) return { promptCount: prompts.length, cost: 0, spentBefore: 0 };
    const recordKey = { ...key, phase: `${key.phase}/admission` };
    const admitted = await this.durable<Admitted>(recordKey, digestOfJson(prompts), async () => {
      const decided = await this.decide(prompts, key.iteration);
      return decided.closedBy ? this.closing(decided, key.iteration) : decided;
    });
    this.reserved = admitted.spentBefore + admitted.cost;
    this.closedBy ??= admitted.closedBy;
    return admitted;
  }

  private limitReached(iteration: number): ClosingReason | undefined {
    const { samplesPerPrompt } = this.options;
    const wasSpent = this.closedBy === 'budget' && this.left(iteration) < samplesPerPrompt;
    const closedBy = this.time.isOver ? 'time' : wasSpent ? 'budget' : undefined;
    return closedBy && this.closing({ closedBy }, iteration).closedBy;
  }

  private async decide(prompts: AdmissionRequest['prompts'], iteration: number): Promise<Admitted> {
    const spentBefore = Math.max(this.reserved, this.spent);
    if (this.time.isOver) return { promptCount: 0, cost: 0, spentBefore, closedBy: 'time' };
    const held = await this.options.ledger.scores(prompts.flat());
    let next = 0;
    const prices = prompts.map((texts) => texts.filter(() => held[next++] === undefined).length);
    const { promptCount, cost, isExhausted } = admit(prices, this.left(iteration, spentBefore));
    return { promptCount, cost, spentBefore, ...(isExhausted && { closedBy: 'budget' }) };
  }

  private left(iteration: number, spent: number = this.spent): number {
    const { limit = Infinity, budget, evaluationCost } = this.options;
    return limit - (budget.count_evaluation ? evaluationCost(iteration) : 0) - spent;
  }

  /** @throws BudgetSpentError where the budget says to stop at its limit */
  private closing<D extends { readonly closedBy?: ClosingReason }>(decision: D, iteration: number): D {
    const { budget, limit } = this.options;
    if (budget.on_limit === 'stop')
      throw new BudgetSpentError(decision.closedBy, { spent: this.spent, limit, iteration });
    return decision;
  }

  /** A decision as the journal has it, or as it is made and written down now. */
  private async durable<D>(key: UnitKey, requestDigest: Digest, decide: () => Promise<D>): Promise<D> {
    const { journal } = this.options;
    const held = await journal.result(key, requestDigest);
    if (held) return JSON.parse(Buffer.from(held).toString('utf8')) as D;
    const decision = await decide();
    const result = Buffer.from(JSON.stringify(decision));
    await journal.commit({ units: [{ key, requestDigest, result, elapsedMs: 0 }], counters: this.time.take() });
    return decision;
  }
}
