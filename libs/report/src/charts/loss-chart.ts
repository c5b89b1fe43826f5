/** @file Which prompts were lost. */
import * as Plot from '@observablehq/plot';
import type { KeptAndLost } from '../losses-data.js';
import { percent } from '../markup/format.js';
import type { Markup } from '../markup/html.js';
import { INK, chart } from './svg.js';

/** Share of lost rows by group, beside the share over all groups (dashed). */
export function lossChart(what: string, groups: readonly KeptAndLost[]): Markup {
  const rows = groups.map(({ group, keptCount, lostCount }) => {
    const count = keptCount + lostCount;
    return { group, count, share: count === 0 ? 0 : lostCount / count };
  });
  const lost = groups.reduce((sum, { lostCount }) => sum + lostCount, 0);
  const all = rows.reduce((sum, { count }) => sum + count, 0);
  const longest = rows.reduce((most, { group }) => Math.max(most, group.length), 0);
  return chart({
    description: `Share of the chosen prompts that were lost, by ${what}`,
    height: 56 + 28 * rows.length,
    marginLeft: Math.min(160, 16 + 7 * longest),
    marginRight: 56,
    x: {
      domain: [0, 1],
      label: 'share lost →',
      grid: true,
      ticks: [0, 0.5, 1],
      tickFormat: (value: number) => percent(value),
    },
    y: { domain: rows.map(({ group }) => group), label: null, tickSize: 0 },
    marks: [
      Plot.barX(rows, { y: 'group', x: 'share', fill: INK.secondary, fillOpacity: 0.8, insetTop: 4, insetBottom: 4 }),
      Plot.text(rows, {
        y: 'group',
        x: 'share',
        text: ({ share, count }) => `${percent(share)} of ${count}`,
        dx: 6,
        textAnchor: 'start',
        fill: 'currentColor',
      }),
      Plot.ruleX([all === 0 ? 0 : lost / all], { stroke: INK.muted, strokeDasharray: '3 3' }),
    ],
  });
}
