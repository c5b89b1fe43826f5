/** @file Which models gave the scores, when they were swapped, and what was judged again. */
import { count, fixed, stageName } from '../markup/format.js';
import { html, type Markup } from '../markup/html.js';
import type { ReportData } from '../report-data.js';
import type { RewardModelsReport } from '../reward-models-data.js';
import { mean } from '../statistics/bootstrap.js';
import { section, table } from './figure.js';

/** Digits of a digest that tell two models apart for people; the whole ones are under “What exactly ran”. */
const DIGEST_DIGITS = 12;

/** Nothing where one epoch gave every score of a name. */
export function rewardModels(data: ReportData): Markup {
  const models = data.rewardModels;
  if (!models || (models.swaps.length === 0 && !hasSeveralEpochs(models))) return html``;
  return section({
    id: 'reward-models',
    title: 'Reward models',
    lead: html`A pair is never made of two models' scores. An iteration is annotated by the model that was in force when
      it began (policy <code>${models.policy}</code>); what nobody answered for any more went to the next one, prompt by
      prompt. Equal digests are the same model, under whatever epoch.`,
    body: html`${epochs(models)} ${models.swaps.length > 0 && swaps(models, data)} ${judgedAgain(data, models)}`,
  });
}

function hasSeveralEpochs({ epochs: all }: RewardModelsReport): boolean {
  return new Set(all.map(({ rewardModel }) => rewardModel)).size < all.length;
}

function epochs({ epochs: all }: RewardModelsReport): Markup {
  return table({
    label: 'Annotations by epoch',
    head: ['Reward model', 'epoch', 'model', 'paid', 'found', 'paid for evaluation', 'found for evaluation'],
    rows: all.map(({ rewardModel, epoch, weightsDigest, training, evaluation }) => [
      rewardModel,
      String(epoch),
      digest(weightsDigest),
      count(training.paid),
      count(training.found),
      count(evaluation.paid),
      count(evaluation.found),
    ]),
  });
}

function swaps({ swaps: all }: RewardModelsReport, { iterations }: ReportData): Markup {
  return table({
    label: 'Swaps',
    head: ['Swap of', 'first asked in', 'at', 'from', 'to'],
    rows: all.map(({ rewardModel, iteration, time, from, to, promptCount }) => [
      rewardModel,
      iteration < iterations.length ? iterationName(iteration, promptCount) : 'the last evaluation',
      time,
      html`epoch ${from.epoch}, ${digest(from.weightsDigest)}`,
      html`epoch ${to.epoch}, ${digest(to.weightsDigest)}`,
    ]),
  });
}

function iterationName(iteration: number, promptCount: number | undefined): string {
  const name = `iteration ${iteration + 1}`;
  return promptCount === undefined ? name : `${name}, for the ${count(promptCount)} prompts left`;
}

function judgedAgain({ evaluations }: ReportData, { rescoredCount }: RewardModelsReport): Markup | false {
  const rows = evaluations.flatMap(({ stage, judged, judgedThen = [] }) =>
    judgedThen.map((then) => {
      const now = judged.find(({ judge }) => judge === then.judge);
      return [
        `${stageName(stage)}, ${then.judge}`,
        html`${figure(then.scores)} <small>epoch ${then.epoch ?? '–'}</small>`,
        html`${figure(now?.scores ?? [])} <small>epoch ${now?.epoch ?? '–'}</small>`,
      ];
    }),
  );
  if (rows.length === 0) return false;
  return html`${table({ label: 'Judged again', head: ['Judged again', 'mean then', 'mean now'], rows })}
    <p class="note">
      ${count(rescoredCount)} answers that another model had scored before were scored again. Before and after are
      compared under the last model alone.
    </p> `;
}

function figure(scores: readonly (number | null)[]): string {
  return fixed(mean(scores.filter((score) => score !== null)), 3);
}

function digest(weightsDigest: string): Markup {
  const hex = weightsDigest.slice(weightsDigest.indexOf(':') + 1);
  return html`<code>${hex.slice(0, DIGEST_DIGITS)}</code>`;
}
