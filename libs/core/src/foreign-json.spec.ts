import { describe, it } from 'node:test';
import { deepEqual, throws } from 'node:assert/strict';
import { parseForeignJson } from './foreign-json.js';

describe('JSON from outside', () => {
  it('is parsed as ever', () => {
    const text = '{"a":[1,{"b":"]}\\"[[{\\\\"}],"":null}';
    deepEqual(parseForeignJson(text), JSON.parse(text));
    deepEqual(parseForeignJson(`"${'['.repeat(1000)}"`), '['.repeat(1000));
  });

  it('is refused beyond a depth that nobody needs', () => {
    const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
    deepEqual(parseForeignJson(nested(100)), JSON.parse(nested(100)));
    throws(() => parseForeignJson(nested(102)), { name: 'SyntaxError', message: /deeper than 100/ });
    throws(() => parseForeignJson(nested(200_000)), { name: 'SyntaxError' });
  });

  it('is measured before it is parsed, which takes long where it is deep', () => {
    throws(() => parseForeignJson('['.repeat(3_000_000)), { name: 'SyntaxError', message: /deeper than 100/ });
  });

  it('that is none is refused', () => {
    for (const text of ['', '{"a":', '"', '"a', '"a\\', '["\\"]', '}}}', '[']) {
      throws(() => parseForeignJson(text), { name: 'SyntaxError' }, text);
    }
  });
});
