/**
 * @file How the engine lays out a model for an execution provider: one engine, and the few things that depend on where
 * the numbers are.
 *
 * The processor reads weights where they are, so they are inputs that every session shares, and adapters are merged. A
 * device has memory of its own: there the base stays, in every session's initializers; adapters are small inputs beside
 * it, and a whole generation is one run, so that caches never cross the bus.
 */
import type { HalfType } from '#ml/graph';

export interface DeviceProfile {
  /** Whether a session carries the base's weights, or is fed with them. */
  readonly weights: 'inputs' | 'initializers';
  /** Type of the matrices that a session carries; the embedding, the head and norms are float32 always. */
  readonly matrixType: 'f32' | HalfType;
  /** A run per token, or one for all tokens. */
  readonly generation: 'steps' | 'loop';
  /** Type of the sums that decide a draw in a loop. With f64, draws are those of the processor. */
  readonly drawType: 'f32' | 'f64';
}

const processor: DeviceProfile = { weights: 'inputs', matrixType: 'f32', generation: 'steps', drawType: 'f64' };

const profiles: Readonly<Record<string, DeviceProfile>> = {
  cpu: processor,
  // bf16 has the range of float32, so that small gradients do not vanish; every CUDA device from Ampere on has it.
  cuda: { weights: 'initializers', matrixType: 'bf16', generation: 'loop', drawType: 'f64' },
  // No f64, and f16 only where the adapter offers it.
  webgpu: { weights: 'initializers', matrixType: 'f32', generation: 'loop', drawType: 'f32' },
};

/** The profile of a provider, with what is chosen otherwise. A provider without one is treated as the processor. */
export function deviceProfile(executionProvider: string, chosen: Partial<DeviceProfile> = {}): DeviceProfile {
  return { ...(profiles[executionProvider] ?? processor), ...chosen };
}
