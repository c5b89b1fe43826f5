/**
 * @file Which reward models a run is held to, and since when, in the journal. A decision is durable before anything is asked
 * for under it, so a process that was killed in between goes on with the same models.
 */
import { digestOfJson, type Digest } from '#core';
import type { RewardModel } from '../ports/reward-port.js';
import type { Journal, UnitKey } from '../storage/journal.js';

/** What the units of an iteration, and the evaluations after it, ask for. */
export interface EpochDecision {
  /** The training reward first, then the judges. */
  readonly models: readonly RewardModel[];
  /** When it was made. */
  readonly timeMs: number;
}

/** The phase that decisions are filed under; a later one of the same iteration has the next number. */
export const EPOCHS_PHASE = 'rewards/epochs';
/** The iteration that the decision at the start of the run is filed under. */
export const START = -1;

type DecisionJournal = Pick<Journal, 'commit' | 'result' | 'unitCount'>;

export class EpochDecisions {
  /** Guards against another set of models: the journal names the same ones always. */
  private readonly requestDigest: Digest;

  constructor(
    private readonly journal: DecisionJournal,
    names: readonly string[],
  ) {
    this.requestDigest = digestOfJson(names);
  }

  /** The last decision of an iteration. */
  async of(iteration: number): Promise<EpochDecision | undefined> {
    const count = await this.journal.unitCount(iteration, EPOCHS_PHASE);
    if (count === 0) return undefined;
    const bytes = await this.journal.result(this.key(iteration, count - 1), this.requestDigest);
    return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as EpochDecision);
  }

  async add(iteration: number, decision: EpochDecision): Promise<void> {
    const count = await this.journal.unitCount(iteration, EPOCHS_PHASE);
    const result = Buffer.from(JSON.stringify(decision));
    const entry = { key: this.key(iteration, count), requestDigest: this.requestDigest, result, elapsedMs: 0 };
    await this.journal.commit({ units: [entry] });
  }

  private key(iteration: number, unit: number): UnitKey {
    return { iteration, phase: EPOCHS_PHASE, unit };
  }
}
