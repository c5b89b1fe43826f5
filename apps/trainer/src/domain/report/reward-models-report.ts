/** @file What the report says of the models behind the rewards' names. */
import type { EpochAnnotations, RewardEpochReport, RewardModelsReport, RewardSwapReport } from '#report';
import type { RewardModel } from '../ports/reward-port.js';
import { RESCORED, epochCounts, type EpochCount } from '../rewards/epoch-counts.js';
import type { RewardEpochs, TakenUp } from '../rewards/reward-epochs.js';
import type { JournalTotals } from '../storage/journal-totals.js';
import type { Purpose } from '../storage/ledger.js';

export function rewardModelsReport({ policy, history }: RewardEpochs, totals: JournalTotals): RewardModelsReport {
  return {
    policy,
    epochs: epochsOf(
      history.flatMap(({ models }) => models),
      epochCounts(totals),
    ),
    swaps: swapsOf(history),
    rescoredCount: totals.counter(RESCORED),
  };
}

/** Epochs that were asked for, and those that scores of the ledger are of. */
function epochsOf(asked: readonly RewardModel[], counts: readonly EpochCount[]): RewardEpochReport[] {
  const all = Map.groupBy([...asked, ...counts], ({ name, epoch, weightsDigest }) => {
    return JSON.stringify([name, epoch, weightsDigest]);
  });
  return [...all.values()]
    .map(([first]) => first!)
    .toSorted((a, b) => (a.name === b.name ? Number(a.epoch) - Number(b.epoch) : a.name < b.name ? -1 : 1))
    .map((model) => ({
      rewardModel: model.name,
      epoch: Number(model.epoch),
      weightsDigest: model.weightsDigest,
      training: annotationsOf(model, 'training', counts),
      evaluation: annotationsOf(model, 'evaluation', counts),
    }));
}

function annotationsOf(model: RewardModel, purpose: Purpose, counts: readonly EpochCount[]): EpochAnnotations {
  const { paid = 0, found = 0 } =
    counts.find(
      (count) =>
        count.name === model.name &&
        count.epoch === model.epoch &&
        count.weightsDigest === model.weightsDigest &&
        count.purpose === purpose,
    ) ?? {};
  return { paid, found };
}

/** Where another model came into force under a name; the same one under another epoch is no swap. */
function swapsOf(history: readonly TakenUp[]): RewardSwapReport[] {
  return history.slice(1).flatMap(({ iteration, models, timeMs, promptCount }, index) => {
    const before = history[index]!.models;
    return models.flatMap((to, place): RewardSwapReport[] => {
      const from = before[place]!;
      if (from.weightsDigest === to.weightsDigest) return [];
      const time = new Date(timeMs).toISOString();
      const swap = { rewardModel: to.name, iteration, time, from: epochOf(from), to: epochOf(to) };
      // Judges are asked after the iteration.
      return [promptCount === undefined || place > 0 ? swap : { ...swap, promptCount }];
    });
  });
}

function epochOf({ epoch, weightsDigest }: RewardModel): { readonly epoch: number; readonly weightsDigest: string } {
  return { epoch: Number(epoch), weightsDigest };
}
