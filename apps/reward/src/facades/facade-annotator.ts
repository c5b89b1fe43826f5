/**
 * @file How all façades ask for scores: the same admission, repetition, epochs and provenance as `RewardService.Annotate`.
 */
import type { AppError } from '#core';
import type { AnnotateItem, AnnotateResult } from '../domain/annotator.js';
import type { Provenance } from '../domain/provenance.js';
import type { Score, ScoreOutcome } from '../domain/reward-backend.js';
import { ItemsFailedError, ItemsRefusedError, RewardModelUnnamedError, type ItemProblem } from './facade.errors.js';
import type { BatchCheck } from './facade.js';
import type { ReadItem } from './rendered-texts.js';

/** What the façades need of the service. */
export interface FacadeServices {
  /** As `RewardService.Annotate`. */
  annotate(call: AnnotateCall, signal: AbortSignal): Promise<AnnotateResult>;
  readonly checkBatch: BatchCheck;
  /** What is in service, or warm under an epoch. @throws RewardModelUnknownError, RewardEpochMismatchError */
  provenanceOf(rewardModel: string, epoch: string): Provenance;
  /** Names in service, sorted. */
  rewardModels(): readonly string[];
  /** The one meant where none is named. */
  readonly defaultRewardModel: string | undefined;
}

export interface AnnotateCall {
  /** Empty: the request is one of its own and ends with its client. */
  readonly requestId: string;
  readonly rewardModel: string;
  /** "0" accepts the epoch in service. */
  readonly epoch: string;
  readonly items: readonly AnnotateItem[];
}

/** One prompt with one response, and where it stands in the request. */
export type FacadeItem = ReadItem & { readonly field: string };

export interface FacadeCall extends Omit<AnnotateCall, 'items'> {
  readonly items: readonly FacadeItem[];
}

export interface FacadeOutcome {
  /** One for each item, in order. */
  readonly outcomes: readonly ScoreOutcome[];
  readonly provenance: Provenance;
  readonly queueMs: number;
  readonly tokenizeMs: number;
  readonly computeMs: number;
}

export class FacadeAnnotator {
  constructor(readonly services: FacadeServices) {}

  /** The model that a request means. @throws RewardModelUnnamedError (`REWARD_MODEL_UNKNOWN`) */
  rewardModelOf(named: string | undefined): string {
    if (named !== undefined && named !== '') return named;
    const { defaultRewardModel } = this.services;
    const known = this.services.rewardModels();
    const only = known.length === 1 ? known[0] : undefined;
    const rewardModel = defaultRewardModel ?? only;
    if (rewardModel === undefined) throw new RewardModelUnnamedError(known);
    return rewardModel;
  }

  /** Scores what can be read; what cannot has its reason as its outcome, and asks nothing of the model. */
  async outcomes({ items, ...call }: FacadeCall, signal: AbortSignal): Promise<FacadeOutcome> {
    const provenance = this.services.provenanceOf(call.rewardModel, call.epoch);
    const readable = items.flatMap((item, index): AnnotateItem[] =>
      item.ok ? [{ itemId: String(index), prompt: item.prompt, responses: [item.response] }] : [],
    );
    if (readable.length === 0) {
      return { outcomes: outcomesOf(items, []), provenance, queueMs: 0, tokenizeMs: 0, computeMs: 0 };
    }
    const result = await this.services.annotate({ ...call, items: readable }, signal);
    return { ...result, outcomes: outcomesOf(items, result.items.map(onlyOutcome)) };
  }

  /**
   * Scores all items. For replies that have room for scores only: where one is missing there is no reply. What cannot be
   * read is refused before anything is paid for.
   *
   * @throws ItemsRefusedError (`ITEMS_REFUSED`), ItemsFailedError (`ITEMS_FAILED`)
   */
  async scores(call: FacadeCall, signal: AbortSignal): Promise<FacadeOutcome & { readonly scores: readonly Score[] }> {
    this.services.provenanceOf(call.rewardModel, call.epoch);
    const unread = call.items.flatMap((item, index) => (item.ok ? [] : [problemOf(call, index, item.error)]));
    if (unread.length > 0) throw new ItemsRefusedError(unread, call.items.length);
    const result = await this.outcomes(call, signal);
    return { ...result, scores: allScores(call, result.outcomes) };
  }
}

/** @throws ItemsRefusedError, ItemsFailedError */
export function allScores(call: Pick<FacadeCall, 'items'>, outcomes: readonly ScoreOutcome[]): readonly Score[] {
  const problems = outcomes.flatMap((outcome, index) => (outcome.ok ? [] : [problemOf(call, index, outcome.error)]));
  // With one item that can never be scored, no repetition of the request can succeed.
  if (problems.some(({ error }) => error.status === 'INVALID_ARGUMENT')) {
    throw new ItemsRefusedError(problems, outcomes.length);
  }
  if (problems.length > 0) throw new ItemsFailedError(problems, outcomes.length);
  return outcomes.flatMap((outcome) => (outcome.ok ? [outcome] : []));
}

function problemOf({ items }: Pick<FacadeCall, 'items'>, index: number, error: AppError): ItemProblem {
  return { index, field: items[index]?.field ?? `items[${index}]`, error };
}

/** Outcomes of all items: those that were asked for, in order, between those that could not be read. */
function outcomesOf(items: readonly FacadeItem[], asked: readonly ScoreOutcome[]): ScoreOutcome[] {
  const rest = [...asked];
  return items.map((item) => (item.ok ? rest.shift()! : { ok: false, error: item.error }));
}

function onlyOutcome(item: AnnotateResult['items'][number]): ScoreOutcome {
  return item.ok ? item.annotations[0]! : { ok: false, error: item.error };
}
