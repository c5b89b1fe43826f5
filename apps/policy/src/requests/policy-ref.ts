/** @file Policies as a request names them: a digest, or nothing for the base. */
import { assert, isDigest } from '#core';
import type { PolicyRef } from '#ml/engine';

/** The policy that a checked text names. */
export function toPolicyRef(text: string): PolicyRef {
  if (text === '') return null;
  assert(isDigest(text), 'the text was checked to be a digest');
  return text;
}
