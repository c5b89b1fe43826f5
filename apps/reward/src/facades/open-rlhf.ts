/**
 * @file OpenRLHF's remote reward model: `--reward.remote_url http://…/get_reward` (before 0.9 `--remote_rm_url`).
 *
 * The client sends `query`, each the decoded tokens of prompt and response with all special tokens, and since 0.6 also
 * `prompts` and `labels`. With several URLs the current client sends everything to the first and empty lists to the others,
 * and counts a refusal of one as a failure of all: an empty list gets an empty answer. It repeats any failure five times,
 * then goes on without a reward.
 *
 * Read at OpenRLHF 3c3be62 (openrlhf/utils/agent.py) and before 6298708 (openrlhf/utils/remote_rm_utils.py). `extra_logs`
 * has the same keys in every reply, since older clients join the replies of several servers key by key.
 */
import { z } from 'zod';
import type { FieldProblem } from '#core';
import { texts, textsOrNulls } from './chat-bodies.js';
import type { Facade } from './facade.js';
import { BodyInvalidError } from './facade.errors.js';
import { readBody } from './field-problems.js';
import { provenanceBody } from './facade-reply.js';
import { readWhole } from './rendered-texts.js';

const WHAT = 'a body as OpenRLHF sends it: {"query": [text…], "prompts": [text…], "labels": […]}';

const body = z.object({
  query: texts,
  prompts: textsOrNulls.nullish(),
});

export const openRlhf: Facade = {
  paths: ['/get_reward'],
  defaults: { chat: 'auto', unsplit: 'refuse' },
  read: (sent, options, checkBatch) => {
    const { query, prompts } = readBody(body, sent, WHAT);
    checkBatch(query.length);
    if (prompts && prompts.length !== query.length) throw new BodyInvalidError(WHAT, [lengthProblem(query, prompts)]);
    const items = query.map((text, index) => ({
      ...readWhole(text, prompts?.[index] ?? undefined, options),
      field: `query[${index}]`,
    }));
    return { items };
  },
  reply: ({ scores, provenance }) => {
    const rewards = scores.map(({ score }) => score);
    return {
      rewards,
      scores: rewards,
      extra_logs: { reward_epoch: rewards.map(() => provenance.epoch) },
      provenance: provenanceBody(provenance),
    };
  },
};

function lengthProblem(query: readonly unknown[], prompts: readonly unknown[]): FieldProblem {
  return { field: 'prompts', description: `expected ${query.length} texts, as many as query, got ${prompts.length}` };
}
