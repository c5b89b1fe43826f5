/** Goal: estimates come from what this process has computed, never from what a journal answered at once. */
import { describe, it } from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import type { RunEvent } from '../runs/run-event.js';
import { RunProgress } from './run-progress.js';

const COUNTS = { annotations: 0, annotationsUngated: 0 };

function started(phase: string, iteration: number, timeMs: number, unitCount = 10, unitCountDone = 0): RunEvent {
  return { runId: 'r', counts: COUNTS, kind: 'phase_started', phase, iteration, timeMs, unitCount, unitCountDone };
}

function advanced(phase: string, iteration: number, timeMs: number, unitCountDone: number, unitCount = 10): RunEvent {
  const figures = { rows: 4, tokens: 100, loss: 1 };
  return {
    runId: 'r',
    counts: COUNTS,
    kind: 'phase_progress',
    phase,
    iteration,
    timeMs,
    unitCount,
    unitCountDone,
    figures,
  };
}

function ended(phase: string, iteration: number, timeMs: number): RunEvent {
  return { runId: 'r', counts: COUNTS, kind: 'phase_ended', phase, iteration, timeMs, elapsedMs: 0, figures: {} };
}

function after(events: readonly RunEvent[], iterationCount: number | undefined = 3): RunProgress {
  const progress = new RunProgress(iterationCount);
  for (const event of events) progress.observe(event);
  return progress;
}

describe('the pace of a phase', () => {
  it('is what it did since it began', () => {
    const [view] = after([started('train', 0, 0), advanced('train', 0, 1000, 1), advanced('train', 0, 2000, 2)]).phases(
      2000,
    );
    deepEqual([view?.rowsPerSecond, view?.tokensPerSecond, view?.remainingMs], [4, 100, 8000]);
    deepEqual(view?.figures, { loss: 1 });
  });

  it('leaves out what the journal answered', () => {
    const replayed = [1, 2, 3, 4].map((unit) => advanced('train', 0, 10, unit));
    const progress = after([started('train', 0, 0, 10, 4), ...replayed]);
    deepEqual(
      progress.phases(10).map(({ rowsPerSecond, remainingMs, doneCount }) => [rowsPerSecond, remainingMs, doneCount]),
      [[undefined, undefined, 4]],
    );
    progress.observe(advanced('train', 0, 2000, 6));
    equal(progress.phases(2000)[0]?.remainingMs, 4000);
  });

  it('is not told from a moment, nor after the end', () => {
    const progress = after([started('train', 0, 0), advanced('train', 0, 50, 5)]);
    equal(progress.phases(50)[0]?.remainingMs, undefined);
    progress.observe(ended('train', 0, 100));
    deepEqual(progress.phases(100), []);
  });

  it('leaves what the run will come to beside the figures of the phase', () => {
    const spending = {
      annotations_spent: 8,
      annotations_forecast: 90,
      annotations_limit: 100,
      cost: 0.8,
      cost_forecast: 9,
    };
    const event = advanced('annotate', 0, 1000, 1);
    const progress = after([started('annotate', 0, 0)]);
    deepEqual([progress.outlook], [undefined]);
    progress.observe({ ...event, figures: { failed: 1, ...spending } } as RunEvent);
    deepEqual(progress.outlook, { annotations: 90, cost: 9, limit: 100 });
    deepEqual(progress.phases(1000)[0]?.figures, { failed: 1 });
    progress.observe(advanced('annotate', 0, 2000, 2));
    equal(progress.outlook?.annotations, 90, 'kept while other phases go on');
  });

  it('grows when nothing comes any more', () => {
    const progress = after([started('train', 0, 0), advanced('train', 0, 1000, 5)]);
    deepEqual([progress.phases(1000)[0]?.remainingMs, progress.phases(4000)[0]?.remainingMs], [1000, 4000]);
  });
});

describe('the end of a run', () => {
  const FIRST = [
    started('warm-up', 0, 0),
    ended('warm-up', 0, 500),
    started('score', 0, 1000),
    ended('score', 0, 2000),
  ];

  it('is not known before an iteration was seen from its start to its end', () => {
    equal(after(FIRST).remainingMs(2000), undefined);
    equal(after([...FIRST, started('evaluate-iteration-1', 0, 3000)]).remainingMs(3000), undefined);
  });

  it('is told from whole iterations, evaluations included', () => {
    const progress = after([...FIRST, started('evaluate-iteration-1', 0, 10_000), started('score', 1, 11_000)]);
    equal(progress.remainingMs(11_000), 20_000);
    equal(progress.remainingMs(16_000), 15_000);
    equal(progress.remainingMs(30_000), 10_000, 'an iteration that is late is about to end');
    progress.observe(started('score', 2, 31_000));
    equal(progress.remainingMs(31_000), 15_000, 'the mean of both');
  });

  it('learns nothing from an iteration that the journal answered in part', () => {
    const progress = after([started('score', 0, 0, 10, 10), started('train', 0, 5, 10, 3), started('score', 1, 4000)]);
    equal(progress.remainingMs(4000), undefined);
    progress.observe(started('score', 2, 10_000));
    equal(progress.remainingMs(10_000), 6000);
  });

  it('is not known where the number of iterations is not', () => {
    const progress = new RunProgress(undefined);
    for (const event of [started('score', 0, 0), started('score', 1, 10)]) progress.observe(event);
    equal(progress.remainingMs(10), undefined);
  });
});
