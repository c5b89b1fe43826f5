/**
 * @file Puts an adapter together from the chunks in which it travels, in whatever order they come.
 *
 * Every byte of every tensor has to come exactly once: a byte that is missing or sent twice would be noticed by the
 * digest too, but not explained.
 */
import type { TensorChunk__Output } from '#contracts/policy';
import { DTYPE_BYTES, elementCount, f32Tensor, type F32Tensor } from '#core';
import { AdapterInvalidError, type Adapter } from '#ml/adapters';
import type { AdapterHeader } from './adapter-header.js';

interface Slot {
  readonly name: string;
  readonly dims: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the chunks so far begin and end. */
  readonly spans: { readonly start: number; readonly end: number }[];
}

const WHERE = 'adapter chunk';

export class AdapterAssembly {
  readonly #header: AdapterHeader;
  readonly #slots: readonly Slot[];

  constructor(header: AdapterHeader) {
    this.#header = header;
    this.#slots = header.tensors.map(({ name, dims }) => ({
      name,
      dims,
      bytes: new Uint8Array(elementCount(dims) * DTYPE_BYTES.f32),
      spans: [],
    }));
  }

  /** @throws `ADAPTER_INVALID` for a chunk outside of its tensor */
  add({ tensorIndex, offsetBytes, data }: TensorChunk__Output): void {
    const slot = this.#slots[tensorIndex];
    if (!slot) {
      throw new AdapterInvalidError(
        WHERE,
        `tensor_index ${tensorIndex} names none of the ${this.#slots.length} tensors`,
      );
    }
    const start = Number(offsetBytes);
    const end = start + data.length;
    if (data.length === 0) throw new AdapterInvalidError(WHERE, `a chunk of tensor ${slot.name} is empty`);
    if (end > slot.bytes.length) {
      throw new AdapterInvalidError(
        WHERE,
        `bytes ${start} to ${end} of tensor ${slot.name}, which has ${slot.bytes.length}`,
      );
    }
    slot.bytes.set(data, start);
    slot.spans.push({ start, end });
  }

  /** The adapter. @throws `ADAPTER_INVALID` when bytes are missing or came twice */
  finish(): Adapter {
    const tensors = new Map<string, F32Tensor>();
    for (const slot of this.#slots) {
      expectCovered(slot);
      tensors.set(slot.name, f32Tensor(slot.dims, new Float32Array(slot.bytes.buffer)));
    }
    return { spec: this.#header.spec, tensors };
  }
}

function expectCovered({ name, bytes, spans }: Slot): void {
  let covered = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (start < covered) throw new AdapterInvalidError(WHERE, `bytes from ${start} of tensor ${name} came twice`);
    if (start > covered) break;
    covered = end;
  }
  if (covered < bytes.length) {
    throw new AdapterInvalidError(WHERE, `bytes from ${covered} of tensor ${name} are missing; it has ${bytes.length}`);
  }
}
