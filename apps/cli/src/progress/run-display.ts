/** @file Shows a run's events: lines that are redrawn on a terminal, lines for a log elsewhere, JSON for programs. */
import type { Terminal } from '../terminal/terminal.js';
import { eventJson, type RunEvent } from '../runs/run-event.js';
import { BlockDisplay } from './block-display.js';
import { LogDisplay } from './log-display.js';

export interface RunDisplay {
  /** Shows what happened. */
  event(event: RunEvent): void;
  /** Says something beside the events; programs do not get it. */
  note(text: string): void;
  /** Time has passed, in milliseconds since the epoch: estimates are drawn again where that is possible. */
  tick(nowMs: number): void;
  /** Takes away what was to be redrawn; what was said stands. */
  close(): void;
}

export interface DisplayOptions {
  readonly terminal: Terminal;
  /** One JSON object per line instead of text. */
  readonly json: boolean;
  /** Iterations of the run; absent when they are not known. */
  readonly iterationCount?: number | undefined;
}

/** The display that suits the options. */
export function runDisplay({ terminal, json, iterationCount }: DisplayOptions): RunDisplay {
  if (json) {
    const event = (happened: RunEvent): void => terminal.out(`${eventJson(happened)}\n`);
    return { event, note: () => {}, tick: () => {}, close: () => {} };
  }
  return terminal.isInteractive ? new BlockDisplay(terminal, iterationCount) : new LogDisplay(terminal, iterationCount);
}
