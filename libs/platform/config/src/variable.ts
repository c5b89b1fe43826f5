/**
 * @file One environment variable: name, rule, example, default, and how its text becomes a value.
 *
 * The helpers below make the kinds that the services use. All texts go through a zod schema, defaults included, so that
 * the table in a README shows exactly what a person would type.
 */
import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** A variable whose value becomes a `T`. */
export interface Variable<T> {
  /** Name in the environment, UPPER_SNAKE, unit last. */
  readonly name: string;
  /** What it sets; one sentence. */
  readonly description: string;
  /** What values are allowed, for people. */
  readonly rule: string;
  /** A value that could be typed. */
  readonly example: string;
  /** Text used when the variable is absent. */
  readonly default: string | undefined;
  /** False: it may be absent, and the value is then `undefined`. */
  readonly required: boolean;
  /** From the text to the value. */
  readonly schema: z.ZodType<T, string>;
}

/** What every helper takes. */
export interface VariableOptions {
  readonly name: string;
  readonly description: string;
  /** Text used when the variable is absent; without it the variable is required. */
  readonly default?: string;
  /** A value that could be typed. @default the default's text, else the kind's own example */
  readonly example?: string;
}

interface Kind<T> {
  readonly rule: string;
  readonly example: string;
  readonly schema: z.ZodType<T, string>;
}

/** A variable of any kind, with a schema from text to value. */
export function variable<T>(options: VariableOptions & Kind<T>): Variable<T> {
  return { required: true, ...options, default: options.default };
}

function ofKind<T>(options: VariableOptions, kind: Kind<T>): Variable<T> {
  return variable({ ...kind, ...options, example: options.example ?? options.default ?? kind.example });
}

/** The same variable, allowed to be absent. */
export function optional<T>(base: Variable<T>): Variable<T | undefined> {
  return { ...base, required: false };
}

/** Any text that is not empty. */
export function textVariable(options: VariableOptions): Variable<string> {
  return ofKind(options, { rule: 'text, not empty', example: 'text', schema: z.string().min(1) });
}

/** One word out of a list. */
export function choiceVariable<const T extends readonly [string, ...string[]]>(
  options: VariableOptions & { readonly choices: T },
): Variable<T[number]> {
  const { choices, ...rest } = options;
  return ofKind<T[number]>(rest, {
    rule: `one of ${choices.join(', ')}`,
    example: choices[0],
    schema: z.string().refine((text): text is T[number] => choices.includes(text)),
  });
}

