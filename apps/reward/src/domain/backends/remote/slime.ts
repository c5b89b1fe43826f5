/**
 * @file Reward servers of slime's shape (`--rm-url`): one response at a time.
 *
 *   request   { "prompt": text or turns, "response": text, "label": null }
 *   reply     a number, or an object with the number under `score_key`, slime's `--reward-key`
 *
 * Source: slime, `slime/rollout/rm_hub/__init__.py` and `slime/utils/types.py`.
 */
import { present } from '#core';
import type { ChatMessage } from '../../reward-backend.js';
import type { HttpProtocolOptions } from './openrlhf.js';
import type { RemoteProtocol } from './remote-protocol.js';
import type { SlimeSpec } from './remote-spec.js';
import type { RemoteTemplate } from './remote-template.js';
import { scoreOf } from './score-list.js';

interface SlimePayload {
  readonly prompt: string | readonly ChatMessage[];
  readonly response: string;
  readonly label: null;
}

export function slime({
  rewardModel,
  spec,
  template,
  caller,
}: HttpProtocolOptions<SlimeSpec, RemoteTemplate | undefined>): RemoteProtocol<SlimePayload> {
  const { url, model, revision, score_key: scoreKey } = spec;
  return {
    executionProvider: 'http',
    dtype: 'unknown',
    batchSize: 1,
    templateDigest: template?.digest,
    facts: { url, model, revision, scoreKey },
    identify: () => Promise.resolve({}),
    payload: (request) => {
      const { messages, text } = request.prompt;
      const asSent = messages.length > 0 ? messages.map(({ role, content }) => ({ role, content })) : text;
      return { prompt: template?.render(request).prompt ?? asSent, response: request.response, label: null };
    },
    scores: async ([payload], { idempotencyKey, ...options }) => {
      const body = present(payload, 'payload');
      const reply = await caller.post({ url, body, idempotencyKey }, options);
      const { json, invalid } = reply;
      if (scoreKey === undefined)
        return [scoreOf(json, rewardModel, () => invalid('a number, or with "score_key" an object'))];
      const value = typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[scoreKey] : undefined;
      return [scoreOf(value, rewardModel, () => invalid(`an object with a number as ${JSON.stringify(scoreKey)}`))];
    },
    close: () => caller.close(),
  };
}
