/** @file Whatever a client sends: a façade reads it or says what is wrong with it, and never breaks. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { classify } from './classify.js';
import { FACADE_DEFAULTS } from './facade-options.js';
import { BodyInvalidError } from './facade.errors.js';
import { openRlhf } from './open-rlhf.js';
import { rawBytes, readRawBytes } from './open-inference/tensor-bytes.js';
import { scorePairs } from './score-pairs.js';
import { slime } from './slime.js';

const FIELDS = [
  'query',
  'prompts',
  'model',
  'input',
  'messages',
  'queries',
  'documents',
  'prompt',
  'response',
  'use_activation',
];
const value = fc.oneof(
  fc.jsonValue(),
  fc.array(fc.string()),
  fc.array(fc.record({ role: fc.constantFrom('user', 'assistant'), content: fc.jsonValue() })),
);
const body = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...FIELDS), value));

describe('any JSON', () => {
  for (const [name, facade] of Object.entries({ openRlhf, classify, scorePairs, slime })) {
    it(`is read by ${name}, one item for each answer, or refused by name`, () => {
      fc.assert(
        fc.property(body, (sent) => {
          try {
            const { items } = facade.read(sent, { ...FACADE_DEFAULTS, ...facade.defaults }, () => {});
            for (const item of items) assert.ok(item.field !== '' && (item.ok || item.error.code !== ''));
          } catch (thrown) {
            assert.ok(thrown instanceof BodyInvalidError && thrown.fieldProblems.length > 0, String(thrown));
          }
        }),
      );
    });
  }
});

describe('raw elements', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), (elements) => {
        const buffers = elements.map((element) => Buffer.from(element));
        assert.deepEqual(readRawBytes(rawBytes(buffers), buffers.length, 'x'), buffers);
      }),
    );
  });

  it('of any bytes are elements or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(5), (bytes, count) => {
        try {
          assert.equal(readRawBytes(Buffer.from(bytes), count, 'x').length, count);
        } catch (thrown) {
          assert.equal((thrown as { code?: string }).code, 'TENSORS_INVALID');
        }
      }),
    );
  });
});
