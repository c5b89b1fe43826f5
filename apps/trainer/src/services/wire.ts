/** @file Between the trainer's plain data and the wire's messages. */
import { assert, f32Tensor, type F32Tensor, type TensorMap } from '#core';
import type { ItemStatus__Output, Tensor, Tensor__Output } from '#contracts/common';
import type {
  AdapterSpec as WireAdapterSpec,
  Objective as WireObjective,
  Sampling,
  TensorChunk,
  TensorChunk__Output,
  Weighting as WireWeighting,
} from '#contracts/policy';
import type { AdapterSpec } from '#ml/adapters';
import { isOk } from '#platform/rpc';
import type { Outcome } from '../domain/ports/outcomes.js';
import type { Objective, SamplingSettings, Weighting } from '../domain/ports/policy-port.js';
import { ServiceReplyInvalidError, type Service } from '../domain/ports/ports.errors.js';

const F32_BYTES = 4;

/** The outcome of an item or a response: its failure, or what `value` makes of it. */
export function outcomeOf<T>(status: ItemStatus__Output | null, value: () => T): Outcome<T> {
  if (status && !isOk(status)) return { ok: false, failure: { reason: status.reason, message: status.message } };
  return { ok: true, value: value() };
}

/** Checks that a reply names the items of its request, in order. */
export function checkItems(
  service: Service,
  asked: readonly { readonly itemId: string }[],
  got: readonly { readonly itemId: string }[],
): void {
  const names = (items: readonly { readonly itemId: string }[]) => items.map(({ itemId }) => itemId).join();
  if (names(asked) !== names(got)) throw new ServiceReplyInvalidError(service, `items ${names(asked)}`, names(got));
}

export function adapterSpecToWire(spec: AdapterSpec): WireAdapterSpec {
  if (spec.kind === 'full') return { kind: 'ADAPTER_KIND_FULL' };
  return { ...spec, kind: 'ADAPTER_KIND_LORA', targetModules: [...spec.targetModules] };
}

/** The wire names a loss as we do, in capitals; one that the contract lacks does not compile. */
export function objectiveToWire({ loss, beta, gamma, inputBeta }: Objective): WireObjective {
  return { loss: `LOSS_KIND_${loss.toUpperCase() as Uppercase<typeof loss>}`, beta, gamma, inputBeta };
}

export function weightingToWire(weighting: Weighting): WireWeighting {
  switch (weighting.kind) {
    case 'meta': {
      const { version, W1, b1, W2, b2 } = weighting.phi;
      return {
        rule: 'metaLearner',
        metaLearner: {
          version: String(version),
          hiddenWeights: [...W1],
          hiddenBiases: [...b1],
          outputWeights: [...W2],
          outputBias: b2,
        },
      };
    }
    case 'constant':
      return { rule: 'constant', constant: weighting.value };
    case 'sigmoid':
      return { rule: 'sigmoid', sigmoid: true };
    default:
      return weighting satisfies never;
  }
}

export function samplingToWire({ temperature, topK, topP, maxNewTokens, stop }: SamplingSettings): Sampling {
  return { temperature, topK, topP, maxNewTokens, stop: [...stop] };
}

/** Names, dtypes and dims without data: what announces tensors that follow in chunks. */
export function announcedTensors(tensors: TensorMap): Tensor[] {
  return [...tensors].map(([name, { dims }]) => ({ name, dtype: 'DATA_TYPE_F32', dims: [...dims] }));
}

/** The tensors' bytes in pieces, in the order in which they are announced. */
export function* tensorChunks(tensors: TensorMap, chunkBytes: number): Generator<TensorChunk> {
  let tensorIndex = 0;
  for (const { data } of tensors.values()) {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
      yield { tensorIndex, offsetBytes: String(offset), data: bytes.subarray(offset, offset + chunkBytes) };
    }
    tensorIndex += 1;
  }
}

/** Puts chunks together into float32 tensors, and knows whether all have come. */
export class TensorAssembly {
  private readonly parts: { readonly name: string; readonly tensor: F32Tensor; readonly bytes: Uint8Array }[];
  private missingBytes: number;

  constructor(
    private readonly service: Service,
    announced: readonly Tensor__Output[],
  ) {
    this.parts = announced.map(({ name, dtype, dims }) => {
      if (dtype !== 'DATA_TYPE_F32') throw new ServiceReplyInvalidError(service, `tensor ${name} in float32`, dtype);
      const shape = dims.map(Number);
      const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
      return { name, tensor: f32Tensor(shape, data), bytes: new Uint8Array(data.buffer) };
    });
    this.missingBytes = this.parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  add({ tensorIndex, offsetBytes, data }: TensorChunk__Output): void {
    const part = this.parts[tensorIndex];
    const offset = Number(offsetBytes);
    if (!part || offset + data.length > part.bytes.length) {
      throw new ServiceReplyInvalidError(
        this.service,
        'chunks within the tensors announced',
        `${tensorIndex}+${offsetBytes}`,
      );
    }
    part.bytes.set(data, offset);
    this.missingBytes -= data.length;
  }

  finish(): TensorMap {
    if (this.missingBytes !== 0) {
      throw new ServiceReplyInvalidError(
        this.service,
        'every byte announced, once',
        `${this.missingBytes} bytes too few`,
      );
    }
    return new Map(this.parts.map(({ name, tensor }) => [name, tensor]));
  }
}

/** A float32 tensor of the wire as numbers. */
export function numbersOf({ name, dtype, data }: Tensor__Output): number[] {
  assert(dtype === 'DATA_TYPE_F32' && data.length % F32_BYTES === 0, `tensor ${name} is not float32`);
  return Array.from({ length: data.length / F32_BYTES }, (_, index) => data.readFloatLE(index * F32_BYTES));
}

/** Numbers that are float32 values as a tensor of the wire, exactly. */
export function vectorToWire(name: string, values: readonly number[]): Tensor {
  const data = Buffer.alloc(values.length * F32_BYTES);
  values.forEach((value, index) => data.writeFloatLE(value, index * F32_BYTES));
  return { name, dtype: 'DATA_TYPE_F32', dims: [values.length], data };
}
