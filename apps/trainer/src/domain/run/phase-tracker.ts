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

export interface PhaseOutcome<T> {
  readonly value: T;
  readonly figures: Figures;
}

export class PhaseTracker {
  /** Phase under way; empty before the first. */
  current: PhaseName = { phase: '', iteration: 0 };
  /** The phase that tells of the parts within it. */
  private outer: Phase | undefined;

  constructor(
    private readonly options: {
      readonly journal: Journal;
      readonly clock: Clock;
      readonly emit: (event: RunEvent) => void;
    },
  ) {}

  /** Runs a phase whose parts are phases themselves, told as one. */
  async trackParts<T>(
    name: PhaseName,
    units: { readonly count: number; readonly countDone: number },
    work: () => Promise<PhaseOutcome<T>>,
  ): Promise<T> {
    return await this.track(name, units, async (phase) => {
      this.outer = phase;
      try {
        return await work();
      } finally {
        this.outer = undefined;
      }
    });
  }

  /** Runs a phase. Within another one it is a part of that: its units advance the other, and it tells nothing of its own. */
  async track<T>(
    name: PhaseName,
    units: { readonly count: number; readonly countDone: number },
    work: (phase: Phase) => Promise<PhaseOutcome<T>>,
  ): Promise<T> {
    if (this.outer) return (await work(this.outer)).value;
    const { journal, clock, emit } = this.options;
    this.current = name;
    const startMs = clock.monotonicMs();
    let done = 0;
    emit({ kind: 'phase_started', ...name, unitCount: units.count, unitCountDone: units.countDone });
    const advance = (figures: Figures = {}): void => {
      done += 1;
      emit({ kind: 'phase_progress', ...name, unitCount: units.count, unitCountDone: done, figures });
    };
    try {
      const { value, figures } = await work({ advance });
      emit({ kind: 'phase_ended', ...name, elapsedMs: clock.monotonicMs() - startMs, figures });
      return value;
    } finally {
      // A phase that the journal answers entirely took its time in an earlier process.
      if (units.countDone < units.count) {
        await journal.commit({ wallTime: { ...name, wallMs: clock.monotonicMs() - startMs } });
      }
    }
  }
}
