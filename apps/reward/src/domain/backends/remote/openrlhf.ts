/**
 * @file OpenRLHF's reward servers: `POST /get_reward`, as its trainer asks them.
 *
 *   request   { "query": [prompt and response], "prompts": [prompt], "labels": [null] }   all texts rendered
 *   reply     { "rewards": [number] }, and "scores" and "extra_logs", which are passed over
 *
 * Source: OpenRLHF 0.11, `openrlhf/utils/agent.py` and `openrlhf/cli/serve_rm.py`.
 */
import type { HttpCaller } from '../http/http-caller.js';
import type { RemoteProtocol } from './remote-protocol.js';
import type { OpenrlhfSpec } from './remote-spec.js';
import type { RemoteTemplate, RenderedPair } from './remote-template.js';
import { scoreList } from './score-list.js';

export interface HttpProtocolOptions<Spec, Template> {
  readonly rewardModel: string;
  readonly spec: Spec;
  readonly template: Template;
  readonly caller: HttpCaller;
}

export function openrlhf({
  rewardModel,
  spec,
  template,
  caller,
}: HttpProtocolOptions<OpenrlhfSpec, RemoteTemplate>): RemoteProtocol<RenderedPair> {
  const { url, model, revision, batch_size: batchSize = 16 } = spec;
  return {
    executionProvider: 'http',
    dtype: 'unknown',
    batchSize,
    templateDigest: template.digest,
    facts: { url, model, revision },
    identify: () => Promise.resolve({}),
    payload: (request) => template.render(request),
    scores: async (pairs, { idempotencyKey, ...options }) => {
      const body = {
        query: pairs.map(({ whole }) => whole),
        prompts: pairs.map(({ prompt }) => prompt),
        labels: pairs.map(() => null),
      };
      const reply = await caller.post({ url, body, idempotencyKey }, options);
      const rewards = (reply.json as { rewards?: unknown } | null)?.rewards;
      return scoreList(rewards, { asked: pairs.length, where: '"rewards"', rewardModel }, reply);
    },
    close: () => caller.close(),
  };
}
