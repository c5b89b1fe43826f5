/** @file What the run might spend, what it expected to, and what it did; part of the section on annotations. */
import type { SpendingReport } from '../losses-data.js';
import { count, duration, money } from '../markup/format.js';
import { html, type HtmlValue, type Markup } from '../markup/html.js';
import { table } from './figure.js';

export function spending(data: SpendingReport): Markup {
  const { limit, secondsLimit, price } = data;
  return html`${(limit !== null || secondsLimit !== null || price !== null) && html`<p>${sentences(data)}</p> `}
  ${data.forecasts.length > 0 && forecasts(data)}`;
}

function sentences({ limit, secondsLimit, spent, onLimit, countsEvaluation, price }: SpendingReport): HtmlValue {
  return [
    limit !== null &&
      html`Budget: <strong>${count(spent)}</strong> of ${count(limit)}
        annotations${countsEvaluation ? ', evaluation included' : ''}; at the limit
        ${onLimit === 'stop' ? 'the run stops' : 'the gate closes'}. `,
    secondsLimit !== null && html`No annotation is bought after ${duration(1000 * secondsLimit)} of work. `,
    price !== null &&
      html`At ${money(price.perAnnotation, price.currency)} each, they cost
        <strong>${money(spent * price.perAnnotation, price.currency)}</strong>. `,
  ];
}

function forecasts({ forecasts: made, price }: SpendingReport): Markup {
  const cost = (annotations: number) => (price ? [money(annotations * price.perAnnotation, price.currency)] : []);
  return html`${table({
      label: 'Forecasts',
      head: ['Forecast in iteration', 'annotations at the end', 'without a budget', ...(price ? ['cost'] : [])],
      rows: made.map(({ iteration, annotations, annotationsUncapped }) => [
        String(iteration + 1),
        count(annotations),
        count(annotationsUncapped),
        ...cost(annotations),
      ]),
    })}
    <p class="note">
      Each forecast was made when the iteration's gate had chosen its prompts: what was spent, and for every prompt to
      come what a prompt had cost so far, later iterations taken to choose the same share as those before. Before the
      first annotation a prompt counts with all its samples.
    </p> `;
}
