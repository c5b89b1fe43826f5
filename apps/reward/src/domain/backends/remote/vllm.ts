/**
 * @file vLLM's `POST /classify`, for a model that it serves as a classifier.
 *
 *   request   { "model", "messages", … } one chat, rendered by the server; or with a template of our own
 *             { "model", "input": [text], "add_special_tokens": false, … }
 *   reply     { "model", "data": [{ "index", "probs": [number] }] }
 *
 * vLLM passes logits through a sigmoid or softmax unless told otherwise; a reward is the logit itself.
 *
 * Source: vLLM, `vllm/entrypoints/pooling/classify` and `vllm/entrypoints/pooling/base`.
 */
import { digestOfJson } from '#core';
import type { ChatMessage } from '../../reward-backend.js';
import { RewardModelBrokenError } from '../../reward.errors.js';
import { below } from '../http/endpoint.js';
import type { JsonReply } from '../http/http-caller.js';
import { RewardRemoteChangedError } from '../http/remote.errors.js';
import type { HttpProtocolOptions } from './openrlhf.js';
import type { RemoteCall, RemoteIdentity, RemoteProtocol, RemoteScore } from './remote-protocol.js';
import type { VllmSpec } from './remote-spec.js';
import { conversationOf, type RemoteTemplate } from './remote-template.js';
import { scoreOf } from './score-list.js';

type VllmPayload = { readonly text: string } | { readonly messages: readonly ChatMessage[] };
type Options = HttpProtocolOptions<VllmSpec, RemoteTemplate | undefined>;

export class Vllm implements RemoteProtocol<VllmPayload> {
  readonly executionProvider = 'http';
  readonly dtype = 'unknown';
  /** A chat is asked about alone: the server takes one per request. */
  readonly batchSize: number;
  readonly templateDigest: RemoteProtocol['templateDigest'];
  readonly facts: unknown;

  constructor(private readonly options: Options) {
    const { spec, template } = options;
    const { url, model, revision, label, activation = 'none' } = spec;
    this.batchSize = template ? (spec.batch_size ?? 16) : 1;
    this.templateDigest = template?.digest;
    this.facts = { url, model, revision, label, activation };
  }

  /** @throws RewardModelBrokenError where the server does not serve the model */
  async identify(signal: AbortSignal): Promise<RemoteIdentity> {
    const { caller, rewardModel, spec } = this.options;
    const reply = await caller.get(below(spec.url, 'v1/models'), signal);
    const data = (reply.json as { data?: unknown } | null)?.data;
    if (!Array.isArray(data)) throw reply.invalid('the models that are served, as "data"');
    const entries = data as readonly Readonly<Record<string, unknown> | null>[];
    const entry = entries.find((one) => one?.['id'] === spec.model);
    if (!entry) {
      const served = entries.map((one) => String(one?.['id'])).join(', ') || 'none';
      throw new RewardModelBrokenError(rewardModel, `expected ${spec.url} to serve ${spec.model}, it serves ${served}`);
    }
    const { id, root, provenance } = entry;
    return {
      id: String(id),
      ...(typeof root === 'string' && { root }),
      ...(provenance !== undefined && { provenance: digestOfJson(provenance) }), // as this project's own servers tell it
    };
  }

  payload(request: Parameters<RemoteProtocol['payload']>[0]): VllmPayload {
    const { template } = this.options;
    if (template) return { text: template.conversation(request) };
    return { messages: conversationOf(request).map(({ role, content }) => ({ role, content })) };
  }

  async scores(payloads: readonly VllmPayload[], call: RemoteCall): Promise<RemoteScore[]> {
    const { caller, spec } = this.options;
    const { idempotencyKey, ...options } = call;
    const body = {
      model: spec.model,
      ...inputOf(payloads),
      add_special_tokens: false, // templates write them
      ...(spec.activation !== 'server' && { use_activation: false }),
    };
    const reply = await caller.post({ url: below(spec.url, 'classify'), body, idempotencyKey }, options);
    const { model, data } = (reply.json ?? {}) as { model?: unknown; data?: unknown };
    if (typeof model === 'string' && model !== spec.model) {
      throw new RewardRemoteChangedError(reply.at, spec.model, model);
    }
    return this.read(data, payloads.length, reply);
  }

  close(): void {
    this.options.caller.close();
  }

  /** By `index`, not by place: each exactly once. */
  private read(data: unknown, asked: number, { invalid }: JsonReply): RemoteScore[] {
    const expected = `${asked} scores as "data", with the indices 0 to ${asked - 1} once each`;
    if (!Array.isArray(data) || data.length !== asked) throw invalid(expected);
    const scores = new Map<number, RemoteScore>();
    for (const entry of data as readonly unknown[]) {
      const { index, probs } = (entry ?? {}) as { index?: unknown; probs?: unknown };
      if (!Number.isSafeInteger(index) || (index as number) < 0 || (index as number) >= asked) throw invalid(expected);
      if (scores.has(index as number)) throw invalid(expected);
      scores.set(index as number, this.chosen(probs, invalid));
    }
    return Array.from({ length: asked }, (_, index) => scores.get(index)!);
  }

  private chosen(probs: unknown, invalid: JsonReply['invalid']): RemoteScore {
    const { rewardModel, spec } = this.options;
    if (!Array.isArray(probs) || probs.length === 0) throw invalid('a list of numbers as "probs"');
    const values = probs as readonly unknown[];
    if (spec.label === undefined && values.length > 1) {
      throw invalid(`one number as "probs", or with "label" a choice among ${values.length}`);
    }
    const at = spec.label ?? 0;
    if (at >= values.length) throw invalid(`more than ${at} numbers as "probs", for the label ${at}`);
    return scoreOf(values[at], rewardModel, () => invalid(`a number as "probs"[${at}]`));
  }
}

function inputOf(payloads: readonly VllmPayload[]): Readonly<Record<string, unknown>> {
  const [first] = payloads;
  if (first && 'messages' in first) return { messages: first.messages, add_generation_prompt: false };
  return { input: payloads.map((payload) => ('text' in payload ? payload.text : '')) };
}
