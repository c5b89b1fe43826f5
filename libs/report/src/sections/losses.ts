/** @file Which of the prompts that the gate chose were lost, why, and whether they differ from those that were kept. */
import { lossChart } from '../charts/loss-chart.js';
import type { GateEvent, KeptAndLost, LossReport } from '../losses-data.js';
import { count, fixed, percent } from '../markup/format.js';
import { html, type HtmlValue, type Markup } from '../markup/html.js';
import type { ReportData } from '../report-data.js';
import { compareLosses } from '../statistics/loss-comparison.js';
import { columns, figure, section, table } from './figure.js';

/** Sources that are drawn, the largest first; the rest is taken together. */
const SOURCES_SHOWN = 12;

export function losses({ losses: data, gateEvents = [] }: ReportData): Markup | undefined {
  if (!data || (data.lostCount === 0 && data.backfilledCount === 0 && gateEvents.length === 0)) return undefined;
  return section({
    id: 'losses',
    title: 'Lost prompts',
    lead: html`Of the <strong>${count(data.chosenCount)}</strong> prompts that the gate chose,
      <strong>${count(data.lostCount)}</strong> (${percent(data.lostCount / data.chosenCount)}) got no annotations that
      a pair could be made of. No score was made up for them: ${count(data.offlineCount)} were trained on with their
      offline pair under w = 1.
      ${
        data.backfilledCount > 0 &&
        html`${count(data.backfilledCount)} more were missing at first and annotated later in their iteration.`
      }`,
    body: html`${gateEvents.length > 0 && events(gateEvents)} ${data.lostCount > 0 && audit(data)}`,
  });
}

function events(gateEvents: readonly GateEvent[]): Markup {
  return table({
    label: 'Closings of the gate',
    head: ['Gate', 'iteration', 'before annotation unit', 'because of'],
    rows: gateEvents.map(({ kind, iteration, unit, reason }) => [
      kind,
      String(iteration + 1),
      String(unit),
      kind === 'closed' ? CLOSED_BY[reason] : REOPENED_BY[reason],
    ]),
  });
}

type Words = { readonly [Reason in GateEvent['reason']]: string };

const CLOSED_BY: Words = {
  budget: 'the budget of annotations',
  time: 'the budget of time',
  annotator: 'an annotator that did not answer',
};

const REOPENED_BY: Words = {
  budget: 'annotations that were set aside and not bought',
  time: 'a larger budget of time',
  annotator: 'the annotator, which answered again',
};

function audit({ reasons, byPromptLength, bySource }: LossReport): Markup {
  const shown = largest(bySource);
  return html`${table({
    label: 'Lost prompts by reason',
    head: ['Reason', 'prompts'],
    rows: reasons.map(({ reason, rowCount }) => [html`<code>${reason}</code>`, count(rowCount)]),
  })}
  ${columns(
    figure('Lost by length of the prompt, in characters', lossChart('length of the prompt', byPromptLength), [
      verdict(byPromptLength, 'length'),
    ]),
    shown.length > 0 && figure('Lost by source', lossChart('source', shown), [verdict(bySource, 'source')]),
  )}`;
}

/** What the comparison says, in words. */
function verdict(groups: readonly KeptAndLost[], what: string): HtmlValue {
  const comparison = compareLosses(groups);
  if (!comparison) return `Too few rows to say whether lost prompts differ by ${what}. Dashed: the share of all.`;
  const { chiSquare, degreesOfFreedom, differs } = comparison;
  const figures = `χ²(${degreesOfFreedom}) = ${fixed(chiSquare, 1)}`;
  return differs
    ? html`<span class="alarm">⚠ Lost prompts differ by ${what}</span> from those that were kept, more than chance
        explains (${figures}): what this run learned is biased towards the kept ones. Dashed: the share of all.`
    : `No more difference by ${what} than chance explains (${figures}). Dashed: the share of all.`;
}

function largest(groups: readonly KeptAndLost[]): readonly KeptAndLost[] {
  if (groups.length <= SOURCES_SHOWN) return groups;
  const sorted = groups.toSorted((a, b) => b.keptCount + b.lostCount - (a.keptCount + a.lostCount));
  const rest = sorted.slice(SOURCES_SHOWN - 1);
  const sum = (pick: (group: KeptAndLost) => number) => rest.reduce((total, group) => total + pick(group), 0);
  const others = {
    group: `${rest.length} others`,
    keptCount: sum(({ keptCount }) => keptCount),
    lostCount: sum(({ lostCount }) => lostCount),
  };
  return [...sorted.slice(0, SOURCES_SHOWN - 1), others];
}
