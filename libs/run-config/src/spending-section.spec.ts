import { describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { ConfigInvalidError, annotationLimit, durationMs, parseRunConfig } from './index.js';

const MINIMAL = `
name: tiny
model: { path: ./model }
data: { train: ./pairs.jsonl }
reward: vader
`;

const parse = (...overrides: string[]) => parseRunConfig(MINIMAL, { overrides });

function wrongPaths(...overrides: string[]): string[] {
  try {
    parse(...overrides);
  } catch (error) {
    ok(error instanceof ConfigInvalidError);
    return error.problems.map(({ path }) => path);
  }
  return [];
}

describe('what a run may spend', () => {
  it('is without a limit unless told otherwise, and closes the gate at one', () => {
    const { budget, annotator_patience, annotator_backoff } = parse().config;
    deepEqual([budget.annotations, budget.seconds, budget.on_limit], [null, null, 'close_gate']);
    deepEqual([annotator_patience, annotator_backoff], ['10m', { first: '500ms', max: '30s' }]);
  });

  it('is a number, or a share of what sampling every prompt would cost', () => {
    const limitOf = (annotations: string) =>
      annotationLimit(parse(`budget.annotations=${annotations}`).config.budget, 300);
    deepEqual([limitOf('0'), limitOf('120'), limitOf('37%'), limitOf('12.5%')], [0, 120, 111, 37]);
    equal(annotationLimit(parse().config.budget, 300), undefined);
  });

  it('refuses limits that mean nothing', () => {
    for (const value of ['-1', '1.5', '101%', 'half', '"37 %"']) {
      deepEqual(wrongPaths(`budget.annotations=${value}`), ['budget.annotations'], value);
    }
    deepEqual(wrongPaths('budget.seconds=0', 'budget.on_limit=panic', 'budget.cost_per_annotation=-1'), [
      'budget.cost_per_annotation',
      'budget.on_limit',
      'budget.seconds',
    ]);
  });

  it('and how long it waits, and where it keeps things, leave its digest alone', () => {
    const { digest } = parse();
    const others = ['budget.annotations=5', 'annotator_patience=3s', 'annotator_backoff.max=1m', 'ledger=../l.sqlite'];
    equal(parse(...others, 'storage.artifacts=s3://bucket/runs').digest, digest);
  });
});

describe('durations', () => {
  it('are numbers with a unit', () => {
    deepEqual(['250ms', '1.5s', '10m', '2h', '1d'].map(durationMs), [250, 1500, 600_000, 7_200_000, 86_400_000]);
    for (const value of ['10', '10 m', '-1s', '1w', '31d']) {
      deepEqual(wrongPaths(`annotator_patience=${value}`), ['annotator_patience'], value);
    }
    deepEqual(wrongPaths('annotator_backoff.first=2m', 'annotator_backoff.max=1m'), ['annotator_backoff.first']);
  });
});

describe('places', () => {
  it('are paths or URLs that hold no password', () => {
    const { ledger, storage } = parse(
      'ledger=postgres://me@db.local/ledger',
      'storage.journal=postgresql://db.local:5433/runs',
      'storage.artifacts=s3://bucket/prefix',
    ).config;
    deepEqual([ledger, storage.artifacts], ['postgres://me@db.local/ledger', 's3://bucket/prefix']);
    deepEqual(
      wrongPaths(
        'ledger=postgres://me:secret@db.local/ledger',
        'storage.journal=./run.sqlite',
        'storage.artifacts=ftp://host/folder',
      ),
      ['ledger', 'storage.artifacts', 'storage.journal'],
    );
  });

  it('of files are rewritten from the folder, URLs are left as they are', () => {
    const overrides = ['ledger=/a/b/shared/ledger.sqlite', 'storage.artifacts=s3://bucket/prefix'];
    const { config } = parseRunConfig(MINIMAL, { overrides, baseDirectory: '/a/b' });
    deepEqual([config.ledger, config.storage.artifacts], ['shared/ledger.sqlite', 's3://bucket/prefix']);
  });
});
