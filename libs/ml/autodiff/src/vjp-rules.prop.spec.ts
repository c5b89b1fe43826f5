/** @file Every derivative against central differences, and every operation against ONNX Runtime. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { present } from '#core';
import type { OpType } from '#ml/graph';
import { referenceError } from '#ml/runtime';
import fc from 'fast-check';
import { draft } from './testing/draft.js';
import { gradientError } from './testing/finite-differences.js';
import { operationCases } from './testing/operation-cases.js';
import { vjpRules } from './vjp-rules.js';

const operationNames = Object.keys(vjpRules) as OpType[];

describe('every operation', () => {
  for (const op of operationNames) {
    it(`${op} is what its case builds`, () => {
      const { graph } = draft(operationCases[op], 0);
      assert.ok(graph.nodes.some((node) => node.op === op && node.name.startsWith('/')));
    });

    if (typeof vjpRules[op] === 'function') {
      it(`${op} has the gradient that central differences have`, () => {
        fc.assert(
          fc.property(fc.integer({ min: 0 }), (seed) => {
            const { error, where } = gradientError(draft(operationCases[op], seed));
            assert.ok(error < 1e-6, `${where}; replay: draft(operationCases.${op}, ${seed})`);
          }),
          { numRuns: 10 },
        );
      });
    }

    it(`${op} gives the same in float64 and in ONNX Runtime, gradients included`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
          const { graph, feeds } = draft(operationCases[op], seed);
          const { error, where } = await referenceError(graph, feeds);
          // MatMulNBits rounds the activations to 8 bits; everything else only to float32.
          const tolerance = op === 'MatMulNBits' ? 2e-2 : 1e-4;
          assert.ok(error < tolerance, `${where}; replay: draft(operationCases.${op}, ${seed})`);
        }),
        { numRuns: 3 },
      );
    });
  }

  it('has a rule or says why not', () => {
    for (const op of operationNames) {
      const rule = present(vjpRules[op], `rule of ${op}`);
      assert.ok(typeof rule === 'function' || rule.kind === 'no-gradient' || rule.reason !== '');
    }
  });
});
