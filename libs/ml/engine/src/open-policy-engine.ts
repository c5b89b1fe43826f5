/** @file Opens a model folder as an engine in a thread of its own. */
import { Worker } from 'node:worker_threads';
import type { DeviceProfile } from './device/device-profile.js';
import type { DecodePrecision, PolicyEngine } from './policy-engine.js';
import type { EngineThreadData } from './thread/input.js';
import { ThreadedPolicyEngine } from './threaded-policy-engine.js';

export interface OpenPolicyEngineOptions {
  /** A Hugging Face model folder: config.json, safetensors, and a tokenizer where stop texts are used. */
  readonly modelDir: string;
  /**
   * Threads that share one kernel; 0 takes one per physical core. Engines that are to agree in every bit must have the
   * same number: ONNX Runtime cuts matrix products by it, and sums in another order.
   *
   * @default 1
   */
  readonly intraOpThreads?: number;
  /** ONNX Runtime's execution provider; one that is not there is an error. @default cpu */
  readonly executionProvider?: string;
  /**
   * `int8` draws tokens from weights quantised to 8 bits: faster where the processor multiplies bytes (VNNI), not elsewhere;
   * how far that is from float32 is measured.
   *
   * @default float32
   */
  readonly decodePrecision?: DecodePrecision;
  /** What is chosen otherwise than for the execution provider. */
  readonly device?: Partial<DeviceProfile>;
  /** Memory for adapters and the weights merged with them, in bytes. */
  readonly adapterCacheBytes: number;
}

/** Resolves when the model is loaded. */
export async function openPolicyEngine(options: OpenPolicyEngineOptions): Promise<PolicyEngine> {
  const { adapterCacheBytes } = options;
  return ThreadedPolicyEngine.start(startEngineThread(options), { adapterCacheBytes });
}

/** The thread by itself. */
export function startEngineThread(options: Omit<OpenPolicyEngineOptions, 'adapterCacheBytes'>): Worker {
  const { modelDir, intraOpThreads = 1, executionProvider = 'cpu', decodePrecision = 'float32' } = options;
  const { device = {} } = options;
  const workerData: EngineThreadData = { modelDir, intraOpThreads, executionProvider, decodePrecision, device };
  return new Worker(new URL('./thread/engine-thread.js', import.meta.url), { workerData });
}
