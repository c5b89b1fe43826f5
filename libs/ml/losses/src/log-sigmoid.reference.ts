/** @file log σ and σ in float64, stable at both ends: the exponential is only taken of numbers that are not positive. */

export function logSigmoidReference(x: number): number {
  return x >= 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x));
}

export function sigmoidReference(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}
