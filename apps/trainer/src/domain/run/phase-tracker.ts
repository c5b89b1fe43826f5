/** @file Tells watchers how a phase goes, and the journal how long it took. */
import type { Clock } from '#core';
import type { Journal } from '../storage/journal.js';
import type { Figures, RunEvent } from './run-events.js';

export interface PhaseName {
  /** As watchers and the report see it. */
  readonly phase: string;
  readonly iteration: number;
}

/** One phase under way. */
export interface Phase {
  /** A further unit is durable. */
  readonly advance: (figures?: Figures) => void;
}

/** A phase that goes on beside others. */
export interface OpenPhase extends Phase {
  /** Once; a second time does nothing. Without figures it ends unfinished. */
  readonly close: (figures?: Figures) => Promise<void>;
}

export interface PhaseOutcome<T> {
  readonly value: T;
  readonly figures: Figures;
}

export interface PhaseUnits {
  /** How many there are, as far as it can be told now: never fewer than come, exact at the end. */
  readonly expected: () => number;
  /** Units that the journal holds already. */
  readonly countDone: number;
}

export class PhaseTracker {
  /** Phases under way, in the order in which they began. */
  private readonly open: PhaseName[] = [];
  private latest: PhaseName = { phase: '', iteration: 0 };
  /** The phase that tells of the parts within it. */
  private outer: Phase | undefined;

  constructor(
    private readonly options: {
      readonly journal: Journal;
      readonly clock: Clock;
      readonly emit: (event: RunEvent) => void;
    },
  ) {}

  /** The phase under way that began last, or the one that ended last; empty before the first. */
  get current(): PhaseName {
    return this.open.at(-1) ?? this.latest;
  }

  /** Runs a phase whose parts are phases themselves, told as one. */
  async trackParts<T>(
    name: PhaseName,
    units: { readonly count: number; readonly countDone: number },
    work: () => Promise<PhaseOutcome<T>>,
  ): Promise<T> {
    const phase = this.begin(name, { expected: () => units.count, countDone: units.countDone });
    this.outer = phase;
    try {
      const { value, figures } = await work();
      await phase.close(figures);
      return value;
    } finally {
      this.outer = undefined;
      await phase.close();
    }
  }

  /**
   * Begins a phase. Within one that is told as a whole it is a part of that: its units advance the other, and it tells
   * nothing of its own.
   */
  begin(name: PhaseName, { expected, countDone }: PhaseUnits): OpenPhase {
    const { outer } = this;
    if (outer) return { advance: () => outer.advance(), close: () => Promise.resolve() };
    const { journal, clock, emit } = this.options;
    this.latest = name;
    this.open.push(name);
    const startMs = clock.monotonicMs();
    let done = 0;
    let isOpen = true;
    emit({ kind: 'phase_started', ...name, unitCount: expected(), unitCountDone: countDone });
    return {
      advance: (figures = {}) => {
        done += 1;
        emit({ kind: 'phase_progress', ...name, unitCount: expected(), unitCountDone: done, figures });
      },
      close: async (figures) => {
        if (!isOpen) return;
        isOpen = false;
        const elapsedMs = clock.monotonicMs() - startMs;
        if (figures) emit({ kind: 'phase_ended', ...name, elapsedMs, figures });
        this.open.splice(this.open.indexOf(name), 1);
        // A phase that the journal answers entirely took its time in an earlier process.
        if (countDone < expected()) await journal.commit({ wallTime: { ...name, wallMs: elapsedMs } });
      },
    };
  }
}
