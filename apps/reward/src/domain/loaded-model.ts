/**
 * @file A reward model in memory. Several epochs may stand for the same one (a rollback brings it back under a new
 * number), and calls may still be on their way when no slot holds it any more: it is closed when both are gone.
 */
import type { BackendSpec } from './backends/backend-kinds.js';
import { ResponseQueue } from './response-queue.js';
import type { BackendDescription, RewardBackend } from './reward-backend.js';

/** What a model was asked to do since it was loaded. */
export interface AnnotationCounts {
  /** Responses given to the backend: each one costs, whatever comes of it. */
  started: number;
  /** Responses that got a score. */
  scored: number;
  /** Responses on which the backend failed. */
  failed: number;
}

export interface LoadedModelOptions {
  readonly rewardModel: string;
  readonly spec: BackendSpec;
  readonly backend: RewardBackend;
  /** Most responses waiting for it or being scored by it. */
  readonly queueResponsesMax: number;
}

export class LoadedModel {
  readonly spec: BackendSpec;
  readonly backend: RewardBackend;
  readonly description: BackendDescription;
  readonly queue: ResponseQueue;
  readonly counts: AnnotationCounts = { started: 0, scored: 0, failed: 0 };
  private calls = 0;
  private isRetired = false;
  private closing: Promise<void> | undefined;
  private readonly ended = Promise.withResolvers<void>();

  constructor({ rewardModel, spec, backend, queueResponsesMax }: LoadedModelOptions) {
    this.spec = spec;
    this.backend = backend;
    this.description = backend.describe();
    this.queue = new ResponseQueue({ rewardModel, responsesMax: queueResponsesMax });
  }

  /** Calls that it is answering. */
  get callCount(): number {
    return this.calls;
  }

  /** Resolves when its threads and memory are free. */
  get closed(): Promise<void> {
    return this.ended.promise;
  }

  /** Keeps it open for one call; the answer ends that, once. */
  enter(): () => void {
    this.calls += 1;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.calls -= 1;
      this.closeIfUnused();
    };
  }

  /** No slot holds it any more: it goes when its last call has ended. */
  retire(): void {
    this.isRetired = true;
    this.closeIfUnused();
  }

  /** Closes it whoever uses it; for the end of the service. */
  async close(): Promise<void> {
    this.closing ??= this.backend.close().finally(() => this.ended.resolve());
    await this.closing;
  }

  private closeIfUnused(): void {
    // What a backend says while it is closed concerns nobody any more.
    if (this.isRetired && this.calls === 0) this.close().catch(() => {});
  }
}
