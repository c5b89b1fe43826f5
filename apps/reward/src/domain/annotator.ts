/**
 * @file Annotates responses with rewards: admission, checks, the backend's work, and checks of what it gave.
 *
 * Where there is a log of requests, a request is entered before it is paid for, each score as soon as it is bought, and a
 * repetition asks the backend only for what is missing.
 *
 * One bad response or prompt fails alone. A failure never becomes a zero, and nothing that is not a finite number within
 * the model's own range becomes a score.
 */
import { type AppError, type Clock, RequestInvalidError, digestOfJson } from '#core';
import type { Provenance } from './provenance.js';
import { idempotencyKey, type RequestLog } from './request-log.js';
import type { BackendDescription, Score, ScoreOptions, ScoreOutcome, ScoreRequest } from './reward-backend.js';
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

export interface AnnotatorOptions {
  readonly registry: RewardRegistry;
  readonly clock: Clock;
  readonly onAnnotation?: AnnotationListener;
  /** Absent: a restart forgets what was paid for. */
  readonly log?: RequestLog | undefined;
}

export class Annotator {
  constructor(private readonly options: AnnotatorOptions) {}

  async annotate(command: AnnotateCommand, signal: AbortSignal): Promise<AnnotateResult> {
    const { registry, clock } = this.options;
    checkRequest(command);
    const model = registry.find(command.rewardModel, command.epoch);
    const drafts = command.items.map((item) => draftOf(item, model.description.kind, command.requestId));
    const requests = drafts.flatMap(({ requests }) => requests);
    const bought = this.begun(command, model);
    const missing = requests.filter(({ idempotencyKey: key }) => key === undefined || !bought.has(key));
    model.queue.enter(missing.length);
    const arrivedMs = clock.monotonicMs();
    let startedMs: number | undefined;
    try {
      const onStart = () => {
        startedMs ??= clock.monotonicMs();
        model.counts.started += 1;
      };
      const outcomes = missing.length > 0 ? await this.scored(command, model, missing, { signal, onStart }) : [];
      const endedMs = clock.monotonicMs();
      const all = requests.map(({ idempotencyKey: key }): ScoreOutcome => {
        const score = key === undefined ? undefined : bought.get(key);
        return score ? { ok: true, ...score } : outcomes.shift()!;
      });
      const items = drafts.map(({ finish }) => finish(all));
      const queueMs = (startedMs ?? endedMs) - arrivedMs;
      return { items, provenance: model.provenance, queueMs, computeMs: endedMs - arrivedMs - queueMs };
    } finally {
      const endedMs = clock.monotonicMs();
      model.queue.leave(missing.length, endedMs - (startedMs ?? endedMs));
    }
  }

  /** Enters a request that may cost something in the log; gives what it has bought before. */
  private begun({ requestId, ...content }: AnnotateCommand, model: ServedModel): ReadonlyMap<string, Score> {
    const { log } = this.options;
    const { weightsDigest, mayBill = false } = model.description;
    if (!log || !mayBill || requestId === '') return new Map();
    return log.begin({ requestId, contentDigest: digestOfJson(content), weightsDigest });
  }

  /** The backend's work, checked; each score is in the log before its neighbours are known. */
  private async scored(
    { requestId }: AnnotateCommand,
    model: ServedModel,
    requests: readonly ScoreRequest[],
    options: ScoreOptions,
  ): Promise<ScoreOutcome[]> {
    const { log } = this.options;
    const onOutcome = (index: number, outcome: ScoreOutcome): void => {
      const key = requests[index]?.idempotencyKey;
      const checked = checkedOutcome(model, outcome);
      if (log && model.description.mayBill && key !== undefined && checked.ok) log.record(requestId, key, checked);
    };
    const outcomes = await model.backend.score(requests, { ...options, onOutcome });
    return outcomes.map((outcome) => this.counted(model, checkedOutcome(model, outcome)));
  }

  private counted(model: ServedModel, outcome: ScoreOutcome): ScoreOutcome {
    model.counts[outcome.ok ? 'scored' : 'failed'] += 1;
    this.options.onAnnotation?.(model.provenance.rewardModel, outcome.ok ? 'ok' : outcome.error.code);
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

function draftOf({ itemId, prompt, responses }: AnnotateItem, backend: string, requestId: string): Draft {
  const failed = (error: AppError): Draft => ({ requests: [], finish: () => ({ itemId, ok: false, error }) });
  const checkedPrompt = promptText(prompt, backend);
  if (!checkedPrompt.ok) return failed(checkedPrompt.error);
  if (responses.length === 0) return failed(RequestInvalidError.of('responses', 'at least one response', 'none'));
  const checked = responses.map((response) => scoreRequest(checkedPrompt.value, response, backend));
  return {
    requests: checked.flatMap((one, index) => {
      if (!one.ok) return [];
      return requestId === ''
        ? [one.value]
        : [{ ...one.value, idempotencyKey: idempotencyKey(requestId, itemId, index) }];
    }),
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
