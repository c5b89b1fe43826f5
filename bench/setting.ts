/** @file What every benchmark is given. */
import { openPolicyEngine, type PolicyEngine } from '#ml/engine';
import type { Shape } from './shapes.js';

export interface Setting {
  readonly shape: Shape;
  /** A model of that shape. */
  readonly modelPath: string;
  readonly threads: number;
  /** Times that each side of a comparison is measured. */
  readonly rounds: number;
  /** A Python interpreter with the packages of `bench/peers/requirements.txt`, where others are to be measured too. */
  readonly python?: string;
}

const ADAPTER_CACHE_BYTES = 2 * 2 ** 30;

/** How new tokens are computed; everything else is float32 in either case. */
export type DecodePrecision = 'float32' | 'int8';

export async function openEngine(
  { modelPath, threads }: Setting,
  decodePrecision: DecodePrecision = 'float32',
): Promise<PolicyEngine> {
  return openPolicyEngine({
    modelDir: modelPath,
    intraOpThreads: threads,
    adapterCacheBytes: ADAPTER_CACHE_BYTES,
    ...{ decodePrecision },
  });
}
