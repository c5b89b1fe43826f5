/** @file What checks a case of one kind. */
import type { GoldenCase } from './golden-case.js';
import type { Measurements } from './measurement.js';

/**
 * Compares everything that the case holds. Lets the library's own refusals (status UNIMPLEMENTED) through: they make the
 * case unsupported.
 */
export type Checker = (golden: GoldenCase, measure: Measurements) => Promise<void>;
