/** @file A swap report for people: how much would change, by how sure a figure, and where it would change most. */
import type { Interval__Output, SwapReport__Output, SwapSide__Output } from '#contracts/reward';
import { fromDuration } from '#platform/rpc';
import { count, duration, fixed } from '#report';
import { textTable } from '../terminal/text-table.js';
import { disagreementsText } from './disagreements-text.js';
import { shortDigest } from './slots.js';

export interface ReportTextOptions {
  readonly rewardModel: string;
  /** The service's limits, by name. */
  readonly limits: Readonly<Record<string, number>>;
  /** Of the terminal. */
  readonly columnCount: number;
}

/** Ends with a line break. */
export function swapReportText(report: SwapReport__Output, options: ReportTextOptions): string {
  const { rewardModel, limits, columnCount } = options;
  const { liveEpoch, liveWeightsDigest, stagedWeightsDigest } = report;
  const parts = [
    `${rewardModel}: staged ${shortDigest(stagedWeightsDigest)} against epoch ${liveEpoch}, ${shortDigest(liveWeightsDigest)}`,
    basisText(report),
    figuresTable(report, limits),
    sidesTable(report),
    failuresText(report),
    disagreementsText(report.disagreements, columnCount),
  ];
  return `${parts
    .filter((part) => part !== '')
    .join('\n')
    .trimEnd()}\n`;
}

function basisText(report: SwapReport__Output): string {
  const [items, shadow, responses, pairs, dropped] = [
    report.itemCount,
    report.shadowItemCount,
    report.responseCount,
    report.pairCount,
    report.shadowDroppedCount,
  ].map(Number) as [number, number, number, number, number];
  const lost = dropped > 0 ? `not shadowed for lack of time: ${count(dropped)} responses of live traffic\n` : '';
  const all = `${count(responses)} responses, ${count(pairs)} pairs`;
  return `on ${count(items)} prompts (${count(shadow)} of them live traffic), ${all}\n${lost}`;
}

const share = (value: number): string => `${fixed(value * 100, 1)} %`;
const plain = (value: number): string => fixed(value, 3);

function figuresTable(report: SwapReport__Output, limits: ReportTextOptions['limits']): string {
  const { affineShift } = report;
  const row = (
    name: string,
    interval: Interval__Output | null | undefined,
    { shown, limit = '' }: { readonly shown: (value: number) => string; readonly limit?: string },
  ): readonly string[] =>
    interval
      ? [name, shown(interval.estimate), `${shown(interval.low)} to ${shown(interval.high)}`, limit]
      : [name, '–', 'the items do not define it', limit];
  const bound = (name: string, words: string, shown: (value: number) => string): string =>
    limits[name] === undefined ? '' : `${words} ${shown(limits[name])}${isBroken(report, name) ? ', BROKEN' : ''}`;
  const rows = [
    ['', '', '95 % interval', Object.keys(limits).length > 0 ? 'limit' : ''],
    row('pairs of responses that turn round', report.pairFlipFraction, {
      shown: share,
      limit: bound('pair_flip_max', 'at most', share),
    }),
    row('prompts with another best response', report.bestOfKChangeFraction, {
      shown: share,
      limit: bound('best_of_k_change_max', 'at most', share),
    }),
    row('rank correlation, Spearman', report.spearman, {
      shown: plain,
      limit: bound('spearman_min', 'at least', plain),
    }),
    row('rank correlation, Kendall', report.kendall, { shown: plain }),
    row('slope of staged over live scores', affineShift?.slope, { shown: plain }),
    row('intercept', affineShift?.intercept, { shown: plain }),
    ...(affineShift
      ? [['residual', plain(affineShift.residualRms), residualText(affineShift.residualFraction), '']]
      : []),
    ...(limits['items_min'] === undefined
      ? []
      : [['prompts', count(Number(report.itemCount)), '', bound('items_min', 'at least', count)]]),
  ];
  return textTable(rows, { leftCount: 1 });
}

const residualText = (fraction: number): string => `${fixed(fraction * 100, 1)} % of the deviation`;

function isBroken({ breaches }: SwapReport__Output, name: string): boolean {
  return breaches.some(({ limit }) => limit === name);
}

function sidesTable({ live, staged }: SwapReport__Output): string {
  const spans = (side: SwapSide__Output): readonly string[] =>
    [side.latencyMedian, side.latencyP95].map((span) => (span ? duration(fromDuration(span)) : '–'));
  const row = (name: string, side: SwapSide__Output | null): readonly (readonly string[])[] =>
    side
      ? [
          [
            name,
            ...[side.scoreMin, side.scoreMean, side.scoreMax, side.scoreStd].map(plain),
            ...spans(side),
            count(Number(side.failedCount)),
          ],
        ]
      : [];
  return textTable([
    ['scores', 'lowest', 'mean', 'highest', 'deviation', 'median time', '95th %', 'failed'],
    ...row('in service', live),
    ...row('staged', staged),
  ]);
}

/** What failed, and what a model that may bill has used. */
function failuresText({ live, staged }: SwapReport__Output): string {
  const lineOf = (name: string, side: SwapSide__Output | null): readonly string[] => {
    const failures = Object.entries(side?.failures ?? {}).map(([reason, n]) => `${reason} ${count(Number(n))}`);
    const used = side?.mayBill
      ? Object.entries(side.componentSums).map(([part, sum]) => `${part} ${fixed(sum, 0)}`)
      : [];
    return [
      ...(failures.length > 0 ? [`${name} failed: ${failures.join(', ')}\n`] : []),
      ...(used.length > 0 ? [`${name} may bill; components summed over its scores: ${used.join(', ')}\n`] : []),
    ];
  };
  return [...lineOf('in service', live), ...lineOf('staged', staged)].join('');
}
