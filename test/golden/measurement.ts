/** @file How far a result is from the golden one, and how far it may be. */
import { assert, present } from '#core';

export interface Measurement {
  /** What was compared, for instance `logits`; the report keeps the worst per quantity. */
  readonly quantity: string;
  /** Which part of the case, for instance a batch or a step. */
  readonly part: string;
  readonly error: number;
  readonly tolerance: number;
}

/** As case.json states tolerances. */
export interface AbsTolerance {
  readonly abs: number;
}

export interface NormTolerance {
  readonly relative_all: number;
  readonly relative_worst_tensor: number;
}

export type Numbers = ArrayLike<number>;

/** NaN never passes. */
export function passes({ error, tolerance }: Measurement): boolean {
  return error <= tolerance;
}

/** Collects the measurements of one case. */
export class Measurements {
  readonly list: Measurement[] = [];

  /** Largest absolute difference. */
  close(quantity: string, part: string, got: Numbers, expected: Numbers, { abs }: AbsTolerance): void {
    this.list.push({ quantity, part, error: maxAbsError(got, expected, `${quantity} of ${part}`), tolerance: abs });
  }

  /** A figure that was computed by other means. */
  figure(quantity: string, part: string, error: number, tolerance: number): void {
    this.list.push({ quantity, part, error, tolerance });
  }

  /** Equal as JSON, or not. */
  exact(quantity: string, part: string, got: unknown, expected: unknown): void {
    const error = JSON.stringify(got) === JSON.stringify(expected) ? 0 : 1;
    this.list.push({ quantity, part, error, tolerance: 0 });
  }

  /** Norm of the difference over norm of the golden, over all tensors together and for each by itself. */
  norms(
    quantity: string,
    part: string,
    tensors: Iterable<readonly [string, Numbers, Numbers]>,
    tolerance: NormTolerance,
  ): void {
    let squaredError = 0;
    let squaredNorm = 0;
    let worst = 0;
    let worstName = '';
    for (const [name, got, expected] of tensors) {
      const error = squaredDistance(got, expected, `${quantity} ${name} of ${part}`);
      const norm = squaredLength(expected);
      const relative = error === 0 ? 0 : Math.sqrt(error / norm);
      if (!(relative <= worst)) [worst, worstName] = [relative, name];
      squaredError += error;
      squaredNorm += norm;
    }
    assert(squaredNorm > 0, `${quantity} of ${part} are all zero`);
    this.figure(quantity, part, Math.sqrt(squaredError / squaredNorm), tolerance.relative_all);
    this.figure(`${quantity}, worst tensor`, `${part} ${worstName}`, worst, tolerance.relative_worst_tensor);
  }
}

/** Largest absolute difference; NaN when any is. */
export function maxAbsError(got: Numbers, expected: Numbers, where: string): number {
  requireSameLength(got, expected, where);
  let worst = 0;
  for (let i = 0; i < got.length; i++) {
    const error = Math.abs(present(got[i], where) - present(expected[i], where));
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

export function squaredDistance(got: Numbers, expected: Numbers, where: string): number {
  requireSameLength(got, expected, where);
  let sum = 0;
  for (let i = 0; i < got.length; i++) sum += (got[i]! - expected[i]!) ** 2;
  return sum;
}

export function squaredLength(numbers: Numbers): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]! ** 2;
  return sum;
}

function requireSameLength(got: Numbers, expected: Numbers, where: string): void {
  assert(got.length === expected.length, `${where}: got ${got.length} numbers, golden has ${expected.length}`);
}
