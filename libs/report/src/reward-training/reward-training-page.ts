/** @file The page of a reward model's training, section by section. */
import { count, duration, fixed, percent, signed } from '../markup/format.js';
import { html, type HtmlValue, type Markup } from '../markup/html.js';
import { htmlPage } from '../page/html-page.js';
import { columns, figure, section, table } from '../sections/figure.js';
import type { Estimate } from '../statistics/calibration.js';
import type { Proportion } from '../statistics/wilson.js';
import { differencesChart, reliabilityChart, trainingLossChart } from './reward-training-charts.js';
import type { RewardTrainingData } from './reward-training-data.js';
import { rewardTrainingFigures, type RewardStage, type RewardTrainingFigures } from './reward-training-figures.js';

export function rewardTrainingPage(data: RewardTrainingData): string {
  const figures = rewardTrainingFigures(data);
  return htmlPage({
    title: `${data.name} · metaapo reward model`,
    serviceVersion: data.serviceVersion,
    sections: html`${overview(data, figures)} ${heldOut(data, figures)} ${training(data)} ${pairs(data)}
    ${provenance(data)}`,
    closing: html`Intervals cover 95 % and speak of the choice of held-out pairs only: another seed of the training is
    not in them.`,
  });
}

function overview(data: RewardTrainingData, { before, after, longerChosen, warnings }: RewardTrainingFigures): Markup {
  const { accuracy } = after;
  return html`<header>
    <p class="eyebrow">metaapo reward model</p>
    <h1>${data.name}</h1>
    <p class="headline">
      Of ${count(accuracy.total)} held-out pairs
      <strong>${percent(accuracy.share)} are ordered as the data has them</strong>
      (95 % interval ${percent(accuracy.low)} to ${percent(accuracy.high)}), after ${count(data.data.counts.trainPairs)}
      pairs in ${duration(data.workMs)}; before training ${percent(before.accuracy.share)}.
    </p>
    <p class="facts">
      ${data.model.architecture} from ${data.model.base} ·
      ${data.model.training === 'lora' ? 'low-rank updates' : 'all weights'}, ${count(data.model.trainedParameterCount)}
      parameters trained · seed ${data.seed}
    </p>
    ${
      warnings.length > 0 &&
      html`<ul class="warnings" aria-label="Warnings">
        ${warnings.map((line) => html`<li>${line}</li>`)}
      </ul> `
    }
    <dl class="tiles">
      ${tile('accuracy', percent(accuracy.share), `${percent(accuracy.low)} to ${percent(accuracy.high)}`)}
      ${tile('log loss', fixed(after.logLoss.value, 3), `before ${fixed(before.logLoss.value, 3)}; a coin 0.693`)}
      ${tile('longer is better', percent(longerChosen.share), 'accuracy of preferring the longer response')}
    </dl>
  </header> `;
}

function tile(name: string, value: HtmlValue, note: HtmlValue): Markup {
  return html`<div>
    <dt>${name}</dt>
    <dd><b>${value}</b><small>${note}</small></dd>
  </div> `;
}

function heldOut(data: RewardTrainingData, figures: RewardTrainingFigures): Markup {
  const { before, after, gain, longerChosen, accuracyAgainstLength } = figures;
  const row = (name: string, of: (stage: RewardStage) => HtmlValue): HtmlValue[] => [name, of(before), of(after)];
  const spread = (value: { readonly mean: number; readonly std: number }): string =>
    `${fixed(value.mean, 3)} ± ${fixed(value.std, 3)}`;
  return section({
    id: 'held-out',
    title: 'Held-out pairs',
    lead: html`Claims are probabilities: a difference of rewards d says that the chosen response is preferred with σ(d).
    ${gain && `The accuracy changed by ${signed(100 * gain.difference, 1)} points (${signed(100 * gain.low, 1)} to ${signed(100 * gain.high, 1)}). `}
    Preferring the longer response gets ${share(longerChosen)}; among pairs whose chosen response is not the longer one
    the model gets ${share(accuracyAgainstLength)}.`,
    body: html`${table({
      label: 'Held-out pairs before and after training',
      head: ['', 'before', 'after'],
      rows: [
        row('accuracy', ({ accuracy }) => share(accuracy)),
        row('log loss', ({ logLoss }) => estimate(logLoss)),
        row('Brier score', ({ brier }) => estimate(brier)),
        row('calibration error (ECE)', ({ calibrationError }) => estimate(calibrationError)),
        row('reward of chosen, mean ± deviation', ({ chosen }) => spread(chosen)),
        row('reward of rejected', ({ rejected }) => spread(rejected)),
        row('difference', ({ difference }) => spread(difference)),
        row('lowest and highest reward', ({ lowest, highest }) => `${fixed(lowest, 3)} to ${fixed(highest, 3)}`),
        row('ties', ({ tieCount }) => count(tieCount)),
      ],
    })}
    ${columns(
      figure('Differences of rewards', differencesChart(data.heldOut), 'A tick per pair.'),
      figure(
        'Reliability after training',
        reliabilityChart(after.bins),
        'Points on the dashed line are right as often as they claim; below it the model is too sure.',
      ),
    )}`,
  });
}

function training({ steps }: RewardTrainingData): Markup {
  const last = steps.at(-1);
  const tokenCount = steps.reduce((sum, step) => sum + step.tokenCount, 0);
  return section({
    id: 'training',
    title: 'Training',
    lead: html`${count(steps.length)} optimizer steps over ${count(tokenCount)} tokens;
    ${last && `last gradient norm ${fixed(last.gradientNorm, 3)}. `}The dashed line is ln 2, the loss of a model that
    tells nothing apart.`,
    body: figure('Loss', trainingLossChart(steps), 'A point per batch, and their running mean.'),
  });
}

function pairs({ data: { counts, overlap }, model }: RewardTrainingData): Markup {
  return section({
    id: 'pairs',
    title: 'Pairs',
    lead: html`Responses of up to ${count(model.tokensMax)} tokens, prompt and template included; read at the last token
      that is not <code>${model.padToken}</code>.`,
    body: table({
      label: 'Pairs by what became of them',
      head: ['', 'pairs'],
      rows: [
        ['trained on', count(counts.trainPairs)],
        ['of these with a margin', count(counts.withMargin)],
        ['held out', count(counts.heldOutPairs)],
        ['held out, prompt trained on', count(overlap.promptCount)],
        ['left out: bad rows', count(counts.badRows)],
        ['left out: too long', count(counts.tooLong)],
        ['left out: read the same twice', count(counts.same)],
        ['left out: cannot be rendered', count(counts.unusable)],
      ],
    }),
  });
}

function provenance({ digests, configYaml }: RewardTrainingData): Markup {
  return section({
    id: 'provenance',
    title: 'What exactly ran',
    lead: 'Equal digests mean equal bytes. The same configuration and inputs give the same model on the same kind of machine.',
    body: html`<div class="digests">
        ${table({
          label: 'Digests',
          head: ['What', 'Digest'],
          rows: Object.entries(digests).map(([name, digest]) => [name, html`<code>${digest}</code>`]),
        })}
      </div>
      <details open>
        <summary>Resolved configuration</summary>
        <pre tabindex="0"><code>${configYaml}</code></pre>
      </details> `,
  });
}

function share(value: Proportion): string {
  return `${percent(value.share)} (${count(value.count)} of ${count(value.total)}; ${percent(value.low)} to ${percent(value.high)})`;
}

function estimate({ value, low, high }: Estimate): string {
  return `${fixed(value, 3)} (${fixed(low, 3)} to ${fixed(high, 3)})`;
}
