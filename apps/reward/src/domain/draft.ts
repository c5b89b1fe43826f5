/** @file An item on its way: what it asks of the backend, and how its result is put together from the outcomes. */
import { type AppError, RequestInvalidError } from '#core';
import type { AnnotateItem, AnnotatedItem } from './annotator.js';
import { scoreKey } from './request-log.js';
import type { ScoreOutcome, ScoreRequest } from './reward-backend.js';
import { promptText, scoreRequest } from './score-request.js';

export interface Draft {
  readonly itemId: string;
  /** Responses that can be scored; `key` is absent where the request has no id. */
  readonly asked: readonly { readonly key?: string; readonly request: ScoreRequest }[];
  /** @param outcomes of `asked`, in order */
  readonly finish: (outcomes: readonly ScoreOutcome[]) => AnnotatedItem;
}

/** @param backend kind of backend, for messages */
export function draftOf({ itemId, prompt, responses }: AnnotateItem, backend: string, requestId: string): Draft {
  const failed = (error: AppError): Draft => ({ itemId, asked: [], finish: () => ({ itemId, ok: false, error }) });
  const checkedPrompt = promptText(prompt, backend);
  if (!checkedPrompt.ok) return failed(checkedPrompt.error);
  if (responses.length === 0) return failed(RequestInvalidError.of('responses', 'at least one response', 'none'));
  const checked = responses.map((response) => scoreRequest(checkedPrompt.value, response, backend));
  return {
    itemId,
    asked: checked.flatMap((one, index) => {
      if (!one.ok) return [];
      return [{ ...(requestId !== '' && { key: scoreKey(requestId, itemId, index) }), request: one.value }];
    }),
    finish: (outcomes) => {
      const left = outcomes.values();
      return { itemId, ok: true, annotations: checked.map((one) => (one.ok ? left.next().value! : one)) };
    },
  };
}
