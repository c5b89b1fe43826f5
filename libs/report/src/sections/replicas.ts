/** @file What the policy replicas did, and that they computed the same. */
import { count } from '../markup/format.js';
import { html, type Markup } from '../markup/html.js';
import type { ReportData } from '../report-data.js';
import { section, table } from './figure.js';

/** Nothing where one replica did everything. */
export function replicas({ replicas: all = [] }: ReportData): Markup {
  if (all.length < 2) return html``;
  return section({
    id: 'replicas',
    title: 'Policy replicas',
    lead: html`Whoever answers a unit, the bytes are the same. Before its first unit under each policy a replica scores
    a few canary sequences; the difference is the largest of any log-probability from what the first replica gave.`,
    body: table({
      label: 'Policy replicas',
      head: ['Replica', 'at the end', 'units', 'comparisons', 'largest difference (nats)'],
      rows: all.map(({ address, state, unitCount, checkCount, deltaMax }) => [
        address,
        state,
        count(unitCount),
        count(checkCount),
        deltaMax === null ? '–' : String(deltaMax),
      ]),
    }),
  });
}
