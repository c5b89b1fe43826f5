/**
 * @file IPO on mean log-probabilities.
 *
 *   base = (Δ − 1/(2β))²     Δ of per-token mean log-ratios to the reference
 *
 * Differs from the paper (Azar et al. 2023, arXiv 2310.12036, eq. 17): log-probabilities are divided by the response's
 * length, as TRL does with the authors' consent, so that long responses do not dominate.
 */
import { ipo } from './ipo.js';
import type { PairLoss } from './pair-loss.js';

export const ipoAverage: PairLoss = { ...ipo, averagesTokens: true };
