import { describe, it } from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { shellLine } from '../terminal/shell-words.js';
import { configDifferences } from './config-differences.js';
import { ageText, listedRun, runJson, runsTable, type ListedRun } from './runs-table.js';

const NOW_MS = Date.parse('2026-01-03T00:00:00Z');
const RUN: ListedRun = {
  runId: 'demo-1',
  name: 'demo',
  state: 'running',
  phase: 'train',
  iterationsDone: 2,
  iterationCount: 3,
  annotations: 5464,
  cost: { amount: 54.64, currency: 'EUR' },
  createTimeMs: NOW_MS - 5 * 3_600_000,
  holder: '4711@host-a',
  directory: 'runs/demo',
};

describe('a table of runs', () => {
  it('has a line per run, words to the left and figures to the right', () => {
    const other: ListedRun = { ...RUN, runId: 'x', state: 'interrupted', holder: '', cost: undefined, annotations: 7 };
    equal(
      runsTable([RUN, other], NOW_MS),
      [
        'run     name  state        directory  holder       iteration  annotations       cost  age',
        'demo-1  demo  running      runs/demo  4711@host-a        2/3        5,464  54.64 EUR  5 h',
        'x       demo  interrupted  runs/demo                     2/3            7             5 h',
        '',
      ].join('\n'),
    );
  });

  it('is JSON for programs, with what could not be read beside it', () => {
    deepEqual(JSON.parse(runJson(RUN)), {
      run_id: 'demo-1',
      name: 'demo',
      state: 'running',
      phase: 'train',
      iterations_done: 2,
      iteration_count: 3,
      annotations: 5464,
      cost: { amount: 54.64, currency: 'EUR' },
      create_time: '2026-01-02T19:00:00.000Z',
      holder: '4711@host-a',
      directory: 'runs/demo',
    });
    const unreadable = listedRun({ path: 'runs/odd', problem: new TypeError('half a file') });
    deepEqual(JSON.parse(runJson(unreadable)), { directory: 'runs/odd', problem: 'half a file' });
  });

  it('tells ages in one unit', () => {
    const ages = [-5, 40_000, 61_000, 7_200_000, 200_000_000].map(ageText);
    deepEqual(ages, ['0 s', '40 s', '1 min', '2 h', '2 d']);
  });
});

describe('what two configurations differ in', () => {
  it('is named by path, a few of them', () => {
    const was = { seed: 1, model: { path: 'a', lora: { rank: 2 } }, list: [1, 2] };
    deepEqual(configDifferences(was, { ...was, seed: 2, list: [1, 3] }), ['seed: 1 → 2', 'list: [1,2] → [1,3]']);
    deepEqual(configDifferences(was, { seed: 1, list: [1, 2] }), [
      'model.path: "a" → nothing',
      'model.lora.rank: 2 → nothing',
    ]);
    const many = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`key${index}`, index]));
    equal(configDifferences({}, many).at(-1), 'and 3 more');
  });
});

describe('a command line to paste', () => {
  it('quotes what a shell would read otherwise', () => {
    equal(
      shellLine(['metaapo', 'run', 'my run.yaml', '--set', "name=it's", '']),
      `metaapo run 'my run.yaml' --set 'name=it'\\''s' ''`,
    );
  });
});
