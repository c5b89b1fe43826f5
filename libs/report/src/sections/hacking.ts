/** @file Whether the reward was had honestly: diversity, length, ending, distance, and the one word that pays. */
import { rewardKlChart } from '../charts/reward-charts.js';
import { fixed, percent, stageName } from '../markup/format.js';
import { html, type HtmlValue, type Markup } from '../markup/html.js';
import type { EvaluationSnapshot, ReportData } from '../report-data.js';
import { TOP_WORD_SHARE_ALARM, type ReportSummary } from '../summary.js';
import { absent, figureBeside, section, table } from './figure.js';

export function hacking(data: ReportData, { after }: ReportSummary): Markup {
  return section({
    id: 'hacking',
    title: 'Signs of reward hacking',
    lead: html`A reward can be had by praise words, by repetition, or by never ending. Read the rows from top to bottom:
    distinct n-grams should not fall, length and ending should hold, NLL under SFT should not soar, and no single word
    should stand in more than ${percent(TOP_WORD_SHARE_ALARM)} of the responses.`,
    body: data.evaluations.length === 0 ? absent('No evaluation was made.') : panel(data, after !== undefined),
  });
}

function panel(data: ReportData, comparable: boolean): Markup {
  return html`${table({
      label: 'Signs of reward hacking by stage',
      head: [
        'Stage',
        'distinct-1',
        'distinct-2',
        'distinct-3',
        'tokens',
        'ends',
        'KL to SFT',
        'NLL under SFT',
        'top word',
      ],
      rows: data.evaluations.map((snapshot) => [
        stageName(snapshot.stage),
        ...snapshot.distinct.map((share) => fixed(share)),
        fixed(snapshot.meanTokenCount, 1),
        percent(snapshot.endTokenRate),
        fixed(snapshot.klToSft),
        fixed(snapshot.nllUnderSft),
        topWord(snapshot),
      ]),
    })}
    <p class="note">
      distinct-n: different n-grams over all n-grams of all responses. ends: share of responses that closed with the end
      token. KL: mean of log π(y|x) − log π<sub>SFT</sub>(y|x) over the policy’s own samples, nats per response. NLL:
      nats per token under SFT. top word: the word, of those that raise the training reward, found in most responses.
    </p>
    ${
      comparable &&
      figureBeside(
        'Reward against distance',
        rewardKlChart(data),
        html`Reward is bought with KL. Compare runs at equal KL or equal annotations, not at equal steps.`,
      )
    }`;
}

function topWord({ topWord: top }: EvaluationSnapshot): HtmlValue {
  if (top === null) return '–';
  const share = `${top.word} · ${percent(top.share)}`;
  return top.share > TOP_WORD_SHARE_ALARM ? html`<strong class="alarm">⚠ ${share}</strong>` : share;
}
