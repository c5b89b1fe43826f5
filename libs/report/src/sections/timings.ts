/** @file Latency of each phase's units. */
import { latencyChart } from '../charts/latency-chart.js';
import { count, duration } from '../markup/format.js';
import { html, type Markup } from '../markup/html.js';
import type { ReportData } from '../report-data.js';
import { absent, columns, figure, section, table } from './figure.js';

export function timings({ phases }: ReportData): Markup {
  return section({
    id: 'latency',
    title: 'Latency per phase',
    lead: html`A unit is one request that the trainer made of a service and wrote to its journal. Wall time counts each
    phase over all iterations; units of a phase may overlap.`,
    body:
      phases.length === 0
        ? absent('No unit was timed.')
        : columns(
            figure(
              'Latency of units',
              latencyChart(phases),
              html`Dot: median. Thick bar: to the 95th percentile. Tick: the slowest unit. Logarithmic axis.`,
            ),
            table({
              label: 'Latency by phase',
              head: ['Phase', 'units', 'p50', 'p95', 'max', 'wall'],
              rows: phases.map((phase) => [
                phase.phase,
                count(phase.unitCount),
                duration(phase.p50Ms),
                duration(phase.p95Ms),
                duration(phase.maxMs),
                duration(phase.wallMs),
              ]),
            }),
          ),
  });
}
