/** Goal: what people see of a run, on a terminal, in a log, and as JSON. Method: scripted events with times of their own. */
import { describe, it } from 'node:test';
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';
import { eventJson, runEventOf, type RunCounts, type RunEvent } from '../runs/run-event.js';
import {
  annotationsText,
  figuresText,
  fitted,
  moneyText,
  phaseEndLine,
  phaseLabel,
  phaseLine,
  progressBar,
  remainingText,
  runLine,
} from './progress-lines.js';
import { runDisplay } from './run-display.js';

const START_MS = 1_700_000_000_000;
const COUNTS: RunCounts = { annotations: 412, annotationsUngated: 1152, cost: { amount: 4.12, currency: 'EUR' } };
const BASE = { runId: 'r', timeMs: START_MS, counts: COUNTS, phase: 'generate', iteration: 1 } as const;
const EVENTS: readonly RunEvent[] = [
  { ...BASE, kind: 'phase_started', unitCount: 4, unitCountDone: 1 },
  {
    ...BASE,
    timeMs: START_MS + 2000,
    kind: 'phase_progress',
    unitCount: 4,
    unitCountDone: 2,
    figures: { loss: 0.64217, rows: 3, tokens: 240 },
  },
  {
    ...BASE,
    timeMs: START_MS + 2100,
    kind: 'phase_ended',
    elapsedMs: 2100,
    figures: { annotation_ratio: 0.41, annotations: 1984, annotations_spent: 7, annotations_forecast: 9 },
  },
  { runId: 'r', counts: COUNTS, timeMs: START_MS + 2200, kind: 'run_ended', elapsedMs: 2200, state: 'succeeded' },
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

  it('show what a phase and a run come to, and leave out what is not known', () => {
    const view = { phase: 'train', iteration: 0, doneCount: 3, unitCount: 12, figures: { loss: 0.5 } };
    const unknown = { rowsPerSecond: undefined, tokensPerSecond: undefined, remainingMs: undefined };
    match(phaseLine({ ...view, ...unknown }, 3, 120), /train {9}█{6}░{18} {2}3\/12 · loss 0\.5$/);
    const known = { rowsPerSecond: 3.25, tokensPerSecond: 1234.5, remainingMs: 90_000 };
    match(
      phaseLine({ ...view, ...known }, 3, 120),
      / 3\/12 · 3\.3 rows\/s · 1,235 tokens\/s · 2 min to go · loss 0\.5$/,
    );
    match(phaseLine({ ...view, ...unknown }, 3, 80), /train {9}██░{6} {2}3\/12/);
    equal(
      runLine(COUNTS, undefined, 754_000),
      '412 annotations (4.12 EUR) of 1,152 without the gate · about 13 min left',
    );
    equal(runLine({ annotations: 1, annotationsUngated: 0 }, undefined, undefined), '1 annotation');
    const outlook = { annotations: 980, cost: 9.8, limit: 1000 };
    match(runLine(COUNTS, outlook, undefined), / without the gate · forecast 980 \(9\.80 EUR\), budget 1,000$/);
    const bare = { annotations: 980, cost: undefined, limit: undefined };
    equal(runLine({ annotations: 1, annotationsUngated: 0 }, bare, undefined), '1 annotation · forecast 980');
  });

  it('write money, and time that is only estimated', () => {
    const amounts = [0, 0.00312, 4.1, 12345.678].map((amount) => moneyText({ amount, currency: 'EUR' }));
    deepEqual(amounts, ['0.00 EUR', '0.0031 EUR', '4.10 EUR', '12,345.68 EUR']);
    deepEqual([0, 200, 59_001, 61_000, 3_599_000, 5_400_000].map(remainingText), [
      '0 s',
      '1 s',
      '60 s',
      '1 min',
      '1 h 0 min',
      '1 h 30 min',
    ]);
    equal(annotationsText({ annotations: 7, annotationsUngated: 7 }), '7 annotations');
  });

  it('never exceed the terminal', () => {
    for (const columnCount of [1, 20, 60, 200])
      ok(fitted('x'.repeat(100), columnCount).length < Math.max(columnCount, 2));
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

  it('gives a sign of life in a log when a phase takes long, and no more than one in half a minute', () => {
    const terminal = new ScriptedTerminal();
    const display = runDisplay({ terminal, json: false, iterationCount: 3 });
    const progress = { ...BASE, kind: 'phase_progress', unitCount: 100, figures: { rows: 2 } } as const;
    display.event({ ...BASE, kind: 'phase_started', unitCount: 100, unitCountDone: 0 });
    for (let second = 1; second <= 70; second++) {
      display.event({ ...progress, timeMs: START_MS + second * 1000, unitCountDone: second });
    }
    equal(
      terminal.stdout,
      '  iteration 2/3  generate       30/100 · 2.0 rows/s · 70 s to go · 412 annotations (4.12 EUR) of 1,152 without the gate\n'.replace(
        '70 s',
        '1 min',
      ) +
        '  iteration 2/3  generate       60/100 · 2.0 rows/s · 40 s to go · 412 annotations (4.12 EUR) of 1,152 without the gate\n',
    );
  });

  it('redraws a block on a terminal and leaves ended phases and remarks standing above it', () => {
    const terminal = new ScriptedTerminal({ isInteractive: true, columnCount: 120 });
    const display = runDisplay({ terminal, json: false, iterationCount: 3 });
    display.note('starting');
    display.event(EVENTS[0]!);
    match(terminal.screen, /^starting\n {2}iteration 2\/3 {2}generate +░{24} 0\/4\n {2}412 annotations .+ the gate$/);
    display.event(EVENTS[1]!);
    match(terminal.screen, /█{12}░{12} 2\/4 · 1\.5 rows\/s · 120 tokens\/s · 4 s to go · loss 0\.6422\n {2}412/);
    display.note('stopping');
    match(terminal.screen, /^starting\nstopping\n {2}iteration 2\/3 {2}generate +█{12}/);
    display.tick(START_MS + 4000);
    match(terminal.screen, /2\/4 · 0\.8 rows\/s · 60 tokens\/s · 8 s to go/);
    for (const event of EVENTS.slice(2)) display.event(event);
    match(terminal.screen, /^starting\nstopping\n {2}iteration 2\/3 {2}generate .+annotations 1,984\n$/);
  });

  it('shows phases that overlap each on its line', () => {
    const terminal = new ScriptedTerminal({ isInteractive: true, columnCount: 120 });
    const display = runDisplay({ terminal, json: false, iterationCount: 3 });
    display.event(EVENTS[0]!);
    display.event({ ...BASE, phase: 'annotate', kind: 'phase_started', unitCount: 9, unitCountDone: 0 });
    match(terminal.screen, /^ {2}iteration 2\/3 {2}generate .+\n {2}iteration 2\/3 {2}annotate .+ 0\/9\n {2}412/);
    display.event(EVENTS[2]!);
    match(terminal.screen, /^ {2}iteration 2\/3 {2}generate +2\.1 s .+\n {2}iteration 2\/3 {2}annotate .+\n {2}412/);
    display.close();
    match(terminal.screen, /^ {2}iteration 2\/3 {2}generate +2\.1 s .+\n$/);
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
      annotations: 412,
      annotations_ungated: 1152,
      cost: { amount: 4.12, currency: 'EUR' },
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
      timeMs: START_MS,
      counts: { annotations: 0, annotationsUngated: 0 },
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
