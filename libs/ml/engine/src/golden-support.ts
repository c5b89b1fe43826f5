/** @file Reads the golden folder beside the repository; for this package's specs only. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationRoot, present } from '#core';
import { readTensorFile, toNumbers, type StoredTensor } from '#ml/tensor';

/** The golden folder. */
export const GOLDEN_DIR = goldenDir();

/** Reason to skip where the golden folder is absent, else false. */
export const SKIP_WITHOUT_GOLDEN = existsSync(GOLDEN_DIR) ? false : 'the golden folder is not beside this repository';

export function goldenPath(...parts: readonly string[]): string {
  return join(GOLDEN_DIR, ...parts);
}

export function caseJson<T>(name: string): T {
  return JSON.parse(readFileSync(goldenPath('cases', name, 'case.json'), 'utf8')) as T;
}

/** Tensors of a case as plain numbers. */
export class CaseTensors {
  private constructor(private readonly tensors: ReadonlyMap<string, StoredTensor>) {}

  static async read(name: string, file: string): Promise<CaseTensors> {
    return new CaseTensors((await readTensorFile(goldenPath('cases', name, file))).tensors);
  }

  dims(name: string): readonly number[] {
    return present(this.tensors.get(name), name).dims;
  }

  numbers(name: string): number[] {
    return [...toNumbers(present(this.tensors.get(name), name), { name, where: 'golden case' })];
  }

  /** Rows of a matrix. */
  rows(name: string): number[][] {
    const [rows = 0, columns = 0] = this.dims(name);
    const numbers = this.numbers(name);
    return Array.from({ length: rows }, (_, row) => numbers.slice(row * columns, (row + 1) * columns));
  }
}

/** One row of a padded batch, without its padding. */
export interface GoldenRow {
  readonly ids: number[];
  readonly prompt: number[];
  readonly response: number[];
  /** Column of the first real token. */
  readonly start: number;
}

export function goldenRows(tensors: CaseTensors, batch: string): GoldenRow[] {
  const masks = tensors.rows(`${batch}.attention_mask`);
  const completions = tensors.rows(`${batch}.completion_mask`);
  return tensors.rows(`${batch}.input_ids`).map((row, index) => {
    const real = present(masks[index], 'mask');
    const completion = present(completions[index], 'mask');
    const at = (wanted: (column: number) => boolean) => row.filter((_, column) => wanted(column));
    return {
      ids: at((column) => real[column] === 1),
      prompt: at((column) => real[column] === 1 && completion[column] === 0),
      response: at((column) => completion[column] === 1),
      start: real.indexOf(1),
    };
  });
}

export function maxAbsDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] ?? Number.NaN) - (b[i] ?? Number.NaN));
    if (!(difference <= worst)) worst = difference;
  }
  return worst;
}

function goldenDir(): string {
  return join(installationRoot(), '..', 'shared', 'golden');
}
