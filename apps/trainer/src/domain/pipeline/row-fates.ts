/**
 * @file What becomes of each row of an iteration, as soon as it is known: some are decided at the gate, others when their
 * responses are paired. Who needs the rows in order waits here for the next one.
 */

export class RowFates<Fate> {
  private readonly known = new Map<string, PromiseWithResolvers<Fate>>();
  private failure: { readonly error: unknown } | undefined;

  settle(id: string, fate: Fate): void {
    this.entry(id).resolve(fate);
  }

  of(id: string): Promise<Fate> {
    return this.entry(id).promise;
  }

  /** Rows that are not settled never will be. */
  fail(error: unknown): void {
    this.failure ??= { error };
    for (const { reject } of this.known.values()) reject(error);
  }

  private entry(id: string): PromiseWithResolvers<Fate> {
    let entry = this.known.get(id);
    if (!entry) {
      entry = Promise.withResolvers<Fate>();
      // Nobody may be waiting for this row.
      entry.promise.catch(() => undefined);
      if (this.failure) entry.reject(this.failure.error);
      this.known.set(id, entry);
    }
    return entry;
  }
}
