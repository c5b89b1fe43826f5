/**
 * @file The straight line that takes one score nearest to another, by weighted least squares:
 *
 *   slope = cov(x, y) / var(x),   intercept = mean(y) − slope · mean(x),   residual = √(mean (y − slope · x − intercept)²)
 */

export interface AffineFit {
  readonly slope: number;
  readonly intercept: number;
  /** Root of the mean squared residual, in the unit of y. */
  readonly residualRms: number;
  /** The same, divided by the standard deviation of y, in [0, 1]; 0 where y does not vary. */
  readonly residualFraction: number;
}

/** Undefined where x does not vary: then any slope fits. */
export function affineFit(x: Float64Array, y: Float64Array, weights: Float64Array): AffineFit | undefined {
  let total = 0;
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    total += weight;
    meanX += (weight / total) * (x[i]! - meanX);
    meanY += (weight / total) * (y[i]! - meanY);
  }
  let squareX = 0;
  let squareY = 0;
  let product = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    const fromX = x[i]! - meanX;
    const fromY = y[i]! - meanY;
    squareX += weight * fromX * fromX;
    squareY += weight * fromY * fromY;
    product += weight * fromX * fromY;
  }
  if (!(squareX > 0)) return undefined;
  const slope = product / squareX;
  // Squares of scores beyond 1e154 overflow.
  if (![slope, squareX, squareY, meanY - slope * meanX].every(Number.isFinite)) return undefined;
  const residualSquare = Math.max(0, squareY - slope * product);
  return {
    slope,
    intercept: meanY - slope * meanX,
    residualRms: Math.sqrt(residualSquare / total),
    residualFraction: squareY > 0 ? Math.min(1, Math.sqrt(residualSquare / squareY)) : 0,
  };
}
