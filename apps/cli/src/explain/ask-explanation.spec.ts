/** Goal: who names a trainer that is none hears so. */
import { describe, it } from 'node:test';
import { rejects } from 'node:assert/strict';
import { askExplanation } from './ask-explanation.js';

describe('a trainer that is asked about a row', () => {
  it('and does not answer is named, with what to do', async () => {
    const question = { run: 'demo', itemId: 'row', baseDirectory: undefined, signal: new AbortController().signal };
    await rejects(askExplanation({ ...question, trainer: '127.0.0.1:1' }), {
      code: 'UNAVAILABLE',
      message: /^No trainer answers at 127\.0\.0\.1:1: (?!.*Resolution note).*--trainer/,
    });
  });
});
