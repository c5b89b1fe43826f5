/** @file How far ONNX Runtime is from the float64 interpreter on one graph; for tests. */
import { InvariantError, present } from '#core';
import { encodeOnnx, evaluate, type Graph, type HostArray, type Value } from '#ml/graph';
import { OnnxSession } from './onnx-session.js';
import { f32View, f64View, i32View, i64Tensor, type SessionTensor, boolTensor, u8View } from './session-tensor.js';

export interface ParityError {
  /** Largest difference, relative to max(1, |reference|). */
  readonly error: number;
  /** Output and element that differ most. */
  readonly where: string;
}

/** Runs the graph on both and compares all outputs. Reals in `feeds` should be exact in float32. */
export async function referenceError(graph: Graph, feeds: ReadonlyMap<string, HostArray>): Promise<ParityError> {
  const expected = evaluate(graph, feeds);
  const session = await OnnxSession.create(encodeOnnx(graph), { name: 'parity' });
  try {
    const results = await session.run(
      Object.fromEntries(graph.inputs.map((input) => [input.name, feedOf(input, feeds)])),
    );
    let worst: ParityError = { error: 0, where: 'nowhere' };
    for (const [name, { dims, data }] of expected) {
      const got = results.tensor(name);
      if (got.dims.join() !== dims.join())
        return { error: Infinity, where: `${name}: shape [${got.dims.join()}] for [${dims.join()}]` };
      const numbers = Array.from(got.data as ArrayLike<number | bigint>, Number);
      for (const [index, reference] of data.entries()) {
        const error = Math.abs(present(numbers[index], 'element') - reference) / Math.max(1, Math.abs(reference));
        if (error <= worst.error) continue;
        worst = { error, where: `${name}[${index}]: ONNX Runtime ${numbers[index]}, float64 ${reference}` };
      }
    }
    return worst;
  } finally {
    await session.dispose();
  }
}

function feedOf(input: Value, feeds: ReadonlyMap<string, HostArray>): SessionTensor {
  const { dims, data } = present(feeds.get(input.name), `feed ${input.name}`);
  switch (input.dtype) {
    case 'f32':
      return f32View(dims, Float32Array.from(data));
    case 'f64':
      return f64View(dims, Float64Array.from(data));
    case 'f16':
    case 'bf16':
      throw new InvariantError(`${input.name}: half precision is for weights, which a graph carries itself`);
    case 'i64':
      return i64Tensor(dims, [...data]);
    case 'i32':
      return i32View(dims, Int32Array.from(data));
    case 'u8':
      return u8View(dims, Uint8Array.from(data));
    case 'bool':
      return boolTensor(
        dims,
        [...data].map((element) => element !== 0),
      );
    default:
      return input.dtype satisfies never;
  }
}
