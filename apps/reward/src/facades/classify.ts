/**
 * @file vLLM's classification API, which verl asks for the scores of discriminative reward models: `/classify` with
 * `input`, one text or several, or with `messages`.
 *
 * verl renders prompt and response with the reward model's own chat template, without its begin token, and takes
 * `data[-1].probs[-1]`; it repeats 5xx up to 16 times and gives up on any 4xx. Read at verl 1dda039
 * (verl/experimental/reward_loop/reward_loop.py) and vLLM 055e47c (entrypoints/pooling/classify/protocol.py).
 *
 * The one class is the reward: `probs` has one number, which is no probability unless the reward model says so. Settings
 * that would make another score of it belong to the reward model, not to a request, and are refused by name.
 */
import { z } from 'zod';
import { TokenIdsUnsupportedError } from '../domain/reward.errors.js';
import { chatMessages, textOrList } from './chat-bodies.js';
import type { Facade } from './facade.js';
import type { FacadeItem } from './facade-annotator.js';
import type { FacadeOptions } from './facade-options.js';
import { readBody } from './field-problems.js';
import { NO_USAGE, createdS, provenanceBody } from './facade-reply.js';
import { anyList, elementsOf, text } from './json-lists.js';
import { readMessages, readWhole, type ReadItem } from './rendered-texts.js';

const WHAT =
  'a body as vLLM takes it: {"model"?, "input": text or [text…]} or {"model"?, "messages": [{role, content}…]}';

const OWN_SETTING = 'expected it to be left out: it is a setting of the reward model (REWARD_MODELS), not of a request';
/** Left out, null or false: whatever would not change the score. */
const notHere = z.union([z.null(), z.literal(false)], OWN_SETTING).optional();

type Input = string | readonly unknown[];

/** One text or token ids of one, or a list of such; token ids are lists, which nobody reads. */
const inputs = textOrList('text, or a list of texts').transform((value, context): Input[] => {
  if (typeof value === 'string' || typeof value[0] === 'number') return [value];
  return elementsOf(value, z.union([text, anyList], 'expected text'), context);
});

const body = z
  .object({
    model: z.string().nullish(),
    input: inputs.nullish(),
    messages: chatMessages.nullish(),
    use_activation: notHere,
    activation: notHere,
    softmax: notHere,
    truncate_prompt_tokens: notHere,
    chat_template: notHere,
    chat_template_kwargs: notHere,
    add_generation_prompt: notHere,
    continue_final_message: notHere,
    mm_processor_kwargs: notHere,
  })
  .refine(({ input, messages }) => (input ?? null) === null || !messages, {
    path: ['messages'],
    message: 'expected input or messages, got both',
  })
  .refine(({ input, messages }) => (input ?? null) !== null || messages, {
    path: ['input'],
    message: 'expected input or messages, got neither',
  });

export const classify: Facade = {
  paths: ['/classify'],
  defaults: { chat: 'auto', unsplit: 'whole' },
  read: (sent, options, checkBatch) => {
    const { model, input, messages } = readBody(body, sent, WHAT);
    checkBatch(input?.length ?? 1);
    const items: FacadeItem[] = messages
      ? [{ ...readMessages(messages), field: 'messages' }]
      : (input ?? []).map((one, index) => ({ ...readInput(one, options), field: `input[${index}]` }));
    return { items, rewardModel: model ?? undefined };
  },
  reply: ({ scores, provenance, requestId }) => ({
    id: `classify-${requestId}`,
    object: 'list',
    created: createdS(),
    model: provenance.rewardModel,
    data: scores.map(({ score }, index) => ({ index, label: null, probs: [score], num_classes: 1 })),
    usage: NO_USAGE,
    provenance: provenanceBody(provenance),
  }),
};

function readInput(input: Input, options: FacadeOptions): ReadItem {
  if (typeof input === 'string') return readWhole(input, undefined, options);
  return { ok: false, error: new TokenIdsUnsupportedError('input', 'reward model') };
}
