/**
 * Goal: the page is complete, safe and the same every time. Method: render data as a demo run leaves it, hostile data, and
 * the least data there can be, and read the HTML.
 */
import { describe, it } from 'node:test';
import { equal, match, ok } from 'node:assert/strict';
import { parseHTML } from 'linkedom';
import { reportFixture } from '../../../../test/support/report-data.js';
import type { ReportData } from '../report-data.js';
import { renderReportHtml } from './render-report-html.js';

const fixture = reportFixture();
const page = renderReportHtml(fixture);
const { document } = parseHTML(page);

/** A page is long: on failure only what was found is told. */
function lacks(html: string, pattern: RegExp): void {
  equal(pattern.exec(html)?.[0], undefined);
}

function holds(html: string, pattern: RegExp): void {
  ok(pattern.test(html), `${pattern} was not found`);
}

const HOSTILE = '<img src=x onerror="alert(1)"></p></script><script>alert(2)</script>&amp;';

function hostile(data: ReportData): ReportData {
  return {
    ...data,
    name: HOSTILE,
    runId: HOSTILE,
    preset: HOSTILE,
    configYaml: HOSTILE,
    digests: { [HOSTILE]: HOSTILE },
    phases: data.phases.map((phase) => ({ ...phase, phase: `${HOSTILE}${phase.phase}` })),
    evaluations: data.evaluations.map((snapshot) => ({
      ...snapshot,
      stage: `${snapshot.stage}${HOSTILE}`,
      topWord: { word: HOSTILE, share: 0.9 },
      judged: snapshot.judged.map(({ judge, scores }) => ({ judge: `${judge}${HOSTILE}`, scores })),
      examples: [{ prompt: HOSTILE, sampled: `\ud800${HOSTILE}`, greedy: `\u0000${HOSTILE}` }],
    })),
  };
}

