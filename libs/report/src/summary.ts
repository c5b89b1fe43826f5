/**
 * @file What a report says in figures: before and after for every judge, annotations, and what deserves suspicion. The
 * page and the terminal take the same figures from here.
 */
import { Rng } from '#core';
import type { EvaluationSnapshot, ReportData } from './report-data.js';
import { count, stageName } from './markup/format.js';
import { PROMPT_COUNT_MIN, mean, pairedBootstrap, type PairedDifference } from './statistics/bootstrap.js';
import { compareLosses } from './statistics/loss-comparison.js';

/** Share of responses holding one praise word, above which a policy is suspected of reward hacking (measured: demo). */
export const TOP_WORD_SHARE_ALARM = 0.2;

/** KL to SFT in nats per response beyond which the demo's policies fell apart (measured). */
export const KL_ALARM = 5;

/** Names of all judges: the training reward first, then the held-out ones, then whatever else judged. */
export function judgeNames(data: ReportData): readonly string[] {
  const seen = data.evaluations.flatMap((evaluation) => evaluation.judged.map(({ judge }) => judge));
  const named = [data.trainingReward, ...data.judges].filter((judge) => seen.includes(judge));
  return [...new Set([...named, ...seen])];
}

/** The snapshot that a comparison starts from: SFT, or the first one there is. */
export function beforeOf(data: ReportData): EvaluationSnapshot | undefined {
  return data.evaluations.find(({ stage }) => stage === 'sft') ?? data.evaluations[0];
}

/** The last snapshot, when it is not the first one as well. */
export function afterOf(data: ReportData): EvaluationSnapshot | undefined {
  return data.evaluations.length > 1 ? data.evaluations.at(-1) : undefined;
}

/** Scores of a judge in a snapshot; empty when it did not judge there. */
export function scoresOf(snapshot: EvaluationSnapshot, judge: string): readonly (number | null)[] {
  return snapshot.judged.find((judged) => judged.judge === judge)?.scores ?? [];
}

/** Digest of the model that judged under a name; empty where the report does not tell. */
export function modelOf(snapshot: EvaluationSnapshot, judge: string): string {
  return snapshot.judged.find((judged) => judged.judge === judge)?.weightsDigest ?? '';
}

/** Judges under whose name different models gave scores, so that not all stages can be compared. */
export function mixedJudges(data: ReportData): readonly string[] {
  return judgeNames(data).filter((judge) => {
    const models = data.evaluations.map((snapshot) => modelOf(snapshot, judge)).filter((model) => model !== '');
    return new Set(models).size > 1;
  });
}

/** Mean score of a judge in a snapshot, over the prompts it scored; NaN when there are none. */
export function meanScore(snapshot: EvaluationSnapshot, judge: string): number {
  return mean(scoresOf(snapshot, judge).filter((score) => score !== null));
}

/** Difference of a stage to the stage before training, with its interval. */
export interface StageDifference extends PairedDifference {
  readonly judge: string;
  readonly stage: string;
}

/**
 * Differences of every later stage to the first one, judge by judge, where the same model judged both; the draws are a
 * function of the run's seed.
 */
export function stageDifferences(data: ReportData): readonly StageDifference[] {
  const before = beforeOf(data);
  if (before === undefined) return [];
  return judgeNames(data).flatMap((judge) => {
    const baseline = scoresOf(before, judge);
    return data.evaluations.flatMap((snapshot) => {
      const scores = scoresOf(snapshot, judge);
      if (snapshot === before || scores.length !== baseline.length) return [];
      if (modelOf(snapshot, judge) !== modelOf(before, judge)) return [];
      const rng = new Rng('report bootstrap', data.seed, judge, snapshot.stage);
      const difference = pairedBootstrap(baseline, scores, { rng });
      return difference === undefined ? [] : [{ ...difference, judge, stage: snapshot.stage }];
    });
  });
}

/** Everything that the top of a report and the end of a run in the terminal say. */
export interface ReportSummary {
  readonly before: EvaluationSnapshot | undefined;
  readonly after: EvaluationSnapshot | undefined;
  readonly judges: readonly string[];
  readonly differences: readonly StageDifference[];
  /** The training reward, before against after. */
  readonly headline: StageDifference | undefined;
  /** Share of the annotations that sampling every prompt would have cost; NaN when there was nothing to annotate. */
  readonly annotationShare: number;
  /** What a reader should not overlook, in sentences. */
  readonly warnings: readonly string[];
}

