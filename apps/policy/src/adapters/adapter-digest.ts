/**
 * @file The digest of a large adapter without holding up the event loop.
 *
 * The same bytes in the same order as `adapterDigest` of `#ml/adapters`, which hashes them in one go: half a gigabyte
 * takes about half a second. Its spec compares the two.
 */
import { createHash } from 'node:crypto';
import { assert, canonicalJson, isDigest, present, type Digest } from '#core';
import { sortedNames, type Adapter } from '#ml/adapters';
import type { EventLoopShare } from '../units/event-loop-share.js';

const SLICE_BYTES = 2 ** 20;

export async function digestInSlices({ spec, tensors }: Adapter, share: EventLoopShare): Promise<Digest> {
  const hash = createHash('sha256').update(canonicalJson(spec));
  for (const name of sortedNames(tensors)) {
    const { dims, data } = present(tensors.get(name), name);
    hash.update(canonicalJson({ name, dtype: 'f32', dims }));
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
      hash.update(bytes.subarray(start, start + SLICE_BYTES));
      await share.pause();
    }
  }
  const digest = `sha256:${hash.digest('hex')}`;
  assert(isDigest(digest), 'a hash has the form of a digest');
  return digest;
}
