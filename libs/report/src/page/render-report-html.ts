/**
 * @file A run's report as one HTML file that needs nothing else: style and plots are inline, there is no script, and
 * nothing is fetched (the content policy forbids it).
 */
import { html } from '../markup/html.js';
import type { ReportData } from '../report-data.js';
import { annotations } from '../sections/annotations.js';
import { gate } from '../sections/gate.js';
import { hacking } from '../sections/hacking.js';
import { losses } from '../sections/losses.js';
import { overview } from '../sections/overview.js';
import { provenance } from '../sections/provenance.js';
import { replicas } from '../sections/replicas.js';
import { rewardModels } from '../sections/reward-models.js';
import { rewards } from '../sections/rewards.js';
import { samples } from '../sections/samples.js';
import { timings } from '../sections/timings.js';
import { summarize } from '../summary.js';
import { STYLE } from './style.js';

/** Renders the page. The same data gives the same bytes. */
export function renderReportHtml(data: ReportData): string {
  const summary = summarize(data);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="generator" content="metaapo ${data.serviceVersion}" />
        <title>${data.name} · metaapo run report</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>
          ${overview(data, summary)} ${rewards(data, summary)} ${hacking(data, summary)} ${annotations(data)}
          ${losses(data)} ${rewardModels(data)} ${gate(data)} ${samples(data)} ${timings(data)} ${replicas(data)}
          ${provenance(data)}
          <footer>
            <p>
              metaapo ${data.serviceVersion}. One run with one seed: it shows what happened here, and by itself says
              nothing about whether this gate beats another one. Compare runs with several seeds at equal annotations or
              equal KL.
            </p>
          </footer>
        </main>
      </body>
    </html> `.text;
}