/** A whole number within bounds, both included. */
export function integerVariable(
  options: VariableOptions & { readonly min?: number; readonly max?: number },
): Variable<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, ...rest } = options;
  const upper = max === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${max}`;
  return ofKind(rest, {
    rule: `whole number, at least ${min}${upper}`,
    example: String(min),
    schema: z
      .string()
      .regex(/^-?\d+$/)
      .transform(Number)
      .pipe(z.number().int().min(min).max(max)),
  });
}

/** A number within bounds, both included. */
export function numberVariable(
  options: VariableOptions & { readonly min: number; readonly max: number },
): Variable<number> {
  const { min, max, ...rest } = options;
  return ofKind(rest, {
    rule: `number, at least ${min} and at most ${max}`,
    example: String(min),
    schema: z
      .string()
      .regex(/^-?\d+(\.\d+)?(e-?\d+)?$/)
      .transform(Number)
      .pipe(z.number().min(min).max(max)),
  });
}

/** A time span as a whole number of milliseconds. */
export function durationMsVariable(options: VariableOptions & { readonly min?: number }): Variable<number> {
  return integerVariable({ min: 0, max: 2 ** 31 - 1, ...options });
}

const BYTE_UNITS = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
type ByteUnit = keyof typeof BYTE_UNITS;

/** An amount of memory: bytes, or with one of the units KiB, MiB, GiB. */
export function bytesVariable(options: VariableOptions & { readonly min?: number }): Variable<number> {
  const { min = 1, ...rest } = options;
  return ofKind(rest, {
    rule: `whole number of bytes, at least ${min}; KiB, MiB or GiB may follow`,
    example: '64MiB',
    schema: z
      .string()
      .regex(/^\d+(KiB|MiB|GiB)?$/)
      .transform((text) => {
        const unit = text.replace(/^\d+/, '') as ByteUnit;
        return Number.parseInt(text, 10) * BYTE_UNITS[unit];
      })
      .pipe(z.number().int().min(min).max(Number.MAX_SAFE_INTEGER)),
  });
}

/** A TCP port; 0 lets the system choose. */
export function portVariable(options: VariableOptions): Variable<number> {
  return integerVariable({ min: 0, max: 65_535, ...options });
}

const ADDRESS_PATTERN = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/;
const addressSchema = z.string().refine((text) => Number(ADDRESS_PATTERN.exec(text)?.[2] ?? 65_536) <= 65_535);

/** `host:port`. For a server, port 0 lets the system choose. */
export function addressVariable(options: VariableOptions): Variable<string> {
  return ofKind(options, {
    rule: 'host:port, port at most 65535; an IPv6 host in brackets',
    example: '127.0.0.1:50051',
    schema: addressSchema,
  });
}

/** Items between commas; blanks around them are dropped. */
export function commaListVariable(options: VariableOptions & { readonly min?: number }): Variable<readonly string[]> {
  const { min = 1, ...rest } = options;
  return ofKind(rest, {
    rule: `comma list of at least ${min}, no empty item`,
    example: 'a,b',
    schema: listSchema(z.string().min(1), min),
  });
}

/** `host:port` between commas. */
export function addressListVariable(options: VariableOptions & { readonly min?: number }): Variable<readonly string[]> {
  const { min = 1, ...rest } = options;
  return ofKind(rest, {
    rule: `comma list of at least ${min} host:port`,
    example: '127.0.0.1:50051,127.0.0.1:50052',
    schema: listSchema(addressSchema, min),
  });
}

const NAME_PATTERN = /^dns:\/\/\/([A-Za-z0-9._-]+):(\d{1,5})$/;
const replicaSchema = z.union([
  addressSchema,
  z.string().refine((text) => Number(NAME_PATTERN.exec(text)?.[2] ?? 65_536) <= 65_535),
]);

/** Replicas between commas: each is one address, or a DNS name all of whose addresses are replicas. */
export function replicaListVariable(options: VariableOptions & { readonly min?: number }): Variable<readonly string[]> {
  const { min = 1, ...rest } = options;
  return ofKind(rest, {
    rule: `comma list of at least ${min} host:port, or dns:///name:port for every address of a name`,
    example: 'dns:///policy:50051',
    schema: listSchema(replicaSchema, min),
  });
}

function listSchema(item: z.ZodType<string, string>, min: number): z.ZodType<readonly string[], string> {
  return z
    .string()
    .transform((text) => (text.trim() === '' ? [] : text.split(',').map((part) => part.trim())))
    .pipe(z.array(item).min(min));
}

/** A path; relative ones are allowed unless `absolute`. */
export function pathVariable(options: VariableOptions & { readonly absolute?: boolean }): Variable<string> {
  const { absolute = false, ...rest } = options;
  return ofKind(rest, {
    rule: absolute ? 'absolute path' : 'path',
    example: absolute ? '/models/base' : './model',
    schema: z
      .string()
      .min(1)
      .refine((text) => !absolute || isAbsolute(text)),
  });
}

/** JSON that a schema accepts. */
export function jsonVariable<T>(
  options: VariableOptions & { readonly schema: z.ZodType<T>; readonly rule: string; readonly example: string },
): Variable<T> {
  const { schema, ...rest } = options;
  return variable({ ...rest, schema: jsonText.pipe(schema) });
}

const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    context.addIssue({ code: 'custom', message: `not JSON: ${thrown instanceof Error ? thrown.message : ''}` });
    return z.NEVER;
  }
});
