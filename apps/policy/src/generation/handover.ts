/**
 * @file Hands values from a producer that pushes to a consumer that pulls.
 *
 * The engine calls back with each finished sample; a response stream is iterated. `give` resolves only when the value
 * was taken and the next one is asked for, so a slow reader of the stream slows the decoding instead of filling memory.
 */
type Step<T> = { readonly value: T } | { readonly failure: unknown } | 'end';

interface Offer<T> {
  readonly step: Step<T>;
  readonly taken: () => void;
}

export class Handover<T> implements AsyncIterable<T> {
  readonly #offers: Offer<T>[] = [];
  #arrived: () => void = () => {};
  #abandoned = false;

  /** Offers a value and waits until it is taken; resolves at once when the consumer has left. */
  async give(value: T): Promise<void> {
    await this.#offer({ value });
  }

  /** Nothing follows. */
  end(): void {
    void this.#offer('end');
  }

  /** Nothing follows, because of this. */
  fail(failure: unknown): void {
    void this.#offer({ failure });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      for (;;) {
        const { step, taken } = await this.#next();
        if (step === 'end') return;
        if ('failure' in step) throw step.failure;
        try {
          yield step.value;
        } finally {
          taken();
        }
      }
    } finally {
      this.#abandoned = true;
      for (const { taken } of this.#offers.splice(0)) taken();
    }
  }

  async #offer(step: Step<T>): Promise<void> {
    if (this.#abandoned) return;
    await new Promise<void>((taken) => {
      this.#offers.push({ step, taken });
      this.#arrived();
    });
  }

  async #next(): Promise<Offer<T>> {
    for (;;) {
      const offer = this.#offers.shift();
      if (offer) return offer;
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }
}
