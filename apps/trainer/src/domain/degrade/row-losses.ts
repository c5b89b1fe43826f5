/**
 * @file What became of the rows that the gate chose, and the bias audit: lost rows beside kept ones, by what might make them
 * different. A pair that ties is no loss: it was annotated, and the algorithm drops it.
 */
import type { ClosingReason, KeptAndLost, LossReport } from '#report';
import type { Prompt } from '#contracts/common';

/** What became of one row that the gate chose. */
export interface ChosenRow {
  readonly prompt: Prompt;
  readonly source?: string;
  /** Why it has no annotated pair, in UPPER_SNAKE; undefined where it was annotated. */
  readonly lossReason: string | undefined;
  /** Trained on with its offline pair under w = 1 instead. */
  readonly isOffline: boolean;
  /** Lost at first, annotated later in its iteration. */
  readonly isBackfilled: boolean;
}

/** Reasons of rows that a closed gate left without annotations, as the report names them. */
export const CLOSED_GATE_REASONS: { readonly [Reason in ClosingReason]: string } = {
  budget: 'BUDGET_SPENT',
  time: 'TIME_SPENT',
  annotator: 'ANNOTATOR_DOWN',
};

/** A row whose prompt got no sample. */
export const NOT_GENERATED = 'NOT_GENERATED';
/** A row with fewer than two samples that could be annotated: the others are empty. */
export const SAMPLES_EMPTY = 'SAMPLES_EMPTY';

/** Shortest length in characters that ends a group; groups double from there. */
const LENGTH_FIRST = 32;
const NO_SOURCE = '(none)';

export function lossReport(rows: readonly ChosenRow[]): LossReport {
  const lost = rows.filter(({ lossReason }) => lossReason !== undefined);
  const byReason = Map.groupBy(lost, ({ lossReason }) => lossReason ?? '');
  const hasSources = rows.some(({ source }) => source !== undefined);
  return {
    chosenCount: rows.length,
    lostCount: lost.length,
    reasons: [...byReason]
      .map(([reason, { length }]) => ({ reason, rowCount: length }))
      .toSorted((a, b) => b.rowCount - a.rowCount || (a.reason < b.reason ? -1 : 1)),
    offlineCount: rows.filter(({ isOffline }) => isOffline).length,
    backfilledCount: rows.filter(({ isBackfilled }) => isBackfilled).length,
    byPromptLength: byPromptLength(rows),
    bySource: hasSources ? bySource(rows) : [],
  };
}

function byPromptLength(rows: readonly ChosenRow[]): KeptAndLost[] {
  const groups = Map.groupBy(rows, ({ prompt }) => lengthGroup(characterCount(prompt)));
  return [...groups].toSorted(([a], [b]) => a - b).map(([group, members]) => counted(lengthName(group), members));
}

function bySource(rows: readonly ChosenRow[]): KeptAndLost[] {
  const groups = Map.groupBy(rows, ({ source }) => source ?? NO_SOURCE);
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([source, members]) => counted(source, members));
}

function counted(group: string, members: readonly ChosenRow[]): KeptAndLost {
  const lostCount = members.filter(({ lossReason }) => lossReason !== undefined).length;
  return { group, keptCount: members.length - lostCount, lostCount };
}

/** Number of the group: 0 is below `LENGTH_FIRST`, each further one is twice as wide. */
function lengthGroup(length: number): number {
  return length < LENGTH_FIRST ? 0 : 1 + Math.floor(Math.log2(length / LENGTH_FIRST));
}

function lengthName(group: number): string {
  const from = LENGTH_FIRST * 2 ** (group - 1);
  return group === 0 ? `under ${LENGTH_FIRST}` : `${from} to ${2 * from - 1}`;
}

function characterCount({ text, conversation }: Prompt): number {
  const messages = conversation?.messages ?? [];
  return messages.reduce((sum, { content }) => sum + (content ?? '').length, (text ?? '').length);
}
