/**
 * @file vLLM's score API, in which prompt and response are two texts: `/score` and `/v1/score`, one text against many or
 * pairs. Field names as vLLM has had them: `queries` and `documents` or `items`, `text_1` and `text_2`, `data_1` and
 * `data_2`. Read at vLLM 004706d (entrypoints/pooling/scoring/protocol.py).
 */
import { z } from 'zod';
import { texts } from './chat-bodies.js';
import type { Facade } from './facade.js';
import { BodyInvalidError } from './facade.errors.js';
import { readBody } from './field-problems.js';
import { NO_USAGE, createdS, provenanceBody } from './facade-reply.js';
import { readPair } from './rendered-texts.js';

const WHAT = 'a body as vLLM takes it: {"model"?, "queries": text or [text…], "documents": text or [text…]}';

const body = z.object({
  model: z.string().nullish(),
  queries: texts.optional(),
  text_1: texts.optional(),
  data_1: texts.optional(),
  documents: texts.optional(),
  items: texts.optional(),
  text_2: texts.optional(),
  data_2: texts.optional(),
});

export const scorePairs: Facade = {
  paths: ['/score', '/v1/score'],
  defaults: { chat: 'none' },
  read: (sent, options, checkBatch) => {
    const { model, ...fields } = readBody(body, sent, WHAT);
    const prompts = onlyOf(fields, ['queries', 'text_1', 'data_1']);
    const responses = onlyOf(fields, ['documents', 'items', 'text_2', 'data_2']);
    checkBatch(responses.texts.length);
    if (prompts.texts.length !== 1 && prompts.texts.length !== responses.texts.length) {
      const description = `expected one text, or ${responses.texts.length} as in ${responses.field}, got ${prompts.texts.length}`;
      throw new BodyInvalidError(WHAT, [{ field: prompts.field, description }]);
    }
    const items = responses.texts.map((response, index) => ({
      ...readPair(prompts.texts[index] ?? prompts.texts[0]!, response, options),
      field: `${responses.field}[${index}]`,
    }));
    return { items, rewardModel: model ?? undefined };
  },
  reply: ({ scores, provenance, requestId }) => ({
    id: `score-${requestId}`,
    object: 'list',
    created: createdS(),
    model: provenance.rewardModel,
    data: scores.map(({ score }, index) => ({ index, object: 'score', score })),
    usage: NO_USAGE,
    provenance: provenanceBody(provenance),
  }),
};

type Fields = Omit<z.output<typeof body>, 'model'>;

/** The one field that was given under any of its names. */
function onlyOf(fields: Fields, names: readonly (keyof Fields)[]): { field: string; texts: readonly string[] } {
  const given = names.flatMap((name) => (fields[name] === undefined ? [] : [{ field: name, texts: fields[name] }]));
  const [first] = given;
  if (first && given.length === 1) return first;
  const got = given.map(({ field }) => field).join(', ') || 'none';
  throw new BodyInvalidError(WHAT, [
    { field: names[0]!, description: `expected one of ${names.join(', ')}, got ${got}` },
  ]);
}
