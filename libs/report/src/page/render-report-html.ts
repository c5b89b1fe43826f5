/** @file The page of a run's report, section by section. */
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
import { htmlPage } from './html-page.js';

/** Renders the page. The same data gives the same bytes. */
export function renderReportHtml(data: ReportData): string {
  const summary = summarize(data);
  return htmlPage({
    title: `${data.name} · metaapo run report`,
    serviceVersion: data.serviceVersion,
    sections: html`${overview(data, summary)} ${rewards(data, summary)} ${hacking(data, summary)} ${annotations(data)}
    ${losses(data)} ${rewardModels(data)} ${gate(data)} ${samples(data)} ${timings(data)} ${replicas(data)}
    ${provenance(data)}`,
    closing: html`One run with one seed: it shows what happened here, and by itself says nothing about whether this gate
    beats another one. Compare runs with several seeds at equal annotations or equal KL.`,
  });
}
