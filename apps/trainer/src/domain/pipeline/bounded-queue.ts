/**
 * @file A queue between two stages that holds at most so many items: the earlier stage waits while it is full, so that
 * nothing is begun far ahead of what can be used.
 */
import { assert } from '#core';

/** One producer, one consumer. */
export class BoundedQueue<T> implements AsyncIterable<T> {
  private readonly items: T[] = [];
  private failure: { readonly error: unknown } | undefined;
  private isEnded = false;
  private isAbandoned = false;
  private changed = Promise.withResolvers<void>();

  constructor(
    /** Items that may wait, at least one. */
    private readonly itemsMax: number,
  ) {
    assert(itemsMax >= 1, 'a queue holds at least one item');
  }

  /** Resolves when one more item may be put: true; or when nobody will take any: false. */
  async room(): Promise<boolean> {
    while (this.isOpen && this.items.length >= this.itemsMax) await this.changed.promise;
    return this.isOpen;
  }

  /** Adds an item; `room` has said that it may. */
  put(item: T): void {
    assert(this.items.length < this.itemsMax, 'an item was put into a full queue');
    this.items.push(item);
    this.wake();
  }

  /** No further items: the consumer takes what is there, then ends. */
  end(): void {
    this.isEnded = true;
    this.wake();
  }

  /** The consumer gets this error instead of what is there. */
  fail(error: unknown): void {
    this.failure ??= { error };
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        if (this.failure) throw this.failure.error;
        if (this.items.length > 0) {
          const [item] = this.items.splice(0, 1) as [T];
          this.wake();
          yield item;
        } else if (this.isEnded) {
          return;
        } else {
          await this.changed.promise;
        }
      }
    } finally {
      this.isAbandoned = true;
      this.wake();
    }
  }

  private get isOpen(): boolean {
    return !this.isAbandoned && !this.failure && !this.isEnded;
  }

  private wake(): void {
    this.changed.resolve();
    this.changed = Promise.withResolvers();
  }
}
