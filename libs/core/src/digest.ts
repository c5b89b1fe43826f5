/**
 * @file Content digests: the names of everything that must not be confused (adapters, models, prompts, responses).
 *
 * A digest is `sha256:` and 64 lower-case hexadecimal digits. Structured values are digested through a canonical JSON
 * form, so that the order in which an object's keys were written never matters.
 */
import { createHash } from 'node:crypto';
import type { Brand } from './brands.js';

/** `sha256:` and 64 hexadecimal digits. */
export type Digest = Brand<string, 'Digest'>;

const DIGEST_PATTERN = /^sha256:[0-9a-f]{64}$/;

/** True when `text` has the form of a digest. */
export function isDigest(text: string): text is Digest {
  return DIGEST_PATTERN.test(text);
}

/** Digest of bytes, or of UTF-8 text; several parts are digested as if joined. */
export function digestOf(...parts: readonly (Uint8Array | string)[]): Digest {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `sha256:${hash.digest('hex')}` as Digest;
}

/** Digest of a JSON value, independent of key order. */
export function digestOfJson(value: unknown): Digest {
  return digestOf(canonicalJson(value));
}

/**
 * JSON with keys sorted by code unit and no blanks; `undefined` members are left out. Numbers print as JSON prints
 * them. Throws `TypeError` on values JSON cannot hold faithfully (NaN, infinities, bigint, functions).
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`JSON cannot hold the number ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`JSON cannot hold a ${typeof value}`);
}
