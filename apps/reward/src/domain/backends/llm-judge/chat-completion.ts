/** @file One question to a server that speaks OpenAI's chat completions, and its answer: text, refusal, and usage. */
import { below } from '../http/endpoint.js';
import type { HttpCaller, JsonReply, PostOptions } from '../http/http-caller.js';
import type { JudgeMessage } from './judge-prompt.js';
import type { JudgeSettings } from './judge-settings.js';
import type { TokenUsage } from './token-bill.js';

/** About four characters make a token of English; an estimate for the limit per minute alone. */
const CHARACTERS_PER_TOKEN = 4;

export interface Question {
  readonly messages: readonly JudgeMessage[];
  readonly schema: Readonly<Record<string, unknown>>;
  /** Null sends none. */
  readonly seed: number | null;
  readonly idempotencyKey: string | undefined;
}

export type Completion = {
  /** The name under which the model answered, where the server tells it. */
  readonly model: string | undefined;
  readonly usage: TokenUsage | undefined;
} & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refusal'; readonly text: string }
  /** The answer ended at the limit of tokens. */
  | { readonly kind: 'cut'; readonly text: string }
);

type Settings = Pick<JudgeSettings, 'model' | 'sampling' | 'maxTokens' | 'responseFormat'>;

/** @throws RewardRemoteError, also for a reply that is no chat completion */
export async function complete(
  caller: HttpCaller,
  baseUrl: string,
  settings: Settings,
  { messages, schema, seed, idempotencyKey }: Question,
  options: PostOptions,
): Promise<Completion> {
  const { model, sampling, maxTokens, responseFormat } = settings;
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
  const body = {
    ...sampling,
    model,
    messages,
    ...(seed !== null && { seed }),
    ...responseFormatOf(responseFormat, schema),
  };
  const tokenCount = Math.ceil(characters / CHARACTERS_PER_TOKEN) + maxTokens;
  const url = below(baseUrl, 'chat/completions');
  const reply = await caller.post({ url, body, idempotencyKey, tokenCount }, options);
  const completion = completionOf(reply);
  if (completion.usage) reply.spent(completion.usage.promptTokens + completion.usage.completionTokens);
  return completion;
}

function responseFormatOf(
  format: Settings['responseFormat'],
  schema: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (format === 'none') return {};
  if (format === 'json_object') return { response_format: { type: 'json_object' } };
  return { response_format: { type: 'json_schema', json_schema: { name: 'verdict', strict: true, schema } } };
}

function completionOf({ json, invalid }: JsonReply): Completion {
  const { choices, model, usage } = asObject(json);
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const { message, finish_reason: finishReason } = asObject(choice);
  const { content, refusal } = asObject(message);
  const facts = { model: typeof model === 'string' && model !== '' ? model : undefined, usage: usageOf(usage) };
  if (typeof refusal === 'string' && refusal !== '') return { ...facts, kind: 'refusal', text: refusal };
  if (finishReason === 'content_filter') return { ...facts, kind: 'refusal', text: 'its content filter' };
  const text = contentText(content);
  if (finishReason === 'length') return { ...facts, kind: 'cut', text: text ?? '' };
  if (text === undefined) throw invalid('a chat completion with choices[0].message.content');
  return { ...facts, kind: 'text', text };
}

/** The content is a text, or as some servers have it a list of parts. */
function contentText(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((part) => asObject(part)['text']);
  return texts.every((text) => typeof text === 'string') ? texts.join('') : undefined;
}

function usageOf(usage: unknown): TokenUsage | undefined {
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = asObject(usage);
  return isCount(promptTokens) && isCount(completionTokens) ? { promptTokens, completionTokens } : undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
