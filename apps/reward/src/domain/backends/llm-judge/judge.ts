/**
 * @file Asks a judge about one response, until it has a verdict or there is none to be had.
 *
 *   pointwise   score = the judge's number
 *   pairwise    score = mean over reference answers r and both orders of [1 where the response wins, ½ tie, 0 loses]
 *
 * A judge that prefers a place over an answer gives ½ whatever it compares (arXiv 2306.05685, section 3.4).
 */
import type { Score, ScoreRequest } from '../../reward-backend.js';
import { shownUrl } from '../http/endpoint.js';
import { RewardRemoteChangedError } from '../http/remote.errors.js';
import type { HttpCaller, PostOptions } from '../http/http-caller.js';
import { excerpt } from '../http/reply-status.js';
import type { Baselines } from './baselines.js';
import { complete } from './chat-completion.js';
import { readScore, readVerdict, type Read, type Verdict } from './judge-answer.js';
import { pairwiseMessages, pointwiseMessages, type JudgeMessage } from './judge-prompt.js';
import { pairwiseSchema, pointwiseSchema } from './judge-schema.js';
import type { JudgeSettings } from './judge-settings.js';
import { JudgeBaselineMissingError, JudgeRefusedError, JudgeReplyInvalidError } from './judge.errors.js';
import { TokenBill, type TokenPrice, type TokenUsage } from './token-bill.js';

export interface JudgeOptions {
  readonly rewardModel: string;
  readonly baseUrl: string;
  readonly settings: JudgeSettings;
  readonly rubric: string;
  /** There for `pairwise`. */
  readonly baselines: Baselines | undefined;
  /** For messages. */
  readonly baselinePath: string;
  readonly price: TokenPrice | undefined;
  readonly caller: HttpCaller;
  /** Hears of tokens as they are used. */
  readonly onTokens: (kind: 'prompt' | 'completion', tokenCount: number) => void;
}

interface Inquiry<T> {
  readonly messages: readonly JudgeMessage[];
  readonly schema: Readonly<Record<string, unknown>>;
  readonly read: (text: string) => Read<T>;
  readonly key: string | undefined;
}

export class Judge {
  /** The name under which the model first answered. */
  private answersAs: string | undefined;

  constructor(private readonly options: JudgeOptions) {}

  /** @throws AppError where there is no score */
  async score(request: ScoreRequest, call: PostOptions): Promise<Score> {
    const { settings, price, baselines } = this.options;
    const bill = new TokenBill();
    if (settings.mode === 'pointwise') {
      const score = await this.grade(request, call, bill);
      return { score, components: bill.components(price) };
    }
    const references = baselines?.of(request.prompt) ?? [];
    if (references.length === 0) {
      throw new JudgeBaselineMissingError(this.options.rewardModel, this.options.baselinePath);
    }
    const first: number[] = [];
    const second: number[] = [];
    for (const [index, reference] of references.entries()) {
      first.push(await this.compare(request, { reference, index, isFirst: true }, call, bill));
      second.push(await this.compare(request, { reference, index, isFirst: false }, call, bill));
    }
    const components = { shown_first: mean(first), shown_second: mean(second), ...bill.components(price) };
    return { score: mean([...first, ...second]), components };
  }

  private grade({ prompt, response, idempotencyKey: key }: ScoreRequest, call: PostOptions, bill: TokenBill) {
    const { settings, rubric } = this.options;
    const messages = pointwiseMessages({ prompt, answer: response }, rubric, settings);
    const read = (text: string): Read<number> => readScore(text, settings);
    return this.ask({ messages, schema: pointwiseSchema(settings), read, key }, call, bill);
  }

  /** 1 where the response wins against one reference in one order, 0 where it loses. */
  private async compare(
    { prompt, response, idempotencyKey }: ScoreRequest,
    against: { readonly reference: string; readonly index: number; readonly isFirst: boolean },
    call: PostOptions,
    bill: TokenBill,
  ): Promise<number> {
    const { settings, rubric } = this.options;
    const { reference, index, isFirst } = against;
    const [a, b] = isFirst ? [response, reference] : [reference, response];
    const key = idempotencyKey && `${idempotencyKey}/${index}/${isFirst ? 'first' : 'second'}`;
    const messages = pairwiseMessages({ prompt, a, b }, rubric, settings);
    const inquiry = { messages, schema: pairwiseSchema(settings), read: readVerdict, key };
    const verdict: Verdict = await this.ask(inquiry, call, bill);
    if (verdict === 'tie') return 0.5;
    return (verdict === 'A') === isFirst ? 1 : 0;
  }

  private async ask<T>({ messages, schema, read, key }: Inquiry<T>, call: PostOptions, bill: TokenBill): Promise<T> {
    const { rewardModel, baseUrl, settings, caller } = this.options;
    for (let reask = 0; ; reask += 1) {
      // Another seed, and another key: the provider would give the same answer again.
      const seed = settings.seed === null ? null : settings.seed + reask;
      const idempotencyKey = reask === 0 ? key : key && `${key}/again${reask}`;
      const completion = await complete(caller, baseUrl, settings, { messages, schema, seed, idempotencyKey }, call);
      this.charge(bill, completion.usage);
      this.checkModel(completion.model);
      if (completion.kind === 'refusal') {
        throw new JudgeRefusedError(rewardModel, settings.model, excerpt(completion.text));
      }
      const result =
        completion.kind === 'cut'
          ? { ok: false as const, problem: `expected a whole answer, got one cut off at ${settings.maxTokens} tokens` }
          : read(completion.text);
      if (result.ok) return result.value;
      if (reask >= settings.reasksMax) throw new JudgeReplyInvalidError(rewardModel, settings.model, result.problem);
    }
  }

  private charge(bill: TokenBill, usage: TokenUsage | undefined): void {
    bill.add(usage);
    if (!usage) return;
    this.options.onTokens('prompt', usage.promptTokens);
    this.options.onTokens('completion', usage.completionTokens);
  }

  /** A name such as `gpt-x` may come to stand for another model overnight; the reply tells. */
  private checkModel(model: string | undefined): void {
    if (model === undefined) return;
    this.answersAs ??= model;
    if (model === this.answersAs) return;
    const { rewardModel, baseUrl } = this.options;
    const at = { rewardModel, url: shownUrl(baseUrl), attempt: 1, attemptsMax: 1 };
    throw new RewardRemoteChangedError(at, this.answersAs, model);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
