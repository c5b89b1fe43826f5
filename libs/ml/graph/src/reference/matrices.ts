/** @file Matrix products and rotary positions, as their definitions read. */
import { assert } from '#core';
import { at, broadcastDims, build, type HostArray } from './host-array.js';
import { input, number, type Kernel } from './kernel.js';

/** y[…, m, n] = α Σₖ op(a)[…, m, k]·op(b)[…, k, n]. */
export const matmul: Kernel = (inputs, node) => {
  const flag = (name: string): boolean => number(node, name, 0) === 1;
  const a = operand(input(inputs, 0, node), flag('transBatchA'), flag('transA'));
  const b = operand(input(inputs, 1, node), flag('transBatchB'), flag('transB'));
  const alpha = number(node, 'alpha', 1);
  const inner = a.dims.at(-1)!;
  assert(inner === b.dims.at(-2), `${node.name}: inner sizes ${inner} and ${b.dims.at(-2)}`);
  const batch = broadcastDims(a.dims.slice(0, -2), b.dims.slice(0, -2));
  const dims = [...batch, a.dims.at(-2)!, b.dims.at(-1)!];
  return [
    build(dims, (index) => {
      const lead = index.slice(0, -2);
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += at(a, [...lead, index.at(-2)!, k]) * at(b, [...lead, k, index.at(-1)!]);
      return alpha * sum;
    }),
  ];
};

/** x·Wᵀ with W [N, K] stored in blocks along K: w = scale·(q − zero), zero in the middle of the range. */
export const matMulNBits: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  const packed = input(inputs, 1, node);
  const scales = input(inputs, 2, node);
  const [inFeatures, outFeatures] = [number(node, 'K'), number(node, 'N')];
  const [bits, blockSize] = [number(node, 'bits'), number(node, 'block_size')];
  const blockCount = Math.ceil(inFeatures / blockSize);
  const zero = 2 ** (bits - 1);
  const weight = (n: number, k: number): number => {
    const block = n * blockCount + Math.floor(k / blockSize);
    const offset = k % blockSize;
    const byte = packed.data[(block * blockSize * bits) / 8 + Math.floor((offset * bits) / 8)]!;
    const quantised = bits === 8 ? byte : (byte >> (4 * (offset % 2))) & 15;
    return scales.data[block]! * (quantised - zero);
  };
  return [
    build(x.dims.with(-1, outFeatures), (index) => {
      let sum = 0;
      for (let k = 0; k < inFeatures; k++) sum += at(x, index.with(-1, k)) * weight(index.at(-1)!, k);
      return sum;
    }),
  ];
};

/** Element i of a head's first half and element i of its second half turn by the angle of (position, i). */
export const rotaryEmbedding: Kernel = (inputs, node) => {
  const x = input(inputs, 0, node);
  const [positions, cos, sin] = [input(inputs, 1, node), input(inputs, 2, node), input(inputs, 3, node)];
  const half = cos.dims[1]!;
  const heads = x.dims.length === 4;
  return [
    build(x.dims, (index) => {
      const token = heads ? index[2]! : index[1]!;
      const column = index.at(-1)!;
      const within = column % (2 * half);
      const pair = within % half;
      const angle = [at(positions, [index[0]!, token]), pair];
      const partner = at(x, index.with(-1, column + (within < half ? half : -half)));
      const turned = within < half ? -partner : partner;
      return at(x, index) * at(cos, angle) + turned * at(sin, angle);
    }),
  ];
};

/** The operand after moving its first axis behind the batch axes and transposing its matrices, where asked. */
function operand(x: HostArray, transposeBatch: boolean, transposeMatrix: boolean): HostArray {
  const rank = x.dims.length;
  const axes = x.dims.map((_, axis) => axis);
  const moved = transposeBatch ? [...axes.slice(1, -1), 0, rank - 1] : axes;
  const perm = transposeMatrix ? [...moved.slice(0, -2), moved.at(-1)!, moved.at(-2)!] : moved;
  return transpose(x, perm);
}

export function transpose(x: HostArray, perm: readonly number[]): HostArray {
  return build(
    perm.map((axis) => x.dims[axis]!),
    (index) => {
      const source = x.dims.map(() => 0);
      for (const [position, axis] of perm.entries()) source[axis] = index[position]!;
      return at(x, source);
    },
  );
}
