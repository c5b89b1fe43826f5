/**
 * @file Lists in JSON bodies, read element by element. zod's own lists keep a complaint for every element, under every form
 * that it might have: some megabytes of nonsense would fill the memory with them.
 */
import { z } from 'zod';

/** What is told of a body; more complaints say no more. */
export const PROBLEMS_MAX = 20;

/** Where complaints go: the context of a zod transform. */
type Complaints = Pick<z.RefinementCtx, 'addIssue'>;

/** A list, its elements not looked at. */
export const anyList = z.custom<readonly unknown[]>((value) => Array.isArray(value), {
  error: ({ input }) => `expected a list, got ${kindOf(input)}`,
});

/** A text; what is none is told by its kind. */
export const text = z.string({ error: ({ input }) => `expected text, got ${kindOf(input)}` });

/** A list of at least one element. */
export function listOf<T>(element: z.ZodType<T>): z.ZodType<T[]> {
  return anyList.transform((values, context) => {
    if (values.length === 0) context.addIssue({ code: 'custom', message: 'expected at least one, got none' });
    return elementsOf(values, element, context);
  });
}

/** The elements as a schema reads them. The first complaints go to the context, and then nothing comes of the list. */
export function elementsOf<T>(values: readonly unknown[], element: z.ZodType<T>, context: Complaints): T[] {
  const elements: T[] = [];
  let problemCount = 0;
  for (const [index, value] of values.entries()) {
    const { data, error } = element.safeParse(value);
    if (!error) {
      elements.push(data);
      continue;
    }
    for (const { path, message } of error.issues) {
      context.addIssue({ code: 'custom', path: [index, ...path], message });
    }
    problemCount += error.issues.length;
    if (problemCount >= PROBLEMS_MAX) break;
  }
  return elements;
}

/** The elements as texts; a list that is well costs one look at each. */
export function textsOf(values: readonly unknown[], context: Complaints): string[] {
  const isWell = values.every((value) => typeof value === 'string');
  return isWell ? (values as string[]) : elementsOf(values, text, context);
}

/** What came, in a word or two. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'none';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
