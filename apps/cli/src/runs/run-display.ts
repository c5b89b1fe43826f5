/** @file Shows a run's events: a bar that is redrawn on a terminal, one line per phase elsewhere, JSON for programs. */
import type { Terminal } from '../terminal/terminal.js';
import { phaseEndLine, phaseLabel, progressLine } from './progress-lines.js';
import { eventJson, type RunEvent } from './run-event.js';

export interface RunDisplay {
  /** Shows what happened. */
  event(event: RunEvent): void;
  /** Says something beside the events; programs do not get it. */
  note(text: string): void;
}

export interface DisplayOptions {
  readonly terminal: Terminal;
  /** One JSON object per line instead of text. */
  readonly json: boolean;
  /** Iterations of the run; absent when they are not known. */
  readonly iterationCount?: number;
}

/** The display that suits the options. */
export function runDisplay({ terminal, json, iterationCount }: DisplayOptions): RunDisplay {
  if (json) return { event: (event) => terminal.out(`${eventJson(event)}\n`), note: () => {} };
  return terminal.isInteractive
    ? new BarDisplay(terminal, iterationCount)
    : {
        event: (event) => {
          if (event.kind === 'phase_ended') terminal.out(`${endLine(event, iterationCount)}\n`);
        },
        note: (text) => terminal.out(`${text}\n`),
      };
}

type PhaseEnded = Extract<RunEvent, { kind: 'phase_ended' }>;

function endLine({ phase, iteration, elapsedMs, figures }: PhaseEnded, iterationCount: number | undefined): string {
  return phaseEndLine(phaseLabel(phase, iteration, iterationCount), elapsedMs, figures);
}

/** Carriage return, and erase to the end of the line. */
const REDRAW = '\r\u001b[K';

class BarDisplay implements RunDisplay {
  constructor(
    private readonly terminal: Terminal,
    private readonly iterationCount: number | undefined,
  ) {}

  event(event: RunEvent): void {
    switch (event.kind) {
      case 'phase_started':
        return this.bar({ ...event, figures: {} });
      case 'phase_progress':
        return this.bar(event);
      case 'phase_ended':
        return this.note(endLine(event, this.iterationCount));
      case 'run_ended':
        return this.terminal.out(REDRAW);
      default:
        return event satisfies never;
    }
  }

  note(text: string): void {
    this.terminal.out(`${REDRAW}${text}\n`);
  }

  private bar(event: Omit<Extract<RunEvent, { kind: 'phase_progress' }>, 'kind'>): void {
    const { phase, iteration, unitCountDone: doneCount, unitCount, figures } = event;
    const label = phaseLabel(phase, iteration, this.iterationCount);
    const { columnCount } = this.terminal;
    this.terminal.out(REDRAW + progressLine({ label, doneCount, unitCount, figures, columnCount }));
  }
}
