/**
 * @file Files from outside, ten thousand times damaged: goal, that none crashes, hangs or swells the reader, and that none
 * is taken for something else than it says. Method: seeded mutations of tiny healthy files, each read as the product does.
 */
import { describe, it } from 'node:test';
import { deepEqual, ok } from 'node:assert/strict';
import { FORMATS } from './formats.js';
import { fuzzFormats } from './fuzz-formats.js';

const MUTANTS = 10_500;
const SEED = 1;

describe('damaged files', () => {
  const shares = FORMATS.reduce((sum, { share }) => sum + share, 0);
  for (const { name, share } of FORMATS) {
    it(`of the format ${name} are refused by name, or read as what they say`, async () => {
      const mutants = Math.ceil((MUTANTS * share) / shares);
      const [result] = await fuzzFormats({ mutants, seed: SEED, only: name });
      deepEqual(result?.findings, []);
      ok(Object.keys(result?.refused ?? {}).length > 0, 'mutations that are never refused test nothing');
    });
  }
});
