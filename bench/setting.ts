/** @file What every benchmark is given. */
import { openPolicyEngine, type DecodePrecision, type PolicyEngine } from '#ml/engine';
import type { Shape } from './shapes.js';

export interface Setting {
  readonly shape: Shape;
  /** A model of that shape. */
  readonly modelPath: string;
  readonly threads: number;
  /** @default cpu */
  readonly executionProvider?: string;
  /** Times that each side of a comparison is measured. */
  readonly rounds: number;
  /** A Python interpreter with the packages of `bench/peers/requirements.txt`, where others are to be measured too. */
  readonly python?: string;
  /** Their ways whose name contains one of these are left out. */
  readonly without: readonly string[];
}

const ADAPTER_CACHE_BYTES = 2 * 2 ** 30;

export async function openEngine(
  { modelPath, threads, executionProvider = 'cpu' }: Setting,
  decodePrecision: DecodePrecision = 'float32',
): Promise<PolicyEngine> {
  return openPolicyEngine({
    modelDir: modelPath,
    intraOpThreads: threads,
    executionProvider,
    adapterCacheBytes: ADAPTER_CACHE_BYTES,
    decodePrecision,
  });
}
