/** @file Admission to one reward model: how many responses may wait or be scored at once, and when to come back. */
import { RequestInvalidError } from '#core';
import { QueueFullError } from './reward.errors.js';

export interface ResponseQueueOptions {
  readonly rewardModel: string;
  /** Most responses waiting or being scored. */
  readonly responsesMax: number;
}

const RETRY_AFTER_MS_MIN = 50;
const RETRY_AFTER_MS_MAX = 30_000;
/** Weight of the newest observation in the running mean. */
const SMOOTHING = 0.2;

export class ResponseQueue {
  private waitingCount = 0;
  /** Running mean; the first call in a queue has nothing better to go by. */
  private msPerResponse = 1;

  constructor(private readonly options: ResponseQueueOptions) {}

  /** Responses waiting or being scored. */
  get length(): number {
    return this.waitingCount;
  }

  /** Admits a call's responses. @throws QueueFullError (`QUEUE_FULL`) with the delay after which there may be room */
  enter(responseCount: number): void {
    const { rewardModel, responsesMax } = this.options;
    if (responseCount > responsesMax) {
      const expected = `at most ${responsesMax} responses in one call (REWARD_QUEUE_RESPONSES_MAX)`;
      throw RequestInvalidError.of('items', expected, String(responseCount));
    }
    if (this.waitingCount + responseCount > responsesMax) {
      throw new QueueFullError(rewardModel, this.waitingCount, responsesMax, this.retryAfterMs());
    }
    this.waitingCount += responseCount;
  }

  /** Lets a call's responses go, with the time that scoring them took. */
  leave(responseCount: number, computeMs: number): void {
    this.waitingCount -= responseCount;
    if (responseCount > 0) this.msPerResponse += SMOOTHING * (computeMs / responseCount - this.msPerResponse);
  }

  private retryAfterMs(): number {
    const estimate = Math.ceil(this.waitingCount * this.msPerResponse);
    return Math.min(Math.max(estimate, RETRY_AFTER_MS_MIN), RETRY_AFTER_MS_MAX);
  }
}
