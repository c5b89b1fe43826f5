/** @file What is added to a score so that nothing of it is left. */

/**
 * Added to the scores of what must not be seen. Finite, since −∞ − (−∞) is no number; exp(−10⁹) is 0 in float32.
 */
export const MASKED = -1e9;
