/**
 * @file Whether lost rows are like those that were kept: if not, what is missing is a bias and not only a smaller sample.
 *
 *   χ² = Σ_g (lost_g − n_g q)² / (n_g q (1 − q)),   q = share of all rows that was lost,   g over k groups
 *
 * Under "lost by chance" χ² has k − 1 degrees of freedom; z is its cube root made normal (Wilson and Hilferty 1931).
 * Groups in which fewer than five lost or kept rows are to be expected are taken together (Cochran 1954).
 */
import type { KeptAndLost } from '../losses-data.js';

/** z beyond which a difference is called one: 5 %, one-sided. */
const Z_ALARM = 1.645;

const EXPECTED_MIN = 5;

export interface LossComparison {
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  /** True when chance explains it in less than one case in twenty. */
  readonly differs: boolean;
}

/** Compares; undefined where there are too few rows or groups to tell anything. */
export function compareLosses(groups: readonly KeptAndLost[]): LossComparison | undefined {
  const rows = groups.map(({ keptCount, lostCount }) => ({ count: keptCount + lostCount, lost: lostCount }));
  const total = sumOf(rows);
  const share = total.lost / total.count;
  const isLarge = ({ count }: { count: number }) => count * Math.min(share, 1 - share) >= EXPECTED_MIN;
  const small = sumOf(rows.filter((row) => !isLarge(row)));
  const cells = [...rows.filter(isLarge), ...(isLarge(small) ? [small] : [])];
  if (cells.length < 2) return undefined;
  const degreesOfFreedom = cells.length - 1;
  const pooled = sumOf(cells);
  const q = pooled.lost / pooled.count;
  const chiSquare = cells.reduce((sum, { count, lost }) => sum + (lost - count * q) ** 2 / (count * q * (1 - q)), 0);
  const spread = 2 / (9 * degreesOfFreedom);
  const z = (Math.cbrt(chiSquare / degreesOfFreedom) - (1 - spread)) / Math.sqrt(spread);
  return { chiSquare, degreesOfFreedom, differs: z > Z_ALARM };
}

function sumOf(rows: readonly { readonly count: number; readonly lost: number }[]): { count: number; lost: number } {
  return rows.reduce((sum, { count, lost }) => ({ count: sum.count + count, lost: sum.lost + lost }), {
    count: 0,
    lost: 0,
  });
}
