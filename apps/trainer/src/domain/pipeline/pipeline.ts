/**
 * @file Stages that work side by side: each takes what the one before it gives, several at a time, and gives its results in
 * the order in which it took them. So what comes out depends on neither timing nor concurrency.
 *
 * When anything fails, nothing further begins; what is under way still ends, since it may have cost something.
 */
import { BoundedQueue } from './bounded-queue.js';

/** A promise in a box: an asynchronous iteration would wait for a bare one. */
interface Begun<R> {
  readonly result: Promise<R>;
}

export class Pipeline {
  private readonly halting = new AbortController();
  private readonly underWay = new Set<Promise<unknown>>();

  /** Aborted with the first failure. */
  get halted(): AbortSignal {
    return this.halting.signal;
  }

  /**
   * A stage. It begins items as they come, and is at most `ahead` of the one that the next stage waits for: that is the
   * size of the queue between the two, of items under way and of results that nobody has taken.
   */
  stage<T, R>(
    source: AsyncIterable<T>,
    { ahead, work }: { readonly ahead: number; readonly work: (item: T, index: number) => Promise<R> },
  ): AsyncIterable<R> {
    const queue = new BoundedQueue<Begun<R>>(ahead);
    this.onHalt((reason) => queue.fail(reason));
    void this.start(async () => {
      let count = 0;
      for await (const item of source) {
        if (!(await queue.room())) return;
        const index = count++;
        queue.put({ result: this.start(() => work(item, index)) });
      }
      queue.end();
    });
    return inOrder(queue);
  }

  /** Puts work under way; its failure halts everything. */
  start<T>(work: () => Promise<T>): Promise<T> {
    const promise = work();
    this.underWay.add(promise);
    promise.then(
      () => this.underWay.delete(promise),
      (error: unknown) => {
        this.underWay.delete(promise);
        this.halt(error);
      },
    );
    return promise;
  }

  /** Calls back when something has failed, at once where it has already. */
  onHalt(callback: (reason: unknown) => void): void {
    const { signal } = this.halting;
    if (signal.aborted) callback(signal.reason);
    else signal.addEventListener('abort', () => callback(signal.reason), { once: true });
  }

  /** Resolves when nothing is under way any more. Throws the first failure. */
  async finish(): Promise<void> {
    while (this.underWay.size > 0) await Promise.allSettled(this.underWay);
    if (this.halting.signal.aborted) throw this.halting.signal.reason;
  }

  private halt(reason: unknown): void {
    if (!this.halting.signal.aborted) this.halting.abort(reason);
  }
}

async function* inOrder<R>(queue: BoundedQueue<Begun<R>>): AsyncGenerator<R, void, undefined> {
  for await (const { result } of queue) yield await result;
}
