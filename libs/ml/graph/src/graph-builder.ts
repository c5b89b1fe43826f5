/**
 * @file The builder that models, losses and gradients use: matrix products and the fused operations of ONNX Runtime, on
 * top of the elementwise, shape, reduction and indexing operations.
 */
import { assert, present } from '#core';
import { broadcastShapes, formatShape, sameDim, sameShape, type Shape } from './dims.js';
import { ShapeMismatchError } from './graph.errors.js';
import { Graph } from './graph.js';
import { LoopBuilder } from './loop-builder.js';
import { dimAt } from './shape-builder.js';
import type { Value } from './value.js';

export interface MatMulOptions {
  /** Transpose the last two axes of `a` first. @default false */
  readonly transA?: boolean;
  /** Transpose the last two axes of `b` first. @default false */
  readonly transB?: boolean;
  /** Move axis 0 of `a` behind its batch axes first: [M, …batch, K] is read as [...batch, M, K]. @default false */
  readonly transBatchA?: boolean;
  /** The same for `b`. @default false */
  readonly transBatchB?: boolean;
  /** Factor on the product. @default 1 */
  readonly alpha?: number;
}

export interface NBitsOptions {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly bits: 4 | 8;
  /** Weights that share a scale; a power of two, at least 16. */
  readonly blockSize: number;
}

export class GraphBuilder extends LoopBuilder {
  /** A builder for a new, empty graph. */
  static create(): GraphBuilder {
    return new GraphBuilder(new Graph(), '');
  }

  override scope(name: string): GraphBuilder {
    assert(name !== '' && !name.startsWith('/') && !name.endsWith('/'), `scope name '${name}'`);
    return new GraphBuilder(this.graph, `${this.path}/${name}`);
  }

  protected override within(graph: Graph, path: string): GraphBuilder {
    return new GraphBuilder(graph, path);
  }

  /** α · a·b over the last two axes; the axes before them are batch axes and broadcast. */
  matmul(a: Value, b: Value, options: MatMulOptions = {}): Value {
    const { transA = false, transB = false, transBatchA = false, transBatchB = false, alpha = 1 } = options;
    const left = operandShape(a, transBatchA, transA);
    const right = operandShape(b, transBatchB, transB);
    const where = `${this.path}/MatMul of ${a.name} and ${b.name}`;
    const [inner, rows] = [left.at(-1), left.at(-2)];
    const [columns, otherInner] = [right.at(-1), right.at(-2)];
    if (inner === undefined || rows === undefined || columns === undefined || inner !== otherInner) {
      throw new ShapeMismatchError(where, 'inner sizes that agree', `${formatShape(left)} and ${formatShape(right)}`);
    }
    const shape = [...broadcastShapes(left.slice(0, -2), right.slice(0, -2), where), rows, columns];
    this.expectType('MatMul', a, 'f32', 'f16', 'bf16');
    this.expectType('MatMul', b, a.dtype);
    const plain = !transA && !transB && !transBatchA && !transBatchB && alpha === 1;
    if (plain) return this.single('MatMul', [a, b], a.dtype, shape);
    return this.single('FusedMatMul', [a, b], a.dtype, shape, {
      ...(transA && { transA: 1 }),
      ...(transB && { transB: 1 }),
      ...(transBatchA && { transBatchA: 1 }),
      ...(transBatchB && { transBatchB: 1 }),
      alpha,
    });
  }

  /** x·Wᵀ with W [out, in] quantised in blocks along `in`; for decoding only, it has no gradient. */
  matMulNBits(x: Value, quantised: Value, scales: Value, options: NBitsOptions): Value {
    const { inFeatures, outFeatures, bits, blockSize } = options;
    this.expectType('MatMulNBits', quantised, 'u8');
    this.expectSize('MatMulNBits', x, -1, inFeatures);
    // 8-bit accumulation of the products (level 4) is what makes decoding fast.
    const attributes = { K: inFeatures, N: outFeatures, bits, block_size: blockSize, accuracy_level: 4 };
    return this.single('MatMulNBits', [x, quantised, scales], 'f32', x.shape.with(-1, outFeatures), attributes);
  }

  /**
   * Rotates each head by the angles of its position (arXiv 2104.09864, eq. 34; halves, as Llama pairs them).
   *
   * @param x [B, T, H*D] or [B, H, T, D]
   * @param positions [B, T], each below the rows of the caches
   * @param cos [positions, D/2]
   * @param sin [positions, D/2]
   */
  rotaryEmbedding<A extends string>(x: Value<A>, positions: Value, cos: Value, sin: Value): Value<A> {
    this.expectType('RotaryEmbedding', positions, 'i64');
    if (!sameShape(cos.shape, sin.shape)) {
      throw new ShapeMismatchError(`${this.path}/RotaryEmbedding`, formatShape(cos.shape), formatShape(sin.shape));
    }
    const attributes = { interleaved: 0 };
    return this.single('RotaryEmbedding', [x, positions, cos, sin], 'f32', x.shape, attributes) as Value<A>;
  }

  /**
   * Root mean square normalisation over the last axis (arXiv 1910.07467). The operator's second output, 1/rms, is not
   * offered: WebGPU fills it with wrong numbers, so gradients compute it themselves.
   */
  simplifiedLayerNormalization(x: Value, weight: Value, epsilon: number): { readonly y: Value } {
    this.expectSize('SimplifiedLayerNormalization', x, -1, dimAt(weight, 0));
    const attributes = { axis: -1, epsilon, stash_type: 1 };
    return { y: this.single('SimplifiedLayerNormalization', [x, weight], 'f32', x.shape, attributes) };
  }

  /** The same of x + skip, and that sum. For inference only, it has no gradient. */
  skipSimplifiedLayerNormalization(
    x: Value,
    skip: Value,
    weight: Value,
    epsilon: number,
  ): { readonly y: Value; readonly sum: Value } {
    this.expectSize('SkipSimplifiedLayerNormalization', x, -1, dimAt(weight, 0));
    const spec = { dtype: 'f32', shape: x.shape } as const;
    const outputs = this.node('SkipSimplifiedLayerNormalization', [x, skip, weight], [spec, null, null, spec], {
      epsilon,
    });
    return { y: present(outputs[0], 'y'), sum: present(outputs[3], 'sum') };
  }

  private expectSize(op: string, value: Value, axis: number, expected: Shape[number]): void {
    const got = dimAt(value, axis);
    if (sameDim(got, expected)) return;
    throw new ShapeMismatchError(
      `${this.path}/${op} of ${value.name}`,
      `size ${expected} of axis ${axis}`,
      String(got),
    );
  }
}

/** The shape of a matrix operand after its transpositions. */
function operandShape(value: Value, transposeBatch: boolean, transposeMatrix: boolean): Shape {
  const { shape } = value;
  const [first] = shape;
  const moved = transposeBatch && first !== undefined ? [...shape.slice(1, -1), first, ...shape.slice(-1)] : shape;
  if (!transposeMatrix || moved.length < 2) return moved;
  return [...moved.slice(0, -2), ...moved.slice(-1), ...moved.slice(-2, -1)];
}
