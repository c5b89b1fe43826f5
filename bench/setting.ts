/** @file What every benchmark is given. */
import type { Shape } from './shapes.js';

export interface Setting {
  readonly shape: Shape;
  /** Model folder of that shape. */
  readonly modelDir: string;
  readonly threads: number;
}

/** Token ids that are all different from row to row; without meaning. */
export function someTokens(length: number, salt: number): number[] {
  return Array.from({ length }, (_, index) => (index * 31 + salt * 17) % 256);
}
