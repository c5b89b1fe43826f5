/**
 * @file Plots as inline SVG, drawn on the server by Observable Plot over a linkedom document.
 *
 * Colours are the page's CSS variables and `currentColor`, so that one drawing serves light, dark and print. Charts are
 * drawn 420 units wide: two fit side by side on a wide screen, and on a telephone the letters stay readable.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Markup, html } from '../markup/html.js';

export const CHART_WIDTH = 420;

/** Ink of the charts, by role. */
export const INK = {
  primary: 'var(--blue)',
  secondary: 'var(--orange)',
  muted: 'var(--muted)',
  line: 'var(--line)',
  faint: 'var(--faint)',
} as const;

export interface ChartOptions extends Plot.PlotOptions {
  /** What the chart shows, for those who cannot see it. */
  readonly description: string;
}

/** The part of an element that is used; the types of the DOM are not loaded on a server. */
interface Drawing {
  readonly outerHTML: string;
}

/** Draws a chart. */
export function chart({ description, ...options }: ChartOptions): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn: Drawing = Plot.plot({
    width: CHART_WIDTH,
    height: 280,
    marginTop: 24,
    marginBottom: 40,
    ...options,
    document: document as unknown as NonNullable<Plot.PlotOptions['document']>,
  });
  // The label stands on an element of ours, since linkedom does not escape all of an attribute.
  return html`<div role="img" aria-label="${description}">${new Markup(drawn.outerHTML)}</div>`;
}

/** At most `countMax` of the items, evenly spaced in their order: enough to see the shape of a large run. */
export function thinned<T>(items: readonly T[], countMax: number): readonly T[] {
  if (items.length <= countMax) return items;
  return Array.from({ length: countMax }, (_, i) => items[Math.floor((i * items.length) / countMax)]!);
}
