import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { deepEqual, ok } from 'node:assert/strict';
import { present } from '#core';
import { readF32Tensors } from '#ml/tensor';
import { keptDistribution } from './index.js';

interface SamplingCase {
  readonly tolerance: { readonly probabilities: { readonly abs: number } };
  readonly cases: readonly {
    readonly logits: string;
    readonly settings: {
      readonly temperature: number;
      readonly top_k?: number;
      readonly top_p?: number;
      readonly min_p?: number;
    };
    readonly kept: readonly number[];
    readonly probabilities: readonly number[];
    readonly same_support_in_float32: boolean;
  }[];
}

/** The golden folder beside the repository. */
function goldenCase(name: string): string {
  let root = import.meta.dirname;
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  return join(root, '..', 'shared', 'golden', 'cases', name);
}

describe('the kept distribution', () => {
  const dir = goldenCase('sampling');
  const skip = existsSync(dir) ? false : 'the golden folder is not beside this repository';

  it('equals that of transformers for every row and setting', { skip }, async () => {
    const golden = JSON.parse(readFileSync(join(dir, 'case.json'), 'utf8')) as SamplingCase;
    const logits = await readF32Tensors(join(dir, 'logits.safetensors'));
    for (const { logits: row, settings, kept, probabilities, same_support_in_float32: exact } of golden.cases) {
      const where = `${row} ${JSON.stringify(settings)}`;
      const { data } = present(logits.get(row), row);
      const got = keptDistribution(data, {
        temperature: settings.temperature,
        topK: settings.top_k ?? 0,
        topP: settings.top_p ?? 1,
        minP: settings.min_p ?? 0,
      });
      if (!exact) continue;
      if (new Set(data).size === data.length) deepEqual([...got.ids], kept, where);
      const sorted = [...got.probabilities].sort((a, b) => a - b);
      const expected = [...probabilities].sort((a, b) => a - b);
      ok(sorted.length === expected.length, `${where}: ${sorted.length} kept, expected ${expected.length}`);
      const worst = Math.max(...sorted.map((probability, i) => Math.abs(probability - present(expected[i], where))));
      ok(worst <= golden.tolerance.probabilities.abs, `${where}: off by ${worst}`);
    }
  });
});
