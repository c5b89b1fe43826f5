/** @file The passes that an iteration has made over its prompts, with the model of each, read back from the journal. */
import type { RunConfig } from '#run-config';
import type { RewardModel } from '../ports/reward-port.js';
import type { Journal } from '../storage/journal.js';
import { AnnotationPasses, FIRST_PASS, againPhase, firstPhase, movedPhase } from './annotation-passes.js';
import { decisionsInForce } from './decisions-in-force.js';

export interface TakenPass {
  readonly kind: 'first' | 'again' | 'move';
  /** Of its units. */
  readonly phase: string;
  /** Undefined in the journal of a version before epochs. */
  readonly model: (RewardModel & { readonly timeMs: number }) | undefined;
}

/** In order, the first one always. */
export async function takenPasses(
  journal: Journal,
  config: Pick<RunConfig, 'reward' | 'evaluation'>,
  iteration: number,
): Promise<readonly [TakenPass, ...TakenPass[]]> {
  const { first, inForce } = await decisionsInForce(journal, config, iteration);
  const begunWith = first?.models ?? [];
  let model = inForce && { ...inForce.models[0]!, timeMs: inForce.timeMs };
  const again = (): TakenPass => ({ kind: 'again', phase: model ? againPhase(model, begunWith) : 'backfill', model });
  const taken: [TakenPass, ...TakenPass[]] = [
    { kind: 'first', phase: model ? firstPhase(model, begunWith) : 'annotate', model },
  ];
  const passes = new AnnotationPasses(journal, [config.reward, ...config.evaluation.judges]);
  for (let number = FIRST_PASS + 1; ; number++) {
    const next = await passes.of(iteration, number);
    if (next?.kind === 'move') {
      model = { ...next.models[0]!, timeMs: next.timeMs };
      taken.push({ kind: 'move', phase: movedPhase(number, model, begunWith), model });
    } else if (next?.kind === 'again') taken.push(again());
    else break;
  }
  // Versions before moves asked again without a decision.
  if (taken.length === 1) taken.push(again());
  return taken;
}
