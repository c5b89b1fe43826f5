/** @file Between the messages of `reward.proto` and the domain. */
import type { Prompt__Output, Response__Output } from '#contracts/common';
import type {
  AnnotateItem__Output as WireAnnotateItem,
  AnnotateRequest__Output,
  AnnotateResponse,
  AnnotatedItem as WireItem,
  Annotation,
  Provenance as WireProvenance,
} from '#contracts/reward';
import { okStatus, toItemStatus, toTiming } from '#platform/rpc';
import type { AnnotateCommand, AnnotateItem, AnnotateResult, AnnotatedItem } from './domain/annotator.js';
import type { Provenance } from './domain/provenance.js';
import type { ScoreOutcome } from './domain/reward-backend.js';
import type { PromptForm, ResponseForm } from './domain/score-request.js';

export function toAnnotateCommand(request: AnnotateRequest__Output): AnnotateCommand {
  const { requestId, rewardModel, epoch, weightsDigest, items } = request;
  return {
    requestId,
    rewardModel,
    epoch,
    ...(weightsDigest !== '' && { weightsDigest }),
    items: items.map(toAnnotateItem),
  };
}

export function toAnnotateItem({ itemId, prompt, responses }: WireAnnotateItem): AnnotateItem {
  return { itemId, prompt: promptForm(prompt), responses: responses.map(responseForm) };
}

function promptForm(prompt: Prompt__Output | null): PromptForm {
  switch (prompt?.form) {
    case 'conversation':
      return { kind: 'conversation', messages: prompt.conversation?.messages ?? [] };
    case 'text':
      return { kind: 'text', text: prompt.text ?? '' };
    case 'tokenIds':
      return { kind: 'token_ids' };
    case undefined:
    default:
      return { kind: 'absent' };
  }
}

function responseForm({ form, text, truncated }: Response__Output): ResponseForm {
  switch (form) {
    case 'text':
      return { kind: 'text', text: text ?? '', truncated };
    case 'tokenIds':
      return { kind: 'token_ids', truncated };
    case undefined:
    default:
      return { kind: 'absent', truncated };
  }
}

/** @param totalMs from arrival to answer */
export function toAnnotateResponse(result: AnnotateResult, totalMs: number): AnnotateResponse {
  const { items, provenance, queueMs, tokenizeMs, computeMs } = result;
  return {
    items: items.map(toWireItem),
    provenance: toWireProvenance(provenance),
    timing: toTiming({ queueMs, tokenizeMs, computeMs, totalMs }),
  };
}

function toWireItem(item: AnnotatedItem): WireItem {
  if (!item.ok) return { itemId: item.itemId, status: toItemStatus(item.error), annotations: [] };
  return { itemId: item.itemId, status: okStatus(), annotations: item.annotations.map(toAnnotation) };
}

function toAnnotation(outcome: ScoreOutcome): Annotation {
  if (!outcome.ok) return { status: toItemStatus(outcome.error) };
  return { status: okStatus(), score: outcome.score, components: outcome.components };
}

export function toWireProvenance(provenance: Provenance): WireProvenance {
  return { ...provenance, epoch: String(provenance.epoch) };
}
