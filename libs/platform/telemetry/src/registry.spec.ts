import { describe, it } from 'node:test';
import { equal, match, ok } from 'node:assert/strict';
import { METRICS } from './metric-registry.js';
import { ATTRIBUTES, SPANS } from './registry.js';
import { currentTraceparent, withTraceparent } from './trace-context.js';
import { toOtel, withSpan } from './spans.js';

const KEY_PATTERN = /^metaapo(\.[a-z][a-z_]*)+$/;

describe('telemetry registry', () => {
  it('names everything once, in lower case, under metaapo', () => {
    for (const table of [ATTRIBUTES, SPANS, METRICS]) {
      const keys = Object.values(table).map(({ key }) => key);
      equal(new Set(keys).size, keys.length);
      for (const key of keys) match(key, KEY_PATTERN);
    }
  });

  it('has an example of the declared type for every attribute', () => {
    for (const { key, type, example } of Object.values(ATTRIBUTES)) equal(typeof example, type, key);
  });

  it('has no attribute that could hold a prompt or an answer', () => {
    for (const { key } of Object.values(ATTRIBUTES)) ok(!/(^|[._])(text|prompt|content|message)$/.test(key), key);
  });

  it('translates the names that code uses to keys', () => {
    equal(JSON.stringify(toOtel({ runId: 'r', itemCount: 2 })), '{"metaapo.run.id":"r","metaapo.item.count":2}');
  });
});

describe('trace context', () => {
  const traceparent = `00-${'0a'.repeat(16)}-${'0b'.repeat(8)}-01`;

  it('is absent outside of spans', () => {
    equal(currentTraceparent(), undefined);
    equal(
      withTraceparent('nonsense', () => currentTraceparent()),
      undefined,
    );
  });

  it('runs spans without an SDK and hands on what they return and throw', async () => {
    equal(await withTraceparent(traceparent, () => withSpan('gate', {}, () => 7)), 7);
    await withSpan('gate', {}, () => Promise.reject(new TypeError('x'))).then(
      () => ok(false),
      (thrown: unknown) => match(String(thrown), /TypeError: x/),
    );
  });
});
