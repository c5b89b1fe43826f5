/** @file Shows a training: one line redrawn on a terminal, lines now and then in a log, JSON for programs. */
import type { Clock } from '#core';
import type { TrainingPhase, TrainingProgress } from '#ml/reward-training';
import { duration, percent } from '#report';
import { fitted, progressBar, remainingText } from '../progress/progress-lines.js';
import type { Terminal } from '../terminal/terminal.js';

export interface TrainingDisplayOptions {
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly clock: Clock;
}

/** Longest silence in a log while work is done. */
const SILENCE_MS_MAX = 30_000;
const LABEL_WIDTH = 16;
const ERASE_LINE = '\r\u001b[J';

interface PhaseStart {
  readonly phase: TrainingPhase;
  readonly startMs: number;
  /** Done before this process began: no speed is in them. */
  readonly doneBefore: number;
}

export class TrainingDisplay {
  private current: PhaseStart | undefined;
  private spokenMs = Number.NEGATIVE_INFINITY;
  private isDrawn = false;

  constructor(private readonly options: TrainingDisplayOptions) {}

  note(text: string): void {
    if (this.options.json) return;
    this.erase();
    this.options.terminal.out(`${text}\n`);
  }

  progress(progress: TrainingProgress): void {
    const { terminal, json, clock } = this.options;
    const nowMs = clock.monotonicMs();
    if (json) return terminal.out(`${eventJson(progress)}\n`);
    const { phase, doneCount, totalCount } = progress;
    if (this.current?.phase !== phase) {
      this.current = { phase, startMs: nowMs, doneBefore: doneCount };
      this.spokenMs = nowMs;
    }
    const line = this.line(progress, nowMs);
    if (doneCount === totalCount) return this.stand(line);
    if (terminal.isInteractive) return this.draw(line);
    if (nowMs - this.spokenMs >= SILENCE_MS_MAX) this.stand(line, nowMs);
  }

  /** Takes away what was to be redrawn. */
  close(): void {
    this.erase();
  }

  private line({ phase, doneCount, totalCount, figures }: TrainingProgress, nowMs: number): string {
    const { startMs, doneBefore } = this.current ?? { startMs: nowMs, doneBefore: doneCount };
    const isOver = doneCount === totalCount;
    const done = doneCount - doneBefore;
    const leftMs = done > 0 ? ((nowMs - startMs) / done) * (totalCount - doneCount) : undefined;
    const texts = [
      isOver ? duration(nowMs - startMs) : `${progressBar(doneCount, totalCount)} ${doneCount}/${totalCount}`,
      ...(figures ? [`loss ${figures.loss.toFixed(4)}`, `accuracy ${percent(figures.accuracy)}`] : []),
      ...(isOver || leftMs === undefined ? [] : [`${remainingText(leftMs)} to go`]),
    ];
    return `  ${phase.padEnd(LABEL_WIDTH)} ${texts.join(' · ')}`;
  }

  private draw(line: string): void {
    const { terminal } = this.options;
    terminal.out(`${ERASE_LINE}${fitted(line, terminal.columnCount)}`);
    this.isDrawn = true;
  }

  private stand(line: string, nowMs = this.options.clock.monotonicMs()): void {
    this.erase();
    this.options.terminal.out(`${line}\n`);
    this.spokenMs = nowMs;
  }

  private erase(): void {
    if (this.isDrawn) this.options.terminal.out(ERASE_LINE);
    this.isDrawn = false;
  }
}

function eventJson({ phase, doneCount, totalCount, figures }: TrainingProgress): string {
  return JSON.stringify({
    event: 'training_progress',
    phase: phase.replace(' ', '_'),
    done: doneCount,
    total: totalCount,
    ...figures,
  });
}
