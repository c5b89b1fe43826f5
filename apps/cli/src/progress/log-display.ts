/**
 * @file A run's progress where nothing can be redrawn: a line per ended phase, and a sign of life in between when a phase
 * takes long.
 */
import type { RunEvent } from '../runs/run-event.js';
import type { Terminal } from '../terminal/terminal.js';
import { logLine, phaseEndLine, phaseLabel } from './progress-lines.js';
import type { RunDisplay } from './run-display.js';
import { RunProgress, parted } from './run-progress.js';

/** Longest silence while units are finished. */
const SILENCE_MS_MAX = 30_000;

export class LogDisplay implements RunDisplay {
  private readonly progress: RunProgress;
  private lastLineMs: number | undefined;

  constructor(
    private readonly terminal: Terminal,
    private readonly iterationCount: number | undefined,
  ) {
    this.progress = new RunProgress(iterationCount);
  }

  event(event: RunEvent): void {
    const { iterationCount } = this;
    this.lastLineMs ??= event.timeMs;
    this.progress.observe(event);
    if (event.kind === 'phase_ended') {
      const { phase, iteration, elapsedMs, figures } = event;
      this.line(
        phaseEndLine(phaseLabel(phase, iteration, iterationCount), elapsedMs, parted(figures).figures),
        event.timeMs,
      );
    } else if (event.kind === 'phase_progress' && event.timeMs - this.lastLineMs >= SILENCE_MS_MAX) {
      const view = this.progress.phases(event.timeMs).find(({ phase }) => phase === event.phase);
      const remainingMs = this.progress.remainingMs(event.timeMs);
      const { outlook } = this.progress;
      if (view) this.line(logLine(view, event.counts, { iterationCount, outlook, remainingMs }), event.timeMs);
    }
  }

  note(text: string): void {
    this.terminal.out(`${text}\n`);
  }

  tick(): void {}

  close(): void {}

  private line(text: string, timeMs: number): void {
    this.lastLineMs = timeMs;
    this.terminal.out(`${text}\n`);
  }
}
