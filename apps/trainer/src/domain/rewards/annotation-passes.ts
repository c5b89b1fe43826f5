/**
 * @file What follows on the first pass over an iteration's prompts, where annotations are missing after it: decided pass by
 * pass, in the journal before anything is asked for, so that a process that was killed goes on with the same prompts under
 * the same models.
 *
 *   again   the models as before: the annotator was down and may be back
 *   move    the models in service: nobody answers for those of the pass before any more
 *   end     what is missing stays missing
 *
 * A prompt is in one pass wholly, so its responses are scored by one model.
 */
import { digestOfJson, type Digest } from '#core';
import type { RewardModel } from '../ports/reward-port.js';
import type { Journal, UnitKey } from '../storage/journal.js';
import type { EpochDecision } from './epoch-decisions.js';
import { modelPhase } from './model-phase.js';

export type NextPass =
  | {
      readonly kind: 'again';
      /** True where a version without moves had asked again: what it left missing stays so. */
      readonly isLast?: true;
    }
  | (EpochDecision & {
      readonly kind: 'move';
      /** Prompts that it is for. */
      readonly promptCount: number;
    })
  | { readonly kind: 'end' };

/** The phase that decisions are filed under, each under the number of its pass. */
export const PASSES_PHASE = 'rewards/passes';
/** The first pass has number 1 and needs no decision. */
export const FIRST_PASS = 1;

type PassJournal = Pick<Journal, 'commit' | 'result' | 'unitCount'>;

export class AnnotationPasses {
  private readonly requestDigest: Digest;

  constructor(
    private readonly journal: PassJournal,
    /** Training reward first, then the judges. */
    names: readonly string[],
  ) {
    this.requestDigest = digestOfJson(names);
  }

  async of(iteration: number, pass: number): Promise<NextPass | undefined> {
    const bytes = await this.journal.result(key(iteration, pass), this.requestDigest);
    return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as NextPass);
  }

  async add(iteration: number, pass: number, next: NextPass): Promise<void> {
    const result = Buffer.from(JSON.stringify(next));
    const entry = { key: key(iteration, pass), requestDigest: this.requestDigest, result, elapsedMs: 0 };
    await this.journal.commit({ units: [entry] });
  }

  /** True where a version that decided nothing here has asked once more already. */
  async hasAskedAgain(iteration: number, training: RewardModel, first: readonly RewardModel[]): Promise<boolean> {
    const phase = againPhase(training, first);
    const traces = [phase, `${phase}/admission`];
    for (const trace of traces) if ((await this.journal.unitCount(iteration, trace)) > 0) return true;
    return false;
  }
}

/** Of the units of the first pass. */
export function firstPhase(training: RewardModel, first: readonly RewardModel[]): string {
  return modelPhase('annotate', training, first);
}

/** Of the units that ask the same model once more. */
export function againPhase(training: RewardModel, first: readonly RewardModel[]): string {
  return modelPhase('backfill', training, first);
}

/** Of the units of a later pass under another model; numbered, since a model may come back. */
export function movedPhase(pass: number, training: RewardModel, first: readonly RewardModel[]): string {
  return modelPhase(`annotate-${pass}`, training, first);
}

function key(iteration: number, pass: number): UnitKey {
  return { iteration, phase: PASSES_PHASE, unit: pass };
}
