/**
 * @file Annotates responses with rewards: admission, checks, the backend's work, and checks of what it gave.
 *
 * One bad response or prompt fails alone. A failure never becomes a zero, and nothing that is not a finite number within
 * the model's own range becomes a score.
 */
import { type AppError, type Clock, RequestInvalidError } from '#core';
import type { Provenance } from './provenance.js';
import type { BackendDescription, ScoreOutcome, ScoreRequest } from './reward-backend.js';
import type { RewardRegistry, ServedModel } from './reward-registry.js';
import { RewardBackendFailedError, RewardNotFiniteError } from './reward.errors.js';
import { promptText, scoreRequest, type PromptForm, type ResponseForm } from './score-request.js';

export interface AnnotateItem {
  /** Unique within the request. */
  readonly itemId: string;
  readonly prompt: PromptForm;
  readonly responses: readonly ResponseForm[];
}

export interface AnnotateCommand {
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
  /** From then to the last outcome, in milliseconds. */
  readonly computeMs: number;
}

/** Hears of every response that the backend worked on; `outcome` is `ok` or the error's code. For metrics. */
export type AnnotationListener = (rewardModel: string, outcome: string) => void;

const REQUEST_ID_LENGTH_MAX = 128;

export class Annotator {
  constructor(
    private readonly registry: RewardRegistry,
    private readonly clock: Clock,
    private readonly onAnnotation: AnnotationListener = () => {},
  ) {}

  async annotate(command: AnnotateCommand, signal: AbortSignal): Promise<AnnotateResult> {
    checkRequest(command);
    const model = this.registry.find(command.rewardModel, command.epoch);
    const drafts = command.items.map((item) => draftOf(item, model.description.kind));
    const requests = drafts.flatMap(({ requests }) => requests);
    model.queue.enter(requests.length);
    const arrivedMs = this.clock.monotonicMs();
    let startedMs: number | undefined;
    try {
      const outcomes = await model.backend.score(requests, {
        signal,
        onStart: () => {
          startedMs ??= this.clock.monotonicMs();
          model.counts.started += 1;
        },
      });
      const checked = outcomes.map((outcome) => this.counted(model, checkedOutcome(model, outcome)));
      const endedMs = this.clock.monotonicMs();
      const items = drafts.map(({ finish }) => finish(checked));
      const queueMs = (startedMs ?? endedMs) - arrivedMs;
      return { items, provenance: model.provenance, queueMs, computeMs: endedMs - arrivedMs - queueMs };
    } finally {
      const endedMs = this.clock.monotonicMs();
      model.queue.leave(requests.length, endedMs - (startedMs ?? endedMs));
    }
  }

  private counted(model: ServedModel, outcome: ScoreOutcome): ScoreOutcome {
    model.counts[outcome.ok ? 'scored' : 'failed'] += 1;
    this.onAnnotation(model.provenance.rewardModel, outcome.ok ? 'ok' : outcome.error.code);
    return outcome;
  }
}

function checkRequest({ requestId, items }: AnnotateCommand): void {
  if (requestId.length > REQUEST_ID_LENGTH_MAX) {
    throw RequestInvalidError.of('request_id', `at most ${REQUEST_ID_LENGTH_MAX} characters`, `${requestId.length}`);
  }
  if (items.length === 0) throw RequestInvalidError.of('items', 'at least one item', 'none');
  const seen = new Set<string>();
  items.forEach(({ itemId }, index) => {
    if (itemId === '') throw RequestInvalidError.of(`items[${index}].item_id`, 'text, not empty', 'none');
    if (seen.has(itemId)) {
      throw RequestInvalidError.of(
        `items[${index}].item_id`,
        'an id unique within the request',
        JSON.stringify(itemId),
      );
    }
    seen.add(itemId);
  });
}

/** An item on its way: what it asks of the backend, and how its result is put together from all outcomes in order. */
interface Draft {
  readonly requests: readonly ScoreRequest[];
  /** Takes its share from the front of the outcomes that are left. */
  readonly finish: (outcomes: ScoreOutcome[]) => AnnotatedItem;
}

function draftOf({ itemId, prompt, responses }: AnnotateItem, backend: string): Draft {
  const failed = (error: AppError): Draft => ({ requests: [], finish: () => ({ itemId, ok: false, error }) });
  const checkedPrompt = promptText(prompt, backend);
  if (!checkedPrompt.ok) return failed(checkedPrompt.error);
  if (responses.length === 0) return failed(RequestInvalidError.of('responses', 'at least one response', 'none'));
  const checked = responses.map((response) => scoreRequest(checkedPrompt.value, response, backend));
  return {
    requests: checked.flatMap((one) => (one.ok ? [one.value] : [])),
    finish: (outcomes) => ({
      itemId,
      ok: true,
      annotations: checked.map((one) => (one.ok ? outcomes.shift()! : one)),
    }),
  };
}

/** What a backend gave, if it is a score: finite, and within the range that the model declares. */
function checkedOutcome({ description, provenance }: ServedModel, outcome: ScoreOutcome): ScoreOutcome {
  if (!outcome.ok) return outcome;
  const values = [['score', outcome.score], ...Object.entries(outcome.components)] as [string, number][];
  const infinite = values.find(([, value]) => !Number.isFinite(value));
  if (infinite) return { ok: false, error: new RewardNotFiniteError(provenance.rewardModel, ...infinite) };
  const range = rangeProblem(description, outcome.score);
  return range ? { ok: false, error: new RewardBackendFailedError(provenance.rewardModel, range) } : outcome;
}

function rangeProblem({ scoreMin, scoreMax }: BackendDescription, score: number): string | undefined {
  const isWithin = score >= (scoreMin ?? -Infinity) && score <= (scoreMax ?? Infinity);
  return isWithin
    ? undefined
    : `it gave ${score}, outside its declared range [${scoreMin ?? '-∞'}, ${scoreMax ?? '∞'}]`;
}
