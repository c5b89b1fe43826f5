/**
 * @file What a client's operator may say in the URL, since it is all of the client that he writes: how texts are marked up,
 * which epoch he insists on, and what this client makes of an overload.
 */
import { z } from 'zod';
import { checkShape, type FieldProblem } from '#core';
import { CHAT_CHOICES, type ChatChoice } from './chat-formats.js';
import { BodyInvalidError } from './facade.errors.js';
import { fieldProblemsOf } from './field-problems.js';

export interface FacadeOptions {
  /** How texts with prompts in them are rendered. */
  readonly chat: ChatChoice;
  /** What becomes of a text in which it cannot be told where the response begins. */
  readonly unsplit: 'refuse' | 'whole';
  /** Texts that are cut off the end of plain responses, for instance `</s>`. */
  readonly trim: readonly string[];
  /** As `AnnotateRequest.epoch`; "0" accepts the one in service. */
  readonly epoch: string;
  /** Status of an overload: some clients repeat 503, but give up on 429. */
  readonly overload: 429 | 503;
  /** Where a reply may be a bare number: that, or an object that says more. */
  readonly reply: 'number' | 'object';
}

/** What holds where the URL says nothing; façades differ in how they read texts. */
export const FACADE_DEFAULTS: FacadeOptions = {
  chat: 'none',
  unsplit: 'refuse',
  trim: [],
  epoch: '0',
  overload: 429,
  reply: 'number',
};

const EPOCH_HEADER = 'metaapo-reward-epoch';

const epoch = z.string().regex(/^\d{1,18}$/, 'expected a whole number');

const parameters = {
  chat: z.enum(CHAT_CHOICES as readonly [ChatChoice, ...ChatChoice[]]),
  unsplit: z.enum(['refuse', 'whole']),
  trim: z.array(z.string().min(1)),
  epoch,
  overload: z.enum(['429', '503']).transform((text) => (text === '429' ? 429 : 503)),
  reply: z.enum(['number', 'object']),
} as const;

const schema = z.strictObject(parameters).partial();

/** @throws BodyInvalidError (`REQUEST_INVALID`) also for parameters that do not exist: they were meant to say something */
export function facadeOptions(
  query: URLSearchParams,
  headers: Readonly<Record<string, string | undefined>>,
  defaults: Partial<FacadeOptions>,
): FacadeOptions {
  const given: Record<string, unknown> = {};
  const twice: FieldProblem[] = [];
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    if (name !== 'trim' && values.length > 1) {
      twice.push({ field: name, description: `expected it once, got it ${values.length} times` });
    }
    given[name] = name === 'trim' ? values : values[0];
  }
  if (given['epoch'] === undefined && headers[EPOCH_HEADER] !== undefined) given['epoch'] = headers[EPOCH_HEADER];
  const checked = checkShape(schema, given);
  const problems = [...twice, ...fieldProblemsOf(checked.problems, 'query')];
  if (!checked.data || problems.length > 0) {
    throw new BodyInvalidError(`a query of ${Object.keys(parameters).join(', ')}`, problems);
  }
  return { ...FACADE_DEFAULTS, ...defaults, ...defined(checked.data) };
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
