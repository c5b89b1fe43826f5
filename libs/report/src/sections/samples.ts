/** @file The same prompts before and after, side by side; sampled and greedy text. */
import { stageName } from '../markup/format.js';
import { html, type Markup } from '../markup/html.js';
import type { EvaluationSnapshot, ReportData } from '../report-data.js';
import { beforeOf } from '../summary.js';
import { absent, section } from './figure.js';

export function samples(data: ReportData): Markup {
  const before = beforeOf(data);
  const after = data.evaluations.at(-1);
  return section({
    id: 'samples',
    title: 'Samples',
    lead: html`Chosen before training, not picked afterwards. Judge by the sampled text: greedy text of small models
    repeats itself long before sampled text does, even without any alignment.`,
    body:
      before === undefined || after === undefined || before.examples.length === 0
        ? absent('No samples were kept.')
        : before.examples.map((_, i) => example(i, before === after ? [before] : [before, after])),
  });
}

function example(index: number, snapshots: readonly EvaluationSnapshot[]): Markup {
  const prompt = snapshots[0]?.examples[index]?.prompt ?? '';
  return html`<article class="sample">
    <p class="prompt">${prompt}</p>
    <div class="sides">
      ${snapshots.map((snapshot) => {
        const shown = snapshot.examples[index];
        return html`<div>
          <h3>${stageName(snapshot.stage)}</h3>
          <p><span>sampled</span>${shown?.sampled ?? '–'}</p>
          <p class="greedy"><span>greedy</span>${shown?.greedy ?? '–'}</p>
        </div> `;
      })}
    </div>
  </article> `;
}
