/**
 * @file Applies a schema to what a person wrote. A key that does not exist is a problem of its own place and names the key
 * that was probably meant, which Zod does not do.
 *
 * Zod is asked only for its types: who needs `#core` alone does not load it.
 */
import type { z } from 'zod';
import { didYouMean } from './nearest-word.js';

export type ShapeProblem = z.core.$ZodIssue;

export interface CheckedShape<T> {
  /** What the schema made of the value; absent where there are problems. */
  readonly data?: T;
  readonly problems: readonly ShapeProblem[];
}

/** As `schema.safeParse(value)`, but an unknown key's path ends with the key. */
export function checkShape<T>(schema: z.ZodType<T>, value: unknown): CheckedShape<T> {
  // A problem, once told, no longer knows the mapping's schema; its place does.
  const knownKeys = new Map<string, readonly string[]>();
  const { data, error } = schema.safeParse(value, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') knownKeys.set(placeOf(issue.path ?? []), keysOf(issue.inst));
      return undefined;
    },
  });
  if (!error) return { data: data as T, problems: [] };
  const problems = error.issues.flatMap((issue): ShapeProblem[] => {
    if (issue.code !== 'unrecognized_keys') return [issue];
    const known = knownKeys.get(placeOf(issue.path)) ?? [];
    return issue.keys.map((key) => ({
      ...issue,
      keys: [key],
      path: [...issue.path, key],
      message: `no such key${didYouMean(key, known)}`,
    }));
  });
  return { problems };
}

function placeOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path);
}

function keysOf(raisedBy: z.core.$ZodRawIssue['inst']): readonly string[] {
  const definition = raisedBy?._zod.def;
  return definition !== undefined && 'shape' in definition ? Object.keys(definition.shape as object) : [];
}
