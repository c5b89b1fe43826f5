/** @file The bounds of a score, where its activation has any. */
import type { Activation } from './settings.js';

export function scoreRange(activation: Activation): { readonly scoreMin?: number; readonly scoreMax?: number } {
  return activation === 'none' ? {} : { scoreMin: 0, scoreMax: 1 };
}
