/** @file What exactly ran: the resolved configuration and every digest. */
import { stageName } from '../markup/format.js';
import { html, type Markup } from '../markup/html.js';
import type { ReportData } from '../report-data.js';
import { section, table } from './figure.js';

export function provenance(data: ReportData): Markup {
  const digests = [
    ...Object.entries(data.digests).map(([name, digest]) => [name.replaceAll(/[_.]/g, ' '), digest] as const),
    ...data.evaluations.map(({ stage, adapterDigest }) => [`adapter at ${stageName(stage)}`, adapterDigest] as const),
  ];
  return section({
    id: 'provenance',
    title: 'What exactly ran',
    lead: html`Equal digests mean equal bytes. The same configuration, seed and digests give the same adapter on the
    same kind of machine, at any concurrency.`,
    body: html`<div class="digests">
        ${table({
          label: 'Digests',
          head: ['What', 'Digest'],
          rows: digests.map(([name, digest]) => [
            name,
            html`<code>${digest === '' ? 'base model, no adapter' : digest}</code>`,
          ]),
        })}
      </div>
      <details open>
        <summary>Resolved configuration</summary>
        <pre tabindex="0"><code>${data.configYaml}</code></pre>
      </details> `,
  });
}
