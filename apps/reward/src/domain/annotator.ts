/**
 * @file Annotates responses with rewards: admission, checks, the backend's work, and checks of what it gave.
 *
 * A call holds its model from admission to its end, so all its scores come from one epoch whatever is swapped meanwhile.
 *
 * Where there is a log of requests, a request is entered before it is paid for, each score as soon as it is bought, and a
 * repetition asks the backend only for what is missing.
 *
 * One bad response or prompt fails alone. A failure never becomes a zero, and nothing that is not a finite number within
 * the model's own range becomes a score.
 */
import { type AppError, type Clock, digestOfJson } from '#core';
import { checkedOutcome } from './checked-outcome.js';
import { draftOf, type Draft } from './draft.js';
import type { AnsweredItem } from './lifecycle/shadow.js';
import type { Provenance } from './provenance.js';
import { idempotencyKey, type RequestEntry, type RequestLog } from './request-log.js';
import type { ScoreOptions, ScoreOutcome, ScoreWork } from './reward-backend.js';
import type { EpochPin, RewardRegistry, ServedModel } from './reward-registry.js';
import { checkItems, checkRequestId } from './request-checks.js';
import type { PromptForm, ResponseForm } from './score-request.js';

export interface AnnotateItem {
  /** Unique within the request. */
  readonly itemId: string;
  readonly prompt: PromptForm;
  readonly responses: readonly ResponseForm[];
}

/** Without `weightsDigest` any model of that epoch will do. */
export interface AnnotateCommand extends EpochPin {
  readonly requestId: string;
  readonly rewardModel: string;
  /** As on the wire; "0" accepts the epoch in service. */
  readonly epoch: string;
  readonly items: readonly AnnotateItem[];
}

/** One outcome per response, or the reason why the prompt has none. */
export type AnnotatedItem = { readonly itemId: string } & (
  | { readonly ok: true; readonly annotations: readonly ScoreOutcome[] }
  | { readonly ok: false; readonly error: AppError }
);

export interface AnnotateResult {
  readonly items: readonly AnnotatedItem[];
  readonly provenance: Provenance;
  /** Waiting until the backend began, in milliseconds. */
  readonly queueMs: number;
  /** Rendering and encoding texts, where the backend tells it, in milliseconds. */
  readonly tokenizeMs: number;
  /** The rest, to the last outcome, in milliseconds. */
  readonly computeMs: number;
}

/** Hears of every response that the backend worked on; `outcome` is `ok` or the error's code. For metrics. */
export type AnnotationListener = (rewardModel: string, outcome: string) => void;

/** Sees what was answered, afterwards; must neither throw nor take long. */
export interface AnswerObserver {
  /** False: nobody is interested, and nothing need be put together. */
  wants(model: ServedModel): boolean;
  observe(model: ServedModel, items: readonly AnsweredItem[]): void;
}

export interface AnnotatorOptions {
  readonly registry: RewardRegistry;
  readonly clock: Clock;
  readonly onAnnotation?: AnnotationListener;
  /** Absent: a restart forgets what was paid for. */
  readonly log?: RequestLog | undefined;
  readonly observer?: AnswerObserver | undefined;
}

export class Annotator {
  constructor(private readonly options: AnnotatorOptions) {}

  async annotate(command: AnnotateCommand, signal: AbortSignal): Promise<AnnotateResult> {
    checkRequestId(command.requestId);
    checkItems(command.items);
    const { model, release } = this.options.registry.lease(command.rewardModel, command);
    try {
      return await this.annotated(command, model, signal);
    } finally {
      release();
    }
  }

