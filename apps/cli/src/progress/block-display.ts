/**
 * @file A run's progress on a terminal: ended phases stand, and below them a block is redrawn, one line per phase under
 * way and one for the run.
 */
import type { RunEvent } from '../runs/run-event.js';
import type { Terminal } from '../terminal/terminal.js';
import { fitted, phaseEndLine, phaseLabel, phaseLine, runLine } from './progress-lines.js';
import type { RunDisplay } from './run-display.js';
import { RunProgress, parted } from './run-progress.js';

/** Least time between two drawings; a run that is gone on with replays thousands of units at once. */
const REDRAW_MS = 80;
/** Most phases shown at once. */
const PHASE_LINES_MAX = 5;

const TO_LINE_START = '\r';
const ERASE_BELOW = '\u001b[J';
const lineUp = (lines: number): string => (lines > 0 ? `\u001b[${lines}A` : '');

export class BlockDisplay implements RunDisplay {
  private readonly progress: RunProgress;
  /** Lines of the block that stands below the cursor's place. */
  private drawnLineCount = 0;
  private drawnMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly terminal: Terminal,
    private readonly iterationCount: number | undefined,
  ) {
    this.progress = new RunProgress(iterationCount);
  }

  event(event: RunEvent): void {
    this.progress.observe(event);
    switch (event.kind) {
      case 'phase_started':
        return this.redraw(event.timeMs);
      case 'phase_progress':
        return event.timeMs - this.drawnMs < REDRAW_MS ? undefined : this.redraw(event.timeMs);
      case 'phase_ended': {
        const label = phaseLabel(event.phase, event.iteration, this.iterationCount);
        return this.redraw(event.timeMs, phaseEndLine(label, event.elapsedMs, parted(event.figures).figures));
      }
      case 'run_ended':
        return this.close();
      default:
        return event satisfies never;
    }
  }

  note(text: string): void {
    this.redraw(this.drawnMs, text);
  }

  tick(nowMs: number): void {
    if (this.drawnLineCount > 0) this.redraw(nowMs);
  }

  close(): void {
    this.terminal.out(this.erasure());
    this.drawnLineCount = 0;
  }

  /** Draws the block again, below text that then stands. */
  private redraw(nowMs: number, standing?: string): void {
    const lines = this.lines(nowMs).map((line) => fitted(line, this.terminal.columnCount));
    const text = standing === undefined ? '' : `${standing}\n`;
    this.terminal.out(this.erasure() + text + lines.join('\n'));
    this.drawnLineCount = lines.length;
    this.drawnMs = nowMs;
  }

  private erasure(): string {
    return this.drawnLineCount === 0 ? '' : lineUp(this.drawnLineCount - 1) + TO_LINE_START + ERASE_BELOW;
  }

  private lines(nowMs: number): string[] {
    const { counts } = this.progress;
    const phases = this.progress.phases(nowMs).slice(-PHASE_LINES_MAX);
    if (counts === undefined || phases.length === 0) return [];
    return [
      ...phases.map((view) => phaseLine(view, this.iterationCount, this.terminal.columnCount)),
      `  ${runLine(counts, this.progress.outlook, this.progress.remainingMs(nowMs))}`,
    ];
  }
}
