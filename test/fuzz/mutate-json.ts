/** @file Mutations of JSON that keep it JSON, mostly: other types, sizes beyond reason, keys that JavaScript knows. */
import type { Rng } from '#core';
import { mutateBytes, pick } from './mutate-bytes.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Where a value stands, so that it can be replaced. */
interface Slot {
  readonly holder: Record<string | number, Json>;
  readonly key: string | number;
}

/** Stands for a text that `JSON.stringify` would never write. */
const RAW = '\u0001raw:';
const RAW_TEXTS = ['1e400', '-0', '1e-400', '9007199254740993', '18446744073709551616', '0.1e1'];
const DEPTH = 20_000;

const STRANGERS: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  2,
  0.5,
  1e9,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e300,
  '',
  'a',
  '../../etc/passwd',
  '/etc/passwd',
  '__proto__',
  'constructor',
  'NaN',
  '\u0000',
  '\ud800',
  'x'.repeat(10_000),
  [],
  {},
  [[]],
  [null],
  { a: 1 },
];
const STRANGE_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', '', 'length', 'a'.repeat(300)];

/** A mutated text of a JSON value. Some mutants are no JSON any more. */
export function mutateJson(original: unknown, rng: Rng): string {
  if (rng.below(8) === 0) return mutateBytes(Buffer.from(JSON.stringify(original)), rng).toString('utf8');
  const root = { value: structuredClone(original) as Json };
  for (let count = 1 + rng.below(3); count > 0; count--) mutateOnce(root, rng);
  const text = JSON.stringify(root.value)
    .replaceAll(/"\\u0001raw:([^"]*)"/g, '$1')
    .replaceAll('"\\u0001deep"', () => deepText(rng));
  return rng.below(12) === 0 ? withDuplicateKey(text, rng) : text;
}

function mutateOnce(root: { value: Json }, rng: Rng): void {
  const { holder, key } = pick(rng, slotsOf(root));
  const value = holder[key] as Json;
  switch (rng.below(9)) {
    case 0:
      holder[key] = RAW + pick(rng, RAW_TEXTS);
      break;
    case 1:
      holder[key] = '\u0001deep';
      break;
    case 2:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else if (holder !== root) delete holder[key];
      break;
    case 3:
      holder[key] = [value];
      break;
    case 4:
      if (Array.isArray(value)) value.push(...structuredClone(value));
      else holder[key] = [value, structuredClone(value)];
      break;
    case 5:
      if (typeof value === 'number') holder[key] = pick(rng, [value + 1, value - 1, value * 2, -value, value + 0.5]);
      else if (typeof value === 'string') holder[key] = mutateBytes(Buffer.from(`${value} `), rng).toString('utf8');
      else holder[key] = pick(rng, STRANGERS);
      break;
    case 6: {
      const target = isObject(value) ? value : isObject(holder) ? holder : undefined;
      if (target) define(target, pick(rng, STRANGE_KEYS), structuredClone(pick(rng, STRANGERS)));
      break;
    }
    case 7: {
      const other = pick(rng, slotsOf(root));
      holder[key] = structuredClone(other.holder[other.key] as Json);
      break;
    }
    default:
      holder[key] = structuredClone(pick(rng, STRANGERS));
  }
}

/** Own properties, `__proto__` too. */
function define(target: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const SLOTS_MAX = 4000;

function slotsOf(root: { value: Json }): Slot[] {
  const slots: Slot[] = [{ holder: root, key: 'value' }];
  for (let at = 0; at < slots.length && slots.length < SLOTS_MAX; at++) {
    const { holder, key } = slots[at] as Slot;
    const value = holder[key];
    if (typeof value !== 'object' || value === null) continue;
    const inner = value as Record<string | number, Json>;
    const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
    for (const innerKey of keys) slots.push({ holder: inner, key: innerKey });
  }
  return slots;
}

function deepText(rng: Rng): string {
  const [open, close] = pick(rng, [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  return `${open.repeat(DEPTH)}1${close.repeat(DEPTH)}`;
}

/** One key of some object a second time, with another value. */
function withDuplicateKey(text: string, rng: Rng): string {
  const keys = [...text.matchAll(/"([^"\\]{1,60})":/g)];
  if (keys.length === 0) return text;
  const { 0: key, index } = pick(rng, keys);
  return `${text.slice(0, index)}${key}${JSON.stringify(pick(rng, STRANGERS))},${text.slice(index)}`;
}
