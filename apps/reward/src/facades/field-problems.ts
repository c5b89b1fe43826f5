/** @file From zod's complaints to ours: the field as a path, and what was expected there. */
import type { z } from 'zod';
import type { FieldProblem, ShapeProblem } from '#core';
import { BodyInvalidError } from './facade.errors.js';
import { PROBLEMS_MAX } from './json-lists.js';

/** @param whole name of what has no path */
export function fieldProblemsOf(problems: readonly ShapeProblem[], whole = 'body'): FieldProblem[] {
  return problems
    .slice(0, PROBLEMS_MAX)
    .map(({ path, message }) => ({ field: fieldOf(path) || whole, description: message }));
}

/** `items[3].prompt` */
function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((field, part) => {
    if (typeof part === 'number') return `${field}[${part}]`;
    return field === '' ? String(part) : `${field}.${String(part)}`;
  }, '');
}

/** A body as a schema reads it. @throws BodyInvalidError (`REQUEST_INVALID`) with all problems */
export function readBody<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const result = schema.safeParse(body);
  if (!result.success) throw new BodyInvalidError(what, fieldProblemsOf(result.error.issues));
  return result.data;
}
