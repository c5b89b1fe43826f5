import { describe, it } from 'node:test';
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { reportFixture } from '../../../test/support/report-data.js';
import type { ReportData } from './report-data.js';
import { summarize } from './summary.js';

const fixture = reportFixture();
const without = (data: Partial<ReportData>): ReportData => ({ ...fixture, ...data });

describe('summary', () => {
  it('compares every judge, the training reward first', () => {
    const { judges, differences, headline, after } = summarize(fixture);
    deepEqual(judges, ['demo-reward', 'afinn', 'vader']);
    equal(after?.stage, 'final');
    equal(differences.length, judges.length * (fixture.evaluations.length - 1));
    equal(headline?.judge, 'demo-reward');
    ok(headline!.low < headline!.difference && headline!.difference < headline!.high);
    equal(headline!.pairCount, 299);
  });

  it('is silent about a run without faults', () => {
    deepEqual(summarize(fixture).warnings, []);
  });

  it('warns of one word in more than a fifth of the responses, and of distance', () => {
    const hacked = reportFixture({ topWordShare: 0.34 });
    const far = hacked.evaluations.map((snapshot) => ({ ...snapshot, klToSft: 3 * snapshot.klToSft }));
    const { warnings } = summarize({ ...hacked, evaluations: far });
    match(warnings.join('\n'), /“peace” stands in 34 %/);
    match(warnings.join('\n'), /KL to SFT is 6\.9 nats/);
  });

  it('says when nothing changed, when it got worse, and when prompts are few', () => {
    const [first] = fixture.evaluations;
    const few = (shift: number) => ({
      ...first!,
      stage: shift === 0 ? 'final' : 'worse',
      judged: first!.judged.map(({ judge, scores }) => ({
        judge,
        scores: scores.slice(0, 40).map((score) => (score === null ? null : score - shift)),
      })),
    });
    const start = { ...few(0), stage: 'sft' };
    match(summarize(without({ evaluations: [start, few(0)] })).warnings.join('\n'), /No clear change by demo-reward/);
    const worse = summarize(without({ evaluations: [start, few(1)] })).warnings.join('\n');
    match(worse, /Worse than before by demo-reward/);
    match(worse, /Only 39 prompts were judged/);
  });

  it('compares no means of different models under one name, and says so', () => {
    const judgedBy = (last: string) =>
      fixture.evaluations.map((snapshot, index) => ({
        ...snapshot,
        judged: snapshot.judged.map((judged) => {
          const isSwapped = judged.judge === 'demo-reward' && index === fixture.evaluations.length - 1;
          return { ...judged, epoch: isSwapped ? 2 : 1, weightsDigest: isSwapped ? last : 'sha256:a' };
        }),
      }));
    const swapped = summarize(without({ evaluations: judgedBy('sha256:b') }));
    equal(swapped.headline, undefined);
    match(swapped.warnings.join('\n'), /Different models judged under the name demo-reward/);
    equal(swapped.differences.length, summarize(fixture).differences.length - 1);
    ok(summarize(without({ evaluations: judgedBy('sha256:a') })).headline, 'the same model under a later epoch');
  });

  it('says how a run ended that did not succeed', () => {
    for (const [state, words] of [
      ['failed', /failed before its end/],
      ['cancelled', /stopped before its end/],
      ['running', /goes on/],
    ] as const) {
      match(summarize(without({ state })).warnings[0] ?? '', words);
    }
  });

  it('has no headline before the second evaluation', () => {
    const { headline, differences, after } = summarize(without({ evaluations: fixture.evaluations.slice(0, 1) }));
    deepEqual([headline, differences, after], [undefined, [], undefined]);
  });
});
