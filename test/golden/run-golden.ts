/**
 * @file Discovers every case below a folder, checks each by its kind, and says how far every quantity is from the golden
 * one. A case whose model or kind the library refuses (status UNIMPLEMENTED) is unsupported, with that refusal as the
 * reason; any other error is a failure.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, messageOf } from '#core';
import { GoldenCase } from './golden-case.js';
import { GoldenFolderInvalidError } from './golden.errors.js';
import { Measurements, passes, type Measurement } from './measurement.js';
import { checkerOf } from './registry.js';

export type CaseResult =
  | { readonly name: string; readonly outcome: 'passed' | 'failed'; readonly measurements: readonly Measurement[] }
  | { readonly name: string; readonly outcome: 'failed'; readonly reason: string }
  | { readonly name: string; readonly outcome: 'unsupported'; readonly reason: string };

/** Names of the cases below a folder. @throws GoldenFolderInvalidError */
export function findCases(root: string): string[] {
  const cases = join(root, 'cases');
  if (!existsSync(cases)) throw new GoldenFolderInvalidError(root, 'has no folder cases');
  const names = readdirSync(cases).filter((name) => existsSync(join(cases, name, 'case.json')));
  if (names.length === 0) throw new GoldenFolderInvalidError(root, 'has no case');
  return names.sort();
}

/** Checks one case; errors become results. */
export async function runCase(root: string, name: string, executionProvider = 'cpu'): Promise<CaseResult> {
  const measure = new Measurements();
  try {
    const golden = GoldenCase.read(root, name, executionProvider);
    await checkerOf(golden.kind)(golden, measure);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.status === 'UNIMPLEMENTED') {
      return { name, outcome: 'unsupported', reason: `${thrown.code}: ${thrown.message}` };
    }
    return {
      name,
      outcome: 'failed',
      reason: thrown instanceof AppError ? `${thrown.code}: ${thrown.message}` : traceOf(thrown),
    };
  }
  if (measure.list.length === 0) return { name, outcome: 'failed', reason: 'nothing was compared' };
  return { name, outcome: measure.list.every(passes) ? 'passed' : 'failed', measurements: measure.list };
}

/** Lines for people: one per quantity, the worst part of each. */
export function describeResult(result: CaseResult): string[] {
  if ('reason' in result) return [`${result.outcome.padEnd(11)} ${result.name}: ${withoutPaths(result.reason)}`];
  const worst = new Map<string, Measurement>();
  for (const measurement of result.measurements) {
    const known = worst.get(measurement.quantity);
    if (!known || severity(measurement) > severity(known)) worst.set(measurement.quantity, measurement);
  }
  return [...worst.values()].map((measurement) => {
    const { quantity, part, error, tolerance } = measurement;
    const verdict = passes(measurement) ? 'passed' : 'failed';
    const shown =
      tolerance === 0
        ? error === 0
          ? 'exact'
          : `differs (${part})`
        : `${figure(error)} of ${figure(tolerance)} (${part})`;
    return `${verdict.padEnd(11)} ${result.name}: ${quantity}: ${shown}`;
  });
}

/** The closing line. */
export function summaryOf(results: readonly CaseResult[]): string {
  const count = (outcome: CaseResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('unsupported')} unsupported`;
}

/** Error in units of its tolerance; NaN is the worst of all. */
function severity({ error, tolerance }: Measurement): number {
  if (Number.isNaN(error)) return Infinity;
  return tolerance === 0 ? (error === 0 ? 0 : Number.MAX_VALUE) : error / tolerance;
}

function figure(value: number): string {
  return value.toExponential(1);
}

function traceOf(thrown: unknown): string {
  return thrown instanceof Error && thrown.stack !== undefined ? thrown.stack : messageOf(thrown);
}

/** A path's last two parts are enough to know the file. */
function withoutPaths(text: string): string {
  return text.replace(/(?:\/[^\s/:]+)*\/([^\s/:]+\/[^\s/:]+)/g, '$1');
}
