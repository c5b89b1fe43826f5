/** Goal: a report reads at a glance: figures with intervals and limits, both models side by side, the worst disagreements. */
import { describe, it } from 'node:test';
import { deepEqual, doesNotMatch, equal, match, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SwapReport__Output, SwapSide__Output } from '#contracts/reward';
import { clipped } from '../terminal/clipped.js';
import { specText } from './spec-text.js';
import { reportJson } from './swap-report-json.js';
import { swapReportText } from './swap-report-text.js';

function side(changes: Partial<SwapSide__Output> = {}): SwapSide__Output {
  return {
    scoreMin: -0.5,
    scoreMax: 0.97,
    scoreMean: 0.25,
    scoreStd: 0.4,
    latencyMedian: { seconds: '0', nanos: 1_500_000 },
    latencyP95: { seconds: '1', nanos: 0 },
    failedCount: '0',
    failures: {},
    mayBill: false,
    componentSums: {},
    ...changes,
  };
}

function report(changes: Partial<SwapReport__Output> = {}): SwapReport__Output {
  return {
    liveEpoch: '3',
    liveWeightsDigest: `sha256:${'a'.repeat(64)}`,
    stagedWeightsDigest: `sha256:${'b'.repeat(64)}`,
    reportTime: { seconds: '1700000000', nanos: 0 },
    itemCount: '1200',
    shadowItemCount: '200',
    responseCount: '4800',
    pairCount: '7100',
    pairFlipFraction: { estimate: 0.042, low: 0.031, high: 0.054 },
    bestOfKChangeFraction: { estimate: 0.07, low: 0.05, high: 0.09 },
    spearman: { estimate: 0.91, low: 0.89, high: 0.93 },
    kendall: null,
    affineShift: {
      slope: { estimate: 2.1, low: 2, high: 2.2 },
      intercept: { estimate: -0.3, low: -0.4, high: -0.2 },
      residualRms: 0.41,
      residualFraction: 0.12,
    },
    live: side(),
    staged: side({
      failedCount: '3',
      failures: { REWARD_BACKEND_TIMEOUT: '3' },
      mayBill: true,
      componentSums: { prompt_tokens: 12_345 },
    }),
    disagreements: [
      {
        itemId: 'line-17',
        prompt: { form: 'text', text: 'How was\nit?', conversation: null, tokenIds: null } as never,
        responses: [
          { text: 'Lovely.', liveScore: 0.9, stagedScore: -1.25 },
          { text: 'Dreadful.', liveScore: 0.1 },
        ],
        rankGap: 0.83,
      },
    ],
    breaches: [],
    shadowDroppedCount: '12',
    ...changes,
  };
}

const LIMITS = { pair_flip_max: 0.1, spearman_min: 0.95 };
const text = (changes: Partial<SwapReport__Output> = {}, limits: Readonly<Record<string, number>> = {}): string =>
  swapReportText(report(changes), { rewardModel: 'judge', limits, columnCount: 80 });

describe('a swap report on a terminal', () => {
  it('tells what it rests on, figures with intervals, and both models side by side', () => {
    equal(
      text(),
      `judge: staged sha256:bbbbbbbbbbbb against epoch 3, sha256:aaaaaaaaaaaa
on 1,200 prompts (200 of them live traffic), 4,800 responses, 7,100 pairs
not shadowed for lack of time: 12 responses of live traffic

                                                         95 % interval
pairs of responses that turn round   4.2 %              3.1 % to 5.4 %
prompts with another best response   7.0 %              5.0 % to 9.0 %
rank correlation, Spearman           0.910              0.890 to 0.930
rank correlation, Kendall                –  the items do not define it
slope of staged over live scores     2.100              2.000 to 2.200
intercept                           −0.300            −0.400 to −0.200
residual                             0.410     12.0 % of the deviation

scores      lowest   mean  highest  deviation  median time  95th %  failed
in service  −0.500  0.250    0.970      0.400       1.5 ms   1.0 s       0
staged      −0.500  0.250    0.970      0.400       1.5 ms   1.0 s       3

staged failed: REWARD_BACKEND_TIMEOUT 3
staged may bill; components summed over its scores: prompt_tokens 12345

where they disagree most, by rank among all scores:
1. line-17: ranks 83 % apart
   How was
   it?
   in service      staged
        0.900      −1.250  Lovely.
        0.100      failed  Dreadful.
`,
    );
  });

  it('shows a limit beside its figure, and that it is broken', () => {
    const broken = { breaches: [{ limit: 'spearman_min', allowed: 0.95, figure: 0.91 }] };
    match(text(broken, LIMITS), /turn round .+ at most 10\.0 %\n/);
    match(text(broken, LIMITS), /Spearman .+ at least 0\.950, BROKEN\n/);
    match(text(broken, { items_min: 5000 }), /^prompts +1,200 +at least 5,000$/m);
  });

  it('shows nothing that moves the cursor, and cuts what is long', () => {
    const staged = report().disagreements[0]!;
    const nasty = { ...staged, responses: [{ text: `\u001b[2J${'x'.repeat(200)}`, liveScore: 1, stagedScore: 2 }] };
    const shown = text({ disagreements: [nasty] });
    // oxlint-disable-next-line no-control-regex
    doesNotMatch(shown, /\u001b/);
    for (const line of shown.split('\n').slice(-4)) equal(line.length <= 80, true, line);
    deepEqual(clipped('a\nb\nc\nd', 40), ['a', 'b', 'c…']);
  });

  it('is all there for programs, counts as numbers and spans in milliseconds', () => {
    const json = reportJson(report());
    equal(json['item_count'], 1200);
    deepEqual(json['spearman'], { estimate: 0.91, low: 0.89, high: 0.93 });
    equal(json['kendall'], null);
    equal((json['live'] as Record<string, unknown>)['latency_p95_ms'], 1000);
    deepEqual((json['staged'] as Record<string, unknown>)['failures'], { REWARD_BACKEND_TIMEOUT: 3 });
  });
});

describe('what is to be staged', () => {
  it('is JSON on the command line or in a file, and nothing else', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'metaapo-spec-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'spec.json');
    writeFileSync(path, '{ "backend":\n"vader" }');
    equal(await specText('{"backend": "vader"}'), '{"backend":"vader"}');
    equal(await specText(`@${path}`), '{"backend":"vader"}');
    for (const spec of ['vader', '[]', '"vader"', `@${folder}`, '@absent.json', '']) {
      await rejects(specText(spec), { code: 'USAGE' }, spec);
    }
  });
});
