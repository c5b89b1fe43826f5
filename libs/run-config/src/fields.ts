/**
 * @file Fields with a rule in words. A field that is wrong is reported by its rule, so every field states one.
 */
import { z } from 'zod';

interface RealRange {
  readonly min?: number;
  readonly max?: number;
  /** True leaves `min` itself out. */
  readonly minOpen?: boolean;
  readonly maxOpen?: boolean;
}

function rangeText({ min, max, minOpen, maxOpen }: RealRange): string {
  const left = min === undefined ? '(-∞' : `${minOpen ? '(' : '['}${min}`;
  const right = max === undefined ? '∞)' : `${max}${maxOpen ? ')' : ']'}`;
  return `${left}, ${right}`;
}

function holds(value: number, { min, max, minOpen, maxOpen }: RealRange): boolean {
  if (min !== undefined && (minOpen ? value <= min : value < min)) return false;
  return max === undefined || (maxOpen ? value < max : value <= max);
}

/** A finite number in a range. */
export function real(range: RealRange = {}) {
  const rule = `a number in ${rangeText(range)}`;
  return z.number({ error: rule }).refine((value) => holds(value, range), { error: rule });
}

/** An integer in a closed range. */
export function integer(min: number, max: number) {
  const rule = `an integer in [${min}, ${max}]`;
  return z.number({ error: rule }).refine((value) => Number.isSafeInteger(value) && value >= min && value <= max, {
    error: rule,
  });
}

/** One of a closed set of words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
}

/** True or false. */
export function flag() {
  return z.boolean({ error: 'true or false' });
}

/** A text that is not empty. */
export function text(what: string) {
  return z.string({ error: what }).refine((value) => value.trim() !== '', { error: what });
}

/** A path, relative to the configuration's folder unless absolute. */
export function path(what: string) {
  return text(`a path of ${what}, relative to the folder of the configuration`);
}

/** A list of texts, each used once. */
export function names(what: string, countMin: number) {
  return z
    .array(text(what), { error: `a list of ${what}` })
    .refine((list) => list.length >= countMin && new Set(list).size === list.length, {
      error: `a list of at least ${countMin} ${what}, each once`,
    });
}
