/**
 * @file Judges earlier evaluations once more, by the models of the last one: before and after are means under one model then,
 * though the reward was swapped in between. The answers are those that were drawn; what the ledger holds costs nothing.
 */
import type { EvaluationSnapshot, JudgedSamples } from '#report';
import type { PolicyRef } from '../ports/policy-port.js';
import type { RewardModel } from '../ports/reward-port.js';
import type { RunContext } from '../run/run-context.js';
import { evaluatedAnswers } from './evaluate.js';
import { judged } from './judge.js';

const PHASE = 'evaluate-again';

interface Outdated {
  readonly index: number;
  readonly snapshot: EvaluationSnapshot;
  /** Models that judge it now, and that did not then. */
  readonly models: readonly RewardModel[];
}

/** Replaces in place what other models had judged; what they said is kept beside it. */
export async function rescoreEvaluations(context: RunContext, evaluations: EvaluationSnapshot[]): Promise<void> {
  const { config, heldOut, rewards, phases, journal } = context;
  const outdated = outdatedOf(evaluations, [rewards.training, ...rewards.judges]);
  if (outdated.length === 0) return;
  const name = { phase: PHASE, iteration: config.algorithm.iterations - 1 };
  const drawn = outdated.length * Math.ceil(heldOut.length / config.units.generate_items);
  const perModel = Math.ceil(heldOut.length / config.units.annotate_items);
  const count = drawn + perModel * outdated.reduce((sum, { models }) => sum + models.length, 0);
  const countDone = drawn + (await journal.unitCountBelow(`${PHASE}/`));
  await phases.trackParts(name, { count, countDone }, async () => {
    for (const { index, snapshot, models } of outdated) {
      const { stage, adapterDigest } = snapshot;
      const again = await judged(context, {
        answers: await evaluatedAnswers(context, stage, adapterDigest as PolicyRef),
        models,
        phaseOf: (model) => `${PHASE}/annotate-${stage}-${model.name}`,
        isRescore: true,
      });
      evaluations[index] = withJudged(snapshot, again);
    }
    return { value: undefined, figures: { evaluations: outdated.length } };
  });
}

function outdatedOf(evaluations: readonly EvaluationSnapshot[], last: readonly RewardModel[]): Outdated[] {
  return evaluations.flatMap((snapshot, index) => {
    const models = last.filter(({ name, weightsDigest }) => {
      const then = snapshot.judged.find(({ judge }) => judge === name);
      return then !== undefined && then.weightsDigest !== weightsDigest;
    });
    return models.length === 0 ? [] : [{ index, snapshot, models }];
  });
}

function withJudged(snapshot: EvaluationSnapshot, again: readonly JudgedSamples[]): EvaluationSnapshot {
  const byJudge = new Map(again.map((samples) => [samples.judge, samples]));
  return {
    ...snapshot,
    judged: snapshot.judged.map((then) => byJudge.get(then.judge) ?? then),
    judgedThen: snapshot.judged.filter(({ judge }) => byJudge.has(judge)),
  };
}
