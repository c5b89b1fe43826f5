/**
 * @file What happens in a run, numbered, for whoever watches it. Kept in memory up to a bound; a watcher that comes later
 * starts with the oldest that is kept.
 */
import { EventEmitter, once } from 'node:events';
import type { Clock } from '#core';

/** Figures of interest by name. */
export type Figures = Readonly<Record<string, number>>;

export type RunEvent =
  | {
      readonly kind: 'phase_started';
      readonly phase: string;
      readonly iteration: number;
      readonly unitCount: number;
      readonly unitCountDone: number;
    }
  | {
      readonly kind: 'phase_progress';
      readonly phase: string;
      readonly iteration: number;
      readonly unitCount: number;
      readonly unitCountDone: number;
      readonly figures: Figures;
    }
  | {
      readonly kind: 'phase_ended';
      readonly phase: string;
      readonly iteration: number;
      readonly elapsedMs: number;
      readonly figures: Figures;
    }
  | { readonly kind: 'run_ended'; readonly elapsedMs: number };

export interface NumberedEvent<Snapshot> {
  readonly number: number;
  readonly timeMs: number;
  readonly event: RunEvent;
  /** The run as it was then. */
  readonly snapshot: Snapshot;
}

/** A day of a large run; one event takes well under a kilobyte. */
const EVENTS_MAX = 100_000;

export class RunEvents<Snapshot> {
  private readonly kept: NumberedEvent<Snapshot>[] = [];
  private readonly wake = new EventEmitter();
  private count = 0;
  private ended = false;

  constructor(
    private readonly clock: Clock,
    private readonly snapshot: () => Snapshot,
  ) {
    this.wake.setMaxListeners(0);
  }

  emit(event: RunEvent): void {
    this.kept.push({ number: this.count++, timeMs: this.clock.nowMs(), event, snapshot: this.snapshot() });
    if (this.kept.length > EVENTS_MAX) this.kept.shift();
    if (event.kind === 'run_ended') this.ended = true;
    this.wake.emit('event');
  }

  /** Events from a number on, until the run ends or the signal aborts. */
  async *from(first: number, signal: AbortSignal): AsyncGenerator<NumberedEvent<Snapshot>> {
    let next = first;
    for (;;) {
      const oldest = this.kept[0]?.number ?? this.count;
      const event = this.kept[Math.max(next, oldest) - oldest];
      if (event) {
        yield event;
        next = event.number + 1;
      } else if (this.ended || signal.aborted) {
        return;
      } else {
        // Aborting rejects `once`; the loop then ends by itself.
        await once(this.wake, 'event', { signal }).catch(() => undefined);
      }
    }
  }
}