describe('report page', () => {
  it('is one file that needs no script and fetches nothing', () => {
    lacks(page, /<script|<link|@import|url\(|https?:\/\/(?!www\.w3\.org)|\bsrc=/i);
    holds(page, /default-src 'none'/);
  });

  it('says the result in its first paragraph', () => {
    const text = (document.querySelector('.headline')?.textContent ?? '').replace(/\s+/g, ' ');
    match(text, /On 299 held-out prompts the mean of demo-reward went from 0\.20 to 0\.35/);
    match(text, /95 % interval \+0\.\d\d to \+0\.\d\d/);
    match(text, new RegExp(`${fixture.annotations.used.toLocaleString('en-US')} of the 9,216 annotations`));
  });

  it('has every section, and a chart with a name for each thing to see', () => {
    const ids = [...document.querySelectorAll('section')].map((section) => section.id);
    equal(ids.join(), 'rewards,hacking,annotations,gate,samples,latency,provenance');
    const charts = [...document.querySelectorAll('svg')].map((svg) => svg.parentElement);
    equal(charts.length, 3 + 1 + 1 + 1 + 2 + 1);
    ok(charts.every((chart) => chart?.getAttribute('role') === 'img' && chart.getAttribute('aria-label')));
  });

  it('draws a dot per sampled row in the scatter and in its control, and a tick for every other row', () => {
    const points = fixture.iterations.flatMap(({ gate }) => gate);
    const scored = points.filter(({ ellOn }) => ellOn !== undefined).length;
    const scatters = [...document.querySelectorAll('#gate .columns svg')];
    for (const scatter of scatters) {
      equal(scatter.querySelectorAll('circle').length, scored);
      ok(scatter.querySelectorAll('line').length >= points.length - scored);
    }
    equal(scatters.length, 2);
  });

  it('shows all digests, the configuration and both texts of every example', () => {
    for (const digest of Object.values(fixture.digests)) ok(page.includes(digest));
    equal(document.querySelector('pre code')?.textContent, fixture.configYaml);
    const sampled = [...document.querySelectorAll('.sample .sides p:not(.greedy)')].map((p) => p.textContent);
    equal(sampled.length, 2 * fixture.evaluations[0]!.examples.length);
    ok(sampled[0]?.endsWith(fixture.evaluations[0]!.examples[0]!.sampled));
  });

  it('shows which epochs gave the scores once there were several, and what was judged again', () => {
    const models = { from: { epoch: 1, weightsDigest: 'sha256:aaaa' }, to: { epoch: 2, weightsDigest: 'sha256:bbbb' } };
    const counts = { training: { paid: 70, found: 2 }, evaluation: { paid: 30, found: 0 } };
    const rewardModels = {
      policy: 'rescore' as const,
      epochs: [models.from, models.to].map((model) => ({ rewardModel: 'demo-reward', ...model, ...counts })),
      swaps: [
        { rewardModel: 'demo-reward', iteration: 1, time: '2030-01-02T03:04:05.000Z', ...models },
        { rewardModel: 'demo-reward', iteration: 1, time: '2030-01-02T04:04:05.000Z', promptCount: 14, ...models },
      ],
      rescoredCount: 600,
    };
    const [sft, ...later] = fixture.evaluations;
    const again = { ...sft!, judgedThen: [{ ...sft!.judged[0]!, epoch: 1 }] };
    const html = renderReportHtml({ ...fixture, rewardModels, evaluations: [again, ...later] });
    const text = parseHTML(html).document.querySelector('#reward-models')?.textContent.replace(/\s+/g, ' ') ?? '';
    match(text, /epoch 1, aaaa.*epoch 2, bbbb/);
    match(text, /iteration 22030-01-02T03:04:05.000Z/);
    match(text, /iteration 2, for the 14 prompts left2030-01-02T04:04:05.000Z/);
    match(text, /600 answers that another model had scored before were scored again/);
    const pinned = { ...rewardModels, policy: 'pin' as const, epochs: rewardModels.epochs.slice(0, 1), swaps: [] };
    lacks(renderReportHtml({ ...fixture, rewardModels: pinned }), /id="reward-models"/);
  });

  it('claims no victory over other gates', () => {
    lacks(page, /beats (a|the) random|better than (a |the )?random|outperform/i);
    holds(page, /by itself says\s+nothing\s+about\s+whether\s+this\s+gate\s+beats\s+another\s+one/);
  });

  it('gives the same bytes for the same data', () => {
    equal(renderReportHtml(reportFixture()), page);
  });

  it('lets no text become markup', () => {
    const html = renderReportHtml(hostile(fixture));
    lacks(html, /<script|<img/i);
    equal(parseHTML(html).document.querySelectorAll('section').length, 7);
    ok(html.isWellFormed() && !html.includes('\u0000'));
  });

  it('marks an alarming word', () => {
    holds(renderReportHtml(reportFixture({ topWordShare: 0.34 })), /class="alarm">⚠ peace · 34 %/);
    lacks(page, /class="alarm"/);
  });

  it('says what was lost and why, what closed the gate, and what it cost', () => {
    const html = renderReportHtml(reportFixture({ hasLosses: true }));
    const { document: withLosses } = parseHTML(html);
    const lossSection = withLosses.querySelector('#losses');
    const text = (lossSection?.textContent ?? '').replace(/\s+/g, ' ');
    match(text, /Of the 601 prompts that the gate chose, 168 \(28 %\)/);
    match(text, /31 more were missing at first and annotated later/);
    match(text, /BUDGET_SPENT 141 ANNOTATOR_DOWN 22/);
    match(text, /Lost prompts differ by length from those that were kept/);
    match(text, /No more difference by source than chance explains/);
    equal(lossSection?.querySelectorAll('svg').length, 2);
    const annotations = (withLosses.querySelector('#annotations')?.textContent ?? '').replace(/\s+/g, ' ');
    match(annotations, /Budget: 3,404 of 3,410 annotations; at the limit the gate closes\./);
    match(annotations, /At 0\.0020? EUR each, they cost 6\.81 EUR/);
    lacks(html, /NaN|undefined|Infinity/);
    equal(document.querySelector('#losses'), null, 'a run that lost nothing has no such section');
  });

  it('is drawn from whatever a run has got so far', () => {
    const least = renderReportHtml({
      ...fixture,
      state: 'failed',
      evaluations: [],
      iterations: [],
      phases: [],
      digests: {},
      annotations: { used: 0, total: 0, fromLedger: 0, evaluation: 0 },
    });
    holds(least, /No reward before and after training was measured yet/);
    lacks(least, /NaN|undefined|Infinity/);
    lacks(page, /NaN|undefined|Infinity/);
    const one = {
      ...fixture,
      evaluations: fixture.evaluations.slice(0, 1),
      iterations: fixture.iterations.slice(0, 1),
    };
    lacks(renderReportHtml(one), /NaN|undefined|Infinity/);
  });

  it('copes with iterations that sampled nothing, learned nothing, or whose figures are undefined', () => {
    const iterations = fixture.iterations.map((iteration) => ({
      ...iteration,
      sampledCount: 0,
      meanLoss: Number.NaN,
      curve: [],
      gate: iteration.gate.map(({ itemId, score, ellOff, weight }) => ({
        itemId,
        score,
        ellOff,
        weight,
        sampled: false,
      })),
    }));
    const html = renderReportHtml({ ...fixture, iterations });
    holds(html, /This run has no learned curve/);
    lacks(html, /NaN|undefined|Infinity/);
  });
});
