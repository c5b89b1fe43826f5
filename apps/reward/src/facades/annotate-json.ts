/**
 * @file `RewardService.Annotate` in JSON, for reward functions that one writes oneself (TRL, verl): several responses to a
 * prompt, chats as messages, and an outcome of its own for each response, so that one bad one does not spoil the rest.
 *
 * A score that is missing is null, with its reason beside it.
 */
import { z } from 'zod';
import type { AppError } from '#core';
import type { HttpRoute } from '#platform/http';
import type { AnnotatedItem, AnnotateItem } from '../domain/annotator.js';
import type { ScoreOutcome } from '../domain/reward-backend.js';
import { chatMessage, promptBody } from './chat-bodies.js';
import { listOf } from './json-lists.js';
import type { FacadeAnnotator } from './facade-annotator.js';
import { facadeOptions } from './facade-options.js';
import { provenanceBody, replyHeaders } from './facade-reply.js';
import { requestIdOf, withOverload } from './facade-call.js';
import { readBody } from './field-problems.js';

const WHAT =
  'a body {"model"?, "items": [{"prompt": text or [{role, content}…], "responses": [text or [one message of the assistant]…]}…]}';

/** A completion as TRL gives it: text, or a list of its one message. */
const response = z
  .union([z.string(), z.tuple([chatMessage])], 'expected text, or a list of one message')
  .transform((value) => (typeof value === 'string' ? value : value[0].content));

const body = z.object({
  model: z.string().nullish(),
  items: listOf(z.object({ prompt: promptBody, responses: listOf(response) })),
});

export function annotateRoute(annotator: FacadeAnnotator): HttpRoute['handle'] {
  return async ({ params, query, headers, body: sent, signal }) => {
    const options = facadeOptions(query, headers, {});
    return await withOverload(options, async () => {
      const { model, items } = readBody(body, sent, WHAT);
      const rewardModel = annotator.rewardModelOf(params['name'] ?? model ?? undefined);
      annotator.services.checkBatch(items.reduce((sum, { responses }) => sum + responses.length, 0));
      const requestId = requestIdOf(headers);
      const call = { requestId, rewardModel, epoch: options.epoch, items: items.map(toItem) };
      const result = await annotator.services.annotate(call, signal);
      return {
        status: 200,
        headers: replyHeaders(result.provenance, { ...result, requestId }),
        body: {
          items: result.items.map((item, index) => itemBody(item, items[index]!.responses.length)),
          provenance: provenanceBody(result.provenance),
        },
      };
    });
  };
}

function toItem({ prompt, responses }: z.output<typeof body>['items'][number], index: number): AnnotateItem {
  return {
    itemId: String(index),
    prompt: typeof prompt === 'string' ? { kind: 'text', text: prompt } : { kind: 'conversation', messages: prompt },
    responses: responses.map((text) => ({ kind: 'text', text, truncated: false })),
  };
}

/** Lists of one length: a place in each for every response. */
function itemBody(item: AnnotatedItem, responseCount: number): unknown {
  const outcomes: readonly ScoreOutcome[] = item.ok
    ? item.annotations
    : Array.from({ length: responseCount }, () => ({ ok: false as const, error: item.error }));
  return {
    scores: outcomes.map((outcome) => (outcome.ok ? outcome.score : null)),
    components: outcomes.map((outcome) => (outcome.ok ? outcome.components : null)),
    errors: outcomes.map((outcome) => (outcome.ok ? null : errorBody(outcome.error))),
  };
}

function errorBody({ code, message }: AppError): { code: string; message: string } {
  return { code, message };
}
