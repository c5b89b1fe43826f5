/** @file The lines that show a run's progress, as pure functions of what is known. */
import { count, duration, percent } from '#report';
import type { Figures, Money, RunCounts } from '../runs/run-event.js';
import { isOutsideIterations, type Outlook, type PhaseView } from './run-progress.js';

const BAR_WIDTH = 24;
/** On a terminal narrower than this the figures need the room. */
const WIDE_COLUMN_COUNT = 100;
const NARROW_BAR_WIDTH = 8;
const LABEL_WIDTH = 28;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** Names a phase: "iteration 2/3  generate"; the warm-up and evaluations belong to no iteration. */
export function phaseLabel(phase: string, iteration: number, iterationCount: number | undefined): string {
  if (isOutsideIterations(phase)) return phase.replace(/^evaluate-/, 'evaluate ');
  const total = iterationCount === undefined ? '' : `/${iterationCount}`;
  return `iteration ${iteration + 1}${total}  ${phase}`;
}

/** A phase that goes on: label, bar, units, pace, figures; the bar is short where there is little room. */
export function phaseLine(view: PhaseView, iterationCount: number | undefined, columnCount: number): string {
  const { doneCount, unitCount } = view;
  const label = phaseLabel(view.phase, view.iteration, iterationCount).padEnd(LABEL_WIDTH);
  const width = columnCount < WIDE_COLUMN_COUNT ? NARROW_BAR_WIDTH : BAR_WIDTH;
  const rest = joined([unitsText(view), ...paceTexts(view), figuresText(view.figures)]);
  return `  ${label} ${progressBar(doneCount, unitCount, width)} ${rest}`;
}

/** The run as a whole: annotations, money, what they will come to, time left. */
export function runLine(counts: RunCounts, outlook: Outlook | undefined, remainingMs: number | undefined): string {
  const left = remainingMs === undefined ? '' : `about ${remainingText(remainingMs)} left`;
  return joined([annotationsText(counts), outlookText(outlook, counts.cost?.currency), left]);
}

/** "forecast 980 (9.80 EUR), budget 1,000". */
function outlookText(outlook: Outlook | undefined, currency: string | undefined): string {
  if (outlook === undefined) return '';
  const { annotations, cost, limit } = outlook;
  const price = cost === undefined || currency === undefined ? '' : ` (${moneyText({ amount: cost, currency })})`;
  return `forecast ${count(annotations)}${price}${limit === undefined ? '' : `, budget ${count(limit)}`}`;
}

/** One line for a log that cannot be redrawn. */
export function logLine(view: PhaseView, counts: RunCounts, options: LogLineOptions): string {
  const label = phaseLabel(view.phase, view.iteration, options.iterationCount).padEnd(LABEL_WIDTH);
  return `  ${label} ${joined([unitsText(view), ...paceTexts(view), runLine(counts, options.outlook, options.remainingMs)])}`;
}

export interface LogLineOptions {
  readonly iterationCount: number | undefined;
  readonly outlook: Outlook | undefined;
  readonly remainingMs: number | undefined;
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
  return joined(
    Object.entries(figures).map(([name, value]) => `${name.replaceAll('_', ' ')} ${figureText(name, value)}`),
  );
}

/** "412 annotations (4.12 EUR) of 1,152 without the gate". */
export function annotationsText({ annotations, annotationsUngated, cost }: RunCounts): string {
  const price = cost === undefined ? '' : ` (${moneyText(cost)})`;
  const all = annotationsUngated > annotations ? ` of ${count(annotationsUngated)} without the gate` : '';
  return `${count(annotations)} ${annotations === 1 ? 'annotation' : 'annotations'}${price}${all}`;
}

/** Two decimals, four below a tenth: "4.12 EUR", "0.0031 EUR". */
export function moneyText({ amount, currency }: Money): string {
  const digits = amount !== 0 && Math.abs(amount) < 0.1 ? 4 : 2;
  const text = amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${text} ${currency}`;
}

/** Whole seconds below a minute, whole minutes above: what is left is an estimate. */
export function remainingText(remainingMs: number): string {
  if (remainingMs < MINUTE_MS) return `${Math.ceil(remainingMs / SECOND_MS)} s`;
  const minutes = Math.round(remainingMs / MINUTE_MS);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Cut to the width of a terminal, one less so that the cursor stays on the line. */
export function fitted(line: string, columnCount: number): string {
  return line.trimEnd().slice(0, Math.max(columnCount - 1, 1));
}

function unitsText({ doneCount, unitCount }: PhaseView): string {
  return `${String(doneCount).padStart(String(unitCount).length)}/${unitCount}`;
}

function paceTexts({ rowsPerSecond, tokensPerSecond, remainingMs, doneCount, unitCount }: PhaseView): string[] {
  return [
    ...(rowsPerSecond === undefined ? [] : [`${paceText(rowsPerSecond)} rows/s`]),
    ...(tokensPerSecond === undefined ? [] : [`${paceText(tokensPerSecond)} tokens/s`]),
    ...(remainingMs === undefined || doneCount >= unitCount ? [] : [`${remainingText(remainingMs)} to go`]),
  ];
}

/** One decimal below ten, whole above. */
function paceText(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond));
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

/** Shares as percentages, counts whole, the rest with four significant digits. */
function figureText(name: string, value: number): string {
  if (/(^|_)(ratio|share|rate)$/.test(name)) return percent(value);
  if (Number.isInteger(value)) return count(value);
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}
