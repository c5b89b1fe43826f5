/** @file The policy as training moves it along: its tensors, named by digest, and where a later reference finds them. */
import type { Digest, TensorMap } from '#core';

export interface PolicyState {
  readonly digest: Digest;
  readonly tensors: TensorMap;
}

/** A policy that may be needed again; loading is put off until then. */
export interface PolicyStart {
  readonly digest: Digest;
  readonly load: () => Promise<TensorMap>;
}
