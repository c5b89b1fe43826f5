import { describe, it } from 'node:test';
import fc from 'fast-check';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { present } from '#core';
import { BATCH_TOKENS_MAX, gradientTokensMax, microBatches } from './micro-batches.js';
import { sequenceBatch, slidingMask } from './sequence-batch.js';
import { sees, sequencesOf, type Sequence } from './sequence.js';

const tokenList = (minLength: number) => fc.array(fc.nat(99), { minLength, maxLength: 12 });
const row = fc.record({ prompt: tokenList(1), responses: fc.array(tokenList(1), { minLength: 1, maxLength: 5 }) });

/** What the token at `index` stands on: itself and everything it sees, in order. */
function contextOf({ tokenIds, branches }: Sequence, index: number): number[] {
  return tokenIds.filter((_, key) => key === index || sees(branches, index, key));
}

describe('a prompt with responses as a tree', () => {
  it('predicts every token of every response from exactly what stands before it', () => {
    fc.assert(
      fc.property(row, fc.constantFrom(1, 20, 1000), ({ prompt, responses }, tokensMax) => {
        const seen = responses.map((): number[] => []);
        for (const sequence of sequencesOf({ prompt, responses, firstResponseIndex: 0 }, tokensMax)) {
          for (const { from, tokenId, responseIndex } of sequence.targets) {
            const before = present(seen[responseIndex], 'response');
            deepEqual(contextOf(sequence, from), [...prompt, ...before]);
            equal(sequence.positions[from], prompt.length + before.length - 1);
            before.push(tokenId);
          }
        }
        deepEqual(seen, responses);
      }),
    );
  });

  it('shows a window the last tokens of each response, wherever they stand in the tree', () => {
    fc.assert(
      fc.property(row, fc.integer({ min: 2, max: 9 }), ({ prompt, responses }, window) => {
        const sequences = sequencesOf({ prompt, responses, firstResponseIndex: 0 }, 1000);
        const batch = sequenceBatch(sequences);
        const mask = slidingMask(batch, window);
        const [{ tokenIds, targets }] = sequences as [Sequence];
        const read = responses.map(() => 0);
        for (const { from, responseIndex } of targets) {
          const whole = [...prompt, ...present(responses[responseIndex], 'response')];
          const end = prompt.length + read[responseIndex]!++;
          const seen = tokenIds.filter((_, key) => mask[from * batch.length + key] === 0);
          deepEqual(seen, whole.slice(Math.max(0, end - window), end));
        }
      }),
    );
  });

  it('falls apart where it would exceed the budget', () => {
    const responses = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    equal(sequencesOf({ prompt: [9, 9], responses, firstResponseIndex: 0 }, 6).length, 1);
    equal(sequencesOf({ prompt: [9, 9], responses, firstResponseIndex: 0 }, 5).length, 2);
  });
});

describe('micro-batches', () => {
  const groups = fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }), { maxLength: 20 });
  const ofLength = (length: number): Sequence => ({
    tokenIds: Array.from({ length }, () => 1),
    positions: Array.from({ length }, (_, position) => position),
    branches: Array.from({ length }, () => 0),
    targets: [{ from: length - 1, tokenId: 1, responseIndex: 0 }],
  });

  it('keep all groups, in order, within the budget unless a group alone exceeds it', () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 200 }), (lengths, tokensMax) => {
        const batches = microBatches(lengths, (group) => group.map(ofLength), tokensMax);
        deepEqual(batches.flat(), lengths);
        for (const batch of batches) {
          const all = batch.flat();
          ok(batch.length === 1 || all.length * Math.max(...all) <= tokensMax);
        }
      }),
    );
  });

  it('of a gradient are smaller for a large model, whose activations would fill the memory', () => {
    const small = { layerCount: 8, hiddenSize: 384, feedForwardSize: 1024, headCount: 6 };
    equal(gradientTokensMax(small), BATCH_TOKENS_MAX);
    equal(gradientTokensMax({ layerCount: 30, hiddenSize: 576, feedForwardSize: 1536, headCount: 9 }), 529);
    equal(gradientTokensMax({ layerCount: 32, hiddenSize: 4096, feedForwardSize: 14_336, headCount: 32 }), 256);
  });

  it('are padded with tokens that no real token sees', () => {
    const { mask, length, tokenCount } = sequenceBatch([ofLength(2), ofLength(4)]);
    equal(length, 4);
    equal(tokenCount, 6);
    const visible = (b: number, query: number) =>
      [0, 1, 2, 3].filter((key) => mask[(b * length + query) * length + key] === 0);
    deepEqual([visible(0, 0), visible(0, 1), visible(0, 2)], [[0], [0, 1], [2]]);
    deepEqual(visible(1, 3), [0, 1, 2, 3]);
  });
});