  private async annotated(command: AnnotateCommand, model: ServedModel, signal: AbortSignal): Promise<AnnotateResult> {
    const { clock } = this.options;
    const drafts = command.items.map((item) => draftOf(item, model.description.kind, command.requestId));
    const entry = this.begun(command, model);
    const outcomes = drafts.flatMap(({ asked }) => asked.map(({ key }) => boughtOutcome(entry, key)));
    const missing = outcomes.flatMap((outcome, index) => (outcome ? [] : [index]));
    model.queue.enter(missing.length);
    const arrivedMs = clock.monotonicMs();
    let startedMs: number | undefined;
    const told = { tokenizeMs: 0, computeMs: 0 };
    try {
      const onStart = (): void => {
        startedMs ??= clock.monotonicMs();
        model.counts.started += 1;
      };
      const onWorked = ({ tokenizeMs, computeMs }: ScoreWork): void => {
        told.tokenizeMs += tokenizeMs;
        told.computeMs += computeMs;
      };
      const asked = drafts.flatMap((draft) => draft.asked);
      const scored = await this.scored(
        model,
        entry,
        missing.map((index) => asked[index]!),
        { signal, onStart, onWorked },
      );
      missing.forEach((index, at) => (outcomes[index] = scored[at]!));
      const endedMs = clock.monotonicMs();
      const wholeMs = endedMs - arrivedMs;
      // What a backend tells of is work, the rest was waiting; of the others all is work from the first start on.
      const toldMs = told.tokenizeMs + told.computeMs;
      const workMs = toldMs > 0 ? Math.min(toldMs, wholeMs) : endedMs - (startedMs ?? endedMs);
      const tokenizeMs = Math.min(told.tokenizeMs, workMs);
      const queueMs = wholeMs - workMs;
      const byDraft = shared(drafts, outcomes as ScoreOutcome[]);
      this.tell(model, drafts, byDraft, missing.length > 0 ? workMs / missing.length : undefined);
      const items = drafts.map(({ finish }, index) => finish(byDraft[index]!));
      return { items, provenance: model.provenance, queueMs, tokenizeMs, computeMs: workMs - tokenizeMs };
    } finally {
      const endedMs = clock.monotonicMs();
      model.queue.leave(missing.length, endedMs - (startedMs ?? endedMs));
    }
  }

  /** Enters a request that may cost something in the log. */
  private begun({ requestId, ...content }: AnnotateCommand, model: ServedModel): RequestEntry | undefined {
    const { log } = this.options;
    const { weightsDigest, mayBill = false } = model.description;
    if (!log || !mayBill || requestId === '') return undefined;
    return log.begin({ requestId, contentDigest: digestOfJson(content), weightsDigest });
  }

  /** The backend's work, checked; each score is in the log before its neighbours are known. */
  private async scored(
    model: ServedModel,
    entry: RequestEntry | undefined,
    asked: Draft['asked'],
    options: ScoreOptions,
  ): Promise<ScoreOutcome[]> {
    if (asked.length === 0) return [];
    const { rewardModel } = model.provenance;
    const { description } = model;
    const checked = (outcome: ScoreOutcome): ScoreOutcome => checkedOutcome(rewardModel, description, outcome);
    const onOutcome = (index: number, raw: ScoreOutcome): void => {
      const key = asked[index]?.key;
      const outcome = checked(raw);
      if (entry && key !== undefined && outcome.ok) entry.record(key, outcome);
    };
    const requests = asked.map(({ key, request }) =>
      key === undefined ? request : { ...request, idempotencyKey: idempotencyKey(key, description.weightsDigest) },
    );
    const outcomes = await model.backend.score(requests, { ...options, onOutcome });
    return outcomes.map((outcome) => this.counted(model, checked(outcome)));
  }

  private counted(model: ServedModel, outcome: ScoreOutcome): ScoreOutcome {
    model.counts[outcome.ok ? 'scored' : 'failed'] += 1;
    this.options.onAnnotation?.(model.provenance.rewardModel, outcome.ok ? 'ok' : outcome.error.code);
    return outcome;
  }

  private tell(
    model: ServedModel,
    drafts: readonly Draft[],
    outcomes: readonly (readonly ScoreOutcome[])[],
    responseMs: number | undefined,
  ): void {
    const { observer } = this.options;
    if (!observer?.wants(model)) return;
    const items = drafts.flatMap(({ itemId, asked }, index) => {
      const [first] = asked;
      if (!first) return [];
      const requests = asked.map(({ request }) => request);
      return [{ itemId, prompt: first.request.prompt, requests, outcomes: outcomes[index]!, responseMs }];
    });
    observer.observe(model, items);
  }
}

function boughtOutcome(entry: RequestEntry | undefined, key: string | undefined): ScoreOutcome | undefined {
  const score = key === undefined ? undefined : entry?.bought.get(key);
  return score && { ok: true, ...score };
}

/** Each draft's own outcomes, of all in order. */
function shared(drafts: readonly Draft[], outcomes: readonly ScoreOutcome[]): ScoreOutcome[][] {
  let at = 0;
  return drafts.map(({ asked }) => outcomes.slice(at, (at += asked.length)));
}
