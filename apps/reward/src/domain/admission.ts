/**
 * @file Admission of calls to the service, by whichever door they come in: gRPC and the HTTP façades share one object.
 *
 * Refusing at once is kinder than letting callers wait: they learn when to come back, or ask another replica. The limits
 * mean what text-embeddings-inference means by `max-concurrent-requests` and `max-client-batch-size`.
 */
import type { AppError, Clock } from '#core';
import { ClientBatchTooLargeError, RequestsFullError } from './admission.errors.js';

export interface AdmissionOptions {
  /** Most calls under way at once. */
  readonly requestsMax: number;
  /** Most responses in one call. */
  readonly clientBatchSizeMax: number;
  readonly clock: Clock;
  /** Hears of every refusal, by its code. For metrics. */
  readonly onRefusal?: (code: string) => void;
}

const RETRY_AFTER_MS_MIN = 50;
const RETRY_AFTER_MS_MAX = 30_000;
/** Weight of the newest observation in the running mean. */
const SMOOTHING = 0.2;

export class Admission {
  private underWay = 0;
  /** Running mean of how long a call takes. */
  private msPerCall = RETRY_AFTER_MS_MIN;

  constructor(private readonly options: AdmissionOptions) {}

  /** Calls under way. */
  get requestCount(): number {
    return this.underWay;
  }

  /**
   * Admits a call for the time of `work`.
   *
   * @param responseCount responses that the call brings
   * @throws RequestsFullError (`REQUESTS_FULL`) with the delay after which there may be room
   * @throws ClientBatchTooLargeError (`CLIENT_BATCH_TOO_LARGE`)
   */
  async admitted<T>(responseCount: number, work: () => Promise<T>): Promise<T> {
    this.check(responseCount);
    const { clock } = this.options;
    const startMs = clock.monotonicMs();
    this.underWay += 1;
    try {
      return await work();
    } finally {
      this.underWay -= 1;
      this.msPerCall += SMOOTHING * (clock.monotonicMs() - startMs - this.msPerCall);
    }
  }

  /**
   * Refuses a call that brings too many responses, without admitting one: to be asked before each response is looked at.
   *
   * @throws ClientBatchTooLargeError (`CLIENT_BATCH_TOO_LARGE`)
   */
  checkBatch(responseCount: number): void {
    const { clientBatchSizeMax } = this.options;
    if (responseCount > clientBatchSizeMax) {
      this.refuse(new ClientBatchTooLargeError(responseCount, clientBatchSizeMax));
    }
  }

  private check(responseCount: number): void {
    this.checkBatch(responseCount);
    const { requestsMax } = this.options;
    if (this.underWay >= requestsMax) this.refuse(new RequestsFullError(requestsMax, this.retryAfterMs()));
  }

  private refuse(refusal: AppError): never {
    this.options.onRefusal?.(refusal.code);
    throw refusal;
  }

  /** About when the calls that are under way will be done. */
  private retryAfterMs(): number {
    return Math.min(Math.max(Math.ceil(this.msPerCall), RETRY_AFTER_MS_MIN), RETRY_AFTER_MS_MAX);
  }
}
