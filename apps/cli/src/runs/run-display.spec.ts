import { describe, it } from 'node:test';
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';
import { figuresText, phaseEndLine, phaseLabel, progressBar, progressLine } from './progress-lines.js';
import { runDisplay } from './run-display.js';
import { eventJson, runEventOf, type RunEvent } from './run-event.js';

const BASE = { runId: 'r', timeMs: 1_700_000_000_000, phase: 'generate', iteration: 1 } as const;
const EVENTS: readonly RunEvent[] = [
  { ...BASE, kind: 'phase_started', unitCount: 4, unitCountDone: 1 },
  { ...BASE, kind: 'phase_progress', unitCount: 4, unitCountDone: 2, figures: { loss: 0.64217 } },
  { ...BASE, kind: 'phase_ended', elapsedMs: 2100, figures: { annotation_ratio: 0.41, annotations: 1984 } },
  { runId: 'r', timeMs: BASE.timeMs, kind: 'run_ended', elapsedMs: 2200, state: 'succeeded' },
];

describe('progress lines', () => {
  it('fill a bar from left to right, whatever the counts', () => {
    deepEqual(
      [progressBar(0, 4, 4), progressBar(3, 4, 4), progressBar(9, 4, 4), progressBar(0, 0, 4)],
      ['░░░░', '███░', '████', '████'],
    );
  });

  it('name the iteration, save for what belongs to none', () => {
    equal(phaseLabel('generate', 1, 3), 'iteration 2/3  generate');
    equal(phaseLabel('generate', 1, undefined), 'iteration 2  generate');
    equal(phaseLabel('warm-up', 0, 3), 'warm-up');
    equal(phaseLabel('evaluate-final', 2, 3), 'evaluate final');
  });

  it('show shares, counts and other figures each in its way', () => {
    equal(
      figuresText({ annotation_ratio: 0.414, annotations: 1984, loss: 0.642173, end_token_rate: 1 }),
      'annotation ratio 41 % · annotations 1,984 · loss 0.6422 · end token rate 100 %',
    );
  });

  it('never exceed the terminal', () => {
    const figures = { loss: 0.5, gradient_norm: 1.25 };
    for (const columnCount of [1, 20, 60, 200]) {
      const line = progressLine({ label: 'iteration 1/3  train', doneCount: 3, unitCount: 48, figures, columnCount });
      ok(line.length < Math.max(columnCount, 2), `${line.length} in ${columnCount}`);
    }
  });

  it('align the times of phases', () => {
    equal(phaseEndLine('warm-up', 2100, {}), '  warm-up                          2.1 s');
  });
});

describe('the display of a run', () => {
  it('prints one line per ended phase where nothing can be redrawn', () => {
    const terminal = new ScriptedTerminal();
    const display = runDisplay({ terminal, json: false, iterationCount: 3 });
    display.note('starting');
    for (const event of EVENTS) display.event(event);
    equal(
      terminal.stdout,
      'starting\n  iteration 2/3  generate          2.1 s  annotation ratio 41 % · annotations 1,984\n',
    );
  });

  it('redraws one line on a terminal and leaves ended phases standing', () => {
    const terminal = new ScriptedTerminal({ isInteractive: true });
    const display = runDisplay({ terminal, json: false, iterationCount: 3 });
    for (const event of EVENTS) display.event(event);
    const drawn = terminal.stdout.split('\r\u001b[K');
    match(drawn[1] ?? '', /generate\s+█{6}░{18} 1\/4$/);
    match(drawn[2] ?? '', /█{12}░{12} 2\/4 {2}loss 0\.6422$/);
    match(drawn[3] ?? '', /annotations 1,984\n$/);
    equal(drawn[4], '');
  });

  it('prints one JSON object per event for programs, and nothing else', () => {
    const terminal = new ScriptedTerminal();
    const display = runDisplay({ terminal, json: true });
    display.note('starting');
    for (const event of EVENTS) display.event(event);
    const lines = terminal.stdout.trimEnd().split('\n');
    deepEqual(
      lines.map((line) => (JSON.parse(line) as { event: string }).event),
      ['phase_started', 'phase_progress', 'phase_ended', 'run_ended'],
    );
    deepEqual(JSON.parse(lines[0]!), {
      event: 'phase_started',
      time: '2023-11-14T22:13:20.000Z',
      run_id: 'r',
      phase: 'generate',
      iteration: 1,
      unit_count: 4,
      unit_count_done: 1,
    });
  });
});

describe('events of the trainer', () => {
  it('become plain values, with milliseconds for durations', () => {
    const message = {
      event: '7',
      time: { seconds: '1700000000', nanos: 0 },
      run: null,
      phaseEnded: { phase: 'train', iteration: 0, elapsed: { seconds: '1', nanos: 500_000_000 }, figures: { loss: 1 } },
    } as const;
    const event = runEventOf(message);
    deepEqual(event, {
      runId: '',
      timeMs: 1_700_000_000_000,
      kind: 'phase_ended',
      phase: 'train',
      iteration: 0,
      elapsedMs: 1500,
      figures: { loss: 1 },
    });
    equal(JSON.parse(eventJson(event!)).elapsed_ms, 1500);
  });

  it('of a kind that is not known are left out', () => {
    equal(runEventOf({ event: '0', time: null, run: null }), undefined);
  });
});
