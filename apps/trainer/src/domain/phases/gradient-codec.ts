/** @file A gradient unit's result as bytes: a safetensors file, its statistics in the metadata. */
import { TORCH_METADATA, decodeSafetensors, encodeSafetensors, fromF32Tensor } from '#ml/tensor';
import { present } from '#core';
import type { GradientResult } from '../ports/policy-port.js';
import { tensorsFromBytes } from '../run/adapter-shelf.js';
import type { UnitCodec } from '../run/unit-runner.js';

export const gradientCodec: UnitCodec<GradientResult> = {
  encode: ({ gradients, ...rest }) => {
    const tensors = new Map([...gradients].map(([name, tensor]) => [name, fromF32Tensor(tensor)]));
    return encodeSafetensors({ tensors, metadata: { ...TORCH_METADATA, result: JSON.stringify(rest) } });
  },
  decode: (bytes) => {
    const { metadata } = decodeSafetensors(bytes, 'gradient unit');
    const rest = JSON.parse(present(metadata['result'], 'the statistics of a gradient unit')) as GradientResult;
    return { ...rest, gradients: tensorsFromBytes(bytes, 'gradient unit') };
  },
};
