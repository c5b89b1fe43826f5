/**
 * @file A decode graph's weight matrices as 8-bit integers. Decoding is bound by reading weights; these are a quarter of
 * the bytes, and their products accumulate in integers.
 *
 * Each row is cut into stretches of 64 inputs with a scale of their own:
 *
 *   s = max |w| / 127     q = ⌊w / s + ½⌋ + 128     w ≈ s·(q − 128)
 *
 * ONNX Runtime packs such weights when a session is made, so they are constants of the graph: a changed policy needs a
 * new session. For drawing tokens only; log-probabilities that enter a loss come from the float32 graph.
 */
import { present } from '#core';
import type { GraphBuilder, Node, Value } from '#ml/graph';
import type { WeightSet } from './weights.js';

/** Inputs that share a scale. */
export const BLOCK_SIZE = 64;

const BITS = 8;
const ZERO = 128;
const LARGEST = 127;

export interface QuantizedMatrix {
  /** [out, blocks, 64] */
  readonly quantized: Uint8Array;
  /** [out, blocks] */
  readonly scales: Float32Array;
}

/** Quantises a matrix [out, in]; the last block of a row is filled up with zeros. */
export function quantizeMatrix(data: Float32Array, outFeatures: number, inFeatures: number): QuantizedMatrix {
  const blockCount = Math.ceil(inFeatures / BLOCK_SIZE);
  const quantized = new Uint8Array(outFeatures * blockCount * BLOCK_SIZE).fill(ZERO);
  const scales = new Float32Array(outFeatures * blockCount);
  for (let row = 0; row < outFeatures; row++) {
    for (let block = 0; block < blockCount; block++) {
      const start = row * inFeatures + block * BLOCK_SIZE;
      const end = Math.min(start + BLOCK_SIZE, (row + 1) * inFeatures);
      let largest = 0;
      for (let i = start; i < end; i++) largest = Math.max(largest, Math.abs(data[i]!));
      if (largest === 0) continue;
      const place = row * blockCount + block;
      scales[place] = largest / LARGEST;
      const inverse = LARGEST / largest;
      let target = place * BLOCK_SIZE;
      // What is cut off is positive, so that cutting rounds down.
      for (let i = start; i < end; i++) quantized[target++] = (data[i]! * inverse + (ZERO + 0.5)) | 0;
    }
  }
  return { quantized, scales };
}

/**
 * Replaces every product x·Wᵀ with a weight of the set by its 8-bit twin, in place. A weight that something else reads
 * too, such as a tied embedding, stays an input for that.
 */
export function quantizeMatrices(g: GraphBuilder, weights: WeightSet): void {
  const { nodes, inputs } = g.graph;
  const declared = new Set(inputs);
  for (const [index, node] of nodes.entries()) {
    const weight = weightOf(node, declared);
    const tensor = weight && weights.get(weight.name);
    if (!weight || !tensor) continue;
    const [outFeatures, inFeatures] = tensor.dims as [number, number];
    const { quantized, scales } = quantizeMatrix(tensor.data as Float32Array, outFeatures, inFeatures);
    const blockCount = scales.length / outFeatures;
    const q = g.initializer(`${node.name}/quantized`, 'u8', [outFeatures, blockCount, BLOCK_SIZE], quantized);
    const s = g.initializer(`${node.name}/scales`, 'f32', [scales.length], scales);
    nodes[index] = {
      ...node,
      op: 'MatMulNBits',
      inputs: [present(node.inputs[0], 'left factor'), q, s],
      attributes: { K: inFeatures, N: outFeatures, bits: BITS, block_size: BLOCK_SIZE, accuracy_level: 4 },
    };
  }
  const read = new Set(nodes.flatMap((node) => node.inputs));
  const left = inputs.filter((input) => read.has(input));
  inputs.splice(0, inputs.length, ...left);
}

/** The weight of a product x·Wᵀ, where the node is one. */
function weightOf(node: Node, declared: ReadonlySet<Value>): Value | undefined {
  const { transA = 0, transB = 0, transBatchA = 0, transBatchB = 0, alpha = 1 } = node.attributes;
  const plain = transA === 0 && transB === 1 && transBatchA === 0 && transBatchB === 0 && alpha === 1;
  const [, right] = node.inputs;
  return node.op === 'FusedMatMul' && plain && right && declared.has(right) && right.shape.length === 2
    ? right
    : undefined;
}
