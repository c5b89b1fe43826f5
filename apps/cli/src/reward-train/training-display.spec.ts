/** Goal: a training is told on one line that is redrawn, in a log by lines now and then, and to programs as JSON. */
import { describe, it } from 'node:test';
import { deepEqual, equal, match } from 'node:assert/strict';
import type { Clock } from '#core';
import type { TrainingProgress } from '#ml/reward-training';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';
import { TrainingDisplay } from './training-display.js';

class HandClock implements Clock {
  private ms = 0;

  pass(ms: number): void {
    this.ms += ms;
  }

  nowMs(): number {
    return this.ms;
  }

  monotonicMs(): number {
    return this.ms;
  }

  async sleep(): Promise<void> {}
}

const step = (doneCount: number): TrainingProgress => ({
  phase: 'train',
  doneCount,
  totalCount: 10,
  figures: { loss: 0.5, accuracy: 0.75 },
});

/** Steps 4 to 10 of a training that is gone on with, ten seconds each; what is shown after some of them. */
function shown(terminal: ScriptedTerminal, json = false): string[] {
  const clock = new HandClock();
  const display = new TrainingDisplay({ terminal, json, clock });
  const screens: string[] = [];
  display.note('going on after step 4 of 10');
  display.progress({ phase: 'train', doneCount: 4, totalCount: 10 });
  for (let done = 5; done <= 10; done++) {
    clock.pass(10_000);
    display.progress(step(done));
    screens.push(terminal.screen);
  }
  display.close();
  return screens;
}

describe('the display of a training', () => {
  it('redraws one line with bar, figures and time to go, and lets it stand at the end', () => {
    const screens = shown(new ScriptedTerminal({ isInteractive: true, columnCount: 100 }));
    match(
      screens[1] ?? '',
      /^going on after step 4 of 10\n {2}train +█+░+ 6\/10 · loss 0\.5000 · accuracy 75 % · 40 s to go$/,
    );
    match(screens.at(-1) ?? '', /\n {2}train +1 min 0 s · loss 0\.5000 · accuracy 75 %\n$/);
    equal(screens.at(-1)?.includes('to go'), false);
  });

  it('writes a line every half a minute where nothing can be redrawn', () => {
    const terminal = new ScriptedTerminal();
    shown(terminal);
    const counts = [...terminal.stdout.matchAll(/(\d+)\/10/g)].map(([, done]) => Number(done));
    deepEqual(counts, [7]);
    match(terminal.stdout, /1 min 0 s/);
  });

  it('gives programs JSON alone', () => {
    const terminal = new ScriptedTerminal();
    shown(terminal, true);
    const events = terminal.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    equal(events.length, 7);
    deepEqual(events[1], { event: 'training_progress', phase: 'train', done: 5, total: 10, loss: 0.5, accuracy: 0.75 });
  });
});
