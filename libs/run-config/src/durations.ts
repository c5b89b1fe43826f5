/** @file Durations as people write them: `500ms`, `90s`, `10m`, `2h`, `1d`. */
import { z } from 'zod';
import { assert } from '#core';

const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

const UNIT_MS: { readonly [Unit in 'ms' | 's' | 'm' | 'h' | 'd']: number } = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function parsed(text: string): number | undefined {
  const match = PATTERN.exec(text);
  return match ? Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS] : undefined;
}

/** A duration in a closed range; its text is kept, so that a configuration reads back as it was written. */
export function duration({ min, max }: { readonly min: string; readonly max: string }) {
  const rule = `a duration from ${min} to ${max}, for instance 90s or 10m`;
  const [minMs, maxMs] = [durationMs(min), durationMs(max)];
  return z.string({ error: rule }).refine((text) => withinRange(parsed(text), minMs, maxMs), { error: rule });
}

function withinRange(valueMs: number | undefined, minMs: number, maxMs: number): boolean {
  return valueMs !== undefined && valueMs >= minMs && valueMs <= maxMs;
}

/** Milliseconds of a duration that the schema has checked. */
export function durationMs(text: string): number {
  const valueMs = parsed(text);
  assert(valueMs !== undefined, `${text} is no duration`);
  return valueMs;
}
