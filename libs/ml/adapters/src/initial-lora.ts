/**
 * @file The adapter that training starts from: B = 0, so the policy starts as its base.
 *
 *   kaiming:  A_ij ~ U(−1/√in, 1/√in)   torch's kaiming_uniform_ with a = √5: gain √(2/6), bound gain·√(3/in) = 1/√in
 *   gaussian: A_ij ~ N(0, 1/R²)
 *
 * Source: arXiv 2106.09685, section 4.1; PEFT `LoraLayer.reset_lora_parameters` (kaiming is its default).
 */
import { Rng, f32Tensor, type F32Tensor, type KeyPart } from '#core';
import type { Adapter, LoraSpec } from './adapter.js';
import { parseLoraName, type BaseShapes } from './lora-names.js';
import { adapterShapes } from './validate-adapter.js';

/** PEFT's `init_lora_weights`: `true`, and `gaussian`. */
export type LoraInit = 'kaiming' | 'gaussian';

export interface InitialLoraOptions {
  readonly spec: LoraSpec;
  readonly base: BaseShapes;
  /** Each tensor draws from its own generator, keyed by this and its name. */
  readonly seed: KeyPart;
  /** @default 'kaiming' */
  readonly init?: LoraInit;
}

/** A fresh adapter; equal options give equal bytes. @throws AdapterInvalidError */
export function initialLora({ spec, base, seed, init = 'kaiming' }: InitialLoraOptions): Adapter {
  const tensors = new Map<string, F32Tensor>();
  for (const [name, dims] of adapterShapes(spec, base, 'initial adapter')) {
    const [rows, columns] = dims as readonly [number, number];
    const data = new Float32Array(rows * columns);
    if (parseLoraName(name)?.factor === 'A') {
      const rng = new Rng(seed, 'lora-init', name);
      const bound = 1 / Math.sqrt(columns);
      for (let i = 0; i < data.length; i++) {
        data[i] = init === 'kaiming' ? bound * (2 * rng.uniform() - 1) : rng.normal() / rows; // A has R rows
      }
    }
    tensors.set(name, f32Tensor(dims, data));
  }
  return { spec, tensors };
}
