/** @file Kind `gguf-weights`: every tensor of a GGUF file as float32, in the file's own order of tensors and rows. */
import { GgufFile } from '#ml/gguf';
import type { Checker } from '../checker.js';
import { requireModelPath } from '../model-fixture.js';

interface Content {
  readonly tolerance: { readonly sum: { readonly relative_to_sum_abs: number } };
  readonly types: Readonly<Record<string, number>>;
  readonly tensors: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: readonly number[];
    /** Exact where given. */
    readonly first?: readonly number[];
    readonly last?: readonly number[];
    readonly sum: number;
    readonly sum_abs: number;
  }[];
}

export const checkGgufWeights: Checker = async (golden, measure) => {
  const { tolerance, types, tensors } = golden.as<Content>();
  const file = await GgufFile.open(requireModelPath(golden));
  try {
    const infos = [...file.tensors.values()];
    const headOf = ({ name, type }: { readonly name: string; readonly type: string }) => [name, type];
    measure.exact('names and types', 'all', infos.map(headOf), tensors.map(headOf));
    const counted = Object.entries(types).map(([type, count]) => [type, count] as const);
    const found = counted.map(([type]) => [type, infos.filter((info) => info.type === type).length] as const);
    measure.exact('tensors per type', 'all', found, counted);
    for (const { name, shape, first, last, sum, sum_abs: sumAbs } of tensors) {
      const { dims, data } = await file.readTensor(name);
      measure.exact('shapes', name, dims, shape);
      if (first) measure.exact('first elements', name, [...data.subarray(0, first.length)], first);
      if (last) measure.exact('last elements', name, [...data.subarray(data.length - last.length)], last);
      let [total, totalAbs] = [0, 0];
      for (let i = 0; i < data.length; i++) {
        total += data[i]!;
        totalAbs += Math.abs(data[i]!);
      }
      const allowed = tolerance.sum.relative_to_sum_abs * sumAbs;
      measure.figure('sums', name, Math.abs(total - sum), allowed);
      measure.figure('sums of magnitudes', name, Math.abs(totalAbs - sumAbs), allowed);
    }
  } finally {
    await file.close();
  }
};
