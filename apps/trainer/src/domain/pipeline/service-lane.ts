/**
 * @file The units that may be in flight at one kind of service, shared by the stages that ask it.
 *
 * A place that becomes free goes to the waiting stage with the fewest units in flight; among equals to the one nearest to
 * the end of the pipeline, then to the unit that came first. So no stage starves another, whatever the number of places,
 * and work that is nearly done is not held up by work that has just begun. Results do not depend on who goes first.
 */

interface Waiting {
  readonly stage: string;
  readonly begin: () => void;
}

export class ServiceLane {
  private readonly waiting: Waiting[] = [];
  private readonly inFlight = new Map<string, number>();
  private inFlightCount = 0;

  constructor(
    private readonly options: {
      /** Units in flight at once, at least one. */
      readonly unitsMax: number;
      /** Stages, the one nearest to the end first; one that is not among them comes before all. */
      readonly precedence: readonly string[];
    },
  ) {}

  /** Runs the work when its turn has come. Rejects with the signal's reason when it is aborted before that. */
  async run<T>(stage: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    await this.turn(stage, signal);
    try {
      return await work();
    } finally {
      this.count(stage, -1);
      this.next();
    }
  }

  private turn(stage: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const give = () => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        reject(signal?.reason as Error);
      };
      const begin = () => {
        signal?.removeEventListener('abort', give);
        resolve();
      };
      const entry: Waiting = { stage, begin };
      signal?.addEventListener('abort', give, { once: true });
      this.waiting.push(entry);
      this.next();
    });
  }

  private next(): void {
    while (this.inFlightCount < this.options.unitsMax && this.waiting.length > 0) {
      const entry = this.waiting.reduce((best, other) => (this.goesBefore(other, best) ? other : best));
      this.waiting.splice(this.waiting.indexOf(entry), 1);
      this.count(entry.stage, 1);
      entry.begin();
    }
  }

  private goesBefore(a: Waiting, b: Waiting): boolean {
    const { precedence } = this.options;
    const difference = (this.inFlight.get(a.stage) ?? 0) - (this.inFlight.get(b.stage) ?? 0);
    return difference !== 0 ? difference < 0 : precedence.indexOf(a.stage) < precedence.indexOf(b.stage);
  }

  private count(stage: string, by: 1 | -1): void {
    this.inFlight.set(stage, (this.inFlight.get(stage) ?? 0) + by);
    this.inFlightCount += by;
  }
}
