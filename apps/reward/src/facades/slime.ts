/**
 * @file slime's remote reward model: `--rm-type remote_rm --rm-url http://…/rm`.
 *
 * The client sends one sample, {"prompt", "response", "label"}, and takes the whole JSON answer as the reward: a number, or
 * with `--reward-key` an object that has it under that key (`?reply=object`, key `score`). It repeats any failure ten times
 * with growing delays, then the run fails. The prompt is text, rendered where slime applies the chat template, or messages.
 * Read at slime 624b824 (slime/rollout/rm_hub/__init__.py).
 */
import { z } from 'zod';
import { promptBody } from './chat-bodies.js';
import type { Facade } from './facade.js';
import type { FacadeOptions } from './facade-options.js';
import { readBody } from './field-problems.js';
import { text } from './json-lists.js';
import { provenanceBody } from './facade-reply.js';
import { readMessages, readPair, type ReadItem } from './rendered-texts.js';

const WHAT = 'a body as slime sends it: {"prompt": text or [{role, content}…], "response": text, "label": any}';

const body = z.object({ prompt: promptBody, response: text });

export const slime: Facade = {
  paths: ['/rm'],
  defaults: { chat: 'auto' },
  read: (sent, options) => ({ items: [{ ...readSample(readBody(body, sent, WHAT), options), field: 'response' }] }),
  reply: ({ scores, provenance, options: { reply } }) => {
    const score = scores[0]!;
    if (reply === 'number') return score.score;
    return { score: score.score, components: score.components, provenance: provenanceBody(provenance) };
  },
};

function readSample({ prompt, response }: z.output<typeof body>, options: FacadeOptions): ReadItem {
  if (typeof prompt === 'string') return readPair(prompt, response, options);
  return readMessages([...prompt, { role: 'assistant', content: response }]);
}
