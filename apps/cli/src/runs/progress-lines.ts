/** @file The lines that show a run's progress, as pure functions of its events. */
import { count, duration, percent } from '#report';
import type { Figures } from './run-event.js';

const BAR_WIDTH = 24;
const LABEL_WIDTH = 28;

/** Names a phase: "iteration 2/3  generate"; the warm-up and evaluations belong to no iteration. */
export function phaseLabel(phase: string, iteration: number, iterationCount: number | undefined): string {
  if (phase === 'warm-up' || phase.startsWith('evaluate-')) return phase.replace(/^evaluate-/, 'evaluate ');
  const total = iterationCount === undefined ? '' : `/${iterationCount}`;
  return `iteration ${iteration + 1}${total}  ${phase}`;
}

/** A phase that goes on: label, bar, units, figures; cut to the terminal's width. */
export function progressLine(options: {
  readonly label: string;
  readonly doneCount: number;
  readonly unitCount: number;
  readonly figures: Figures;
  readonly columnCount: number;
}): string {
  const { label, doneCount, unitCount, figures, columnCount } = options;
  const units = `${String(doneCount).padStart(String(unitCount).length)}/${unitCount}`;
  const line = `  ${label.padEnd(LABEL_WIDTH)} ${progressBar(doneCount, unitCount)} ${units}  ${figuresText(figures)}`;
  return line.trimEnd().slice(0, Math.max(columnCount - 1, 1));
}

/** A phase that ended: label, time, figures. */
export function phaseEndLine(label: string, elapsedMs: number, figures: Figures): string {
  return `  ${label.padEnd(LABEL_WIDTH)} ${duration(elapsedMs).padStart(9)}  ${figuresText(figures)}`.trimEnd();
}

/** A bar that fills from left to right; full when there is nothing to do. */
export function progressBar(doneCount: number, unitCount: number, width = BAR_WIDTH): string {
  const share = unitCount > 0 ? Math.min(1, Math.max(0, doneCount / unitCount)) : 1;
  const filled = Math.round(share * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

/** "loss 0.6421 · annotation ratio 41 %". */
export function figuresText(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${figureText(name, value)}`)
    .join(' · ');
}

/** Shares as percentages, counts whole, the rest with four significant digits. */
function figureText(name: string, value: number): string {
  if (/(^|_)(ratio|share|rate)$/.test(name)) return percent(value);
  if (Number.isInteger(value)) return count(value);
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}