export function summarize(data: ReportData): ReportSummary {
  const before = beforeOf(data);
  const after = afterOf(data);
  const differences = stageDifferences(data);
  const final = differences.filter(({ stage }) => stage === after?.stage);
  return {
    before,
    after,
    judges: judgeNames(data),
    differences,
    headline: final.find(({ judge }) => judge === data.trainingReward),
    annotationShare: data.annotations.total > 0 ? data.annotations.used / data.annotations.total : Number.NaN,
    warnings: [
      ...stateWarnings(data),
      ...lossWarnings(data),
      ...swapWarnings(data),
      ...comparisonWarnings(final),
      ...(after ? hackingWarnings(after) : []),
    ],
  };
}

function stateWarnings(data: ReportData): readonly string[] {
  switch (data.state) {
    case 'succeeded':
      return [];
    case 'running':
      return ['The run goes on: these are the figures so far.'];
    case 'cancelled':
      return ['The run was stopped before its end and can be started again; these are the figures so far.'];
    case 'failed':
      return ['The run failed before its end; these are the figures so far.'];
    default:
      return data.state satisfies never;
  }
}

/** What was not annotated, and what was not evaluated. */
function lossWarnings({ losses, evaluations }: ReportData): readonly string[] {
  const unjudged = evaluations.filter(({ judged }) => judged.some(isUnjudged));
  const [reason] = losses?.reasons ?? [];
  return [
    losses &&
      reason &&
      `${count(losses.lostCount)} of the ${count(losses.chosenCount)} prompts that the gate chose were not annotated ` +
        `(most often ${reason.reason}); ${count(losses.offlineCount)} of them were trained on offline alone.`,
    losses &&
      [losses.byPromptLength, losses.bySource].some((groups) => compareLosses(groups)?.differs) &&
      'The prompts that were lost differ from those that were kept, by length or by source: see “Lost prompts”.',
    unjudged.length > 0 &&
      `Without scores of a judge that was down: ${unjudged.map(({ stage }) => stageName(stage)).join(', ')}.`,
  ].filter((warning) => typeof warning === 'string');
}

function swapWarnings(data: ReportData): readonly string[] {
  const moved = (data.rewardModels?.swaps ?? []).flatMap(({ rewardModel, iteration, from, to, promptCount }) => {
    if (promptCount === undefined) return [];
    return [
      `Epoch ${from.epoch} of ${rewardModel} was retired while iteration ${iteration + 1} asked for it: its last ${count(promptCount)} ` +
        `prompts were annotated under epoch ${to.epoch}. Where an iteration is to have one model, keep the epoch before warm ` +
        'until runs have gone past it.',
    ];
  });
  const mixed = mixedJudges(data).map(
    (judge) =>
      `Different models judged under the name ${judge}, since it was swapped while the run went on: means of different ` +
      'models are not compared. With reward_swaps: rescore all stages are judged by the last one.',
  );
  return [...moved, ...mixed];
}

function isUnjudged({ scores }: EvaluationSnapshot['judged'][number]): boolean {
  return scores.length > 0 && scores.every((score) => score === null);
}

function comparisonWarnings(final: readonly StageDifference[]): readonly string[] {
  const unsure = final.filter(({ low, high }) => low <= 0 && high >= 0).map(({ judge }) => judge);
  const worse = final.filter(({ high }) => high < 0).map(({ judge }) => judge);
  const few = final.find(({ pairCount }) => pairCount < PROMPT_COUNT_MIN);
  return [
    unsure.length > 0 && `No clear change by ${unsure.join(', ')}: the 95 % interval holds zero.`,
    worse.length > 0 && `Worse than before by ${worse.join(', ')}: the whole 95 % interval is below zero.`,
    few && `Only ${few.pairCount} prompts were judged; below ${PROMPT_COUNT_MIN} the intervals are rough.`,
  ].filter((warning) => typeof warning === 'string');
}

function hackingWarnings(after: EvaluationSnapshot): readonly string[] {
  const { topWord, klToSft } = after;
  return [
    topWord !== null &&
      topWord.share > TOP_WORD_SHARE_ALARM &&
      `The word “${topWord.word}” stands in ${Math.round(topWord.share * 100)} % of the final responses ` +
        `(alarm above ${TOP_WORD_SHARE_ALARM * 100} %): the reward may be had by that word alone.`,
    klToSft > KL_ALARM &&
      `KL to SFT is ${klToSft.toFixed(1)} nats per response (watch above ${KL_ALARM}): the policy has moved far from ` +
        'the model it started from.',
  ].filter((warning) => typeof warning === 'string');
}
