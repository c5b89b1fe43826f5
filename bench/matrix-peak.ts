/**
 * @file The yardstick: what ONNX Runtime reaches in this process on matrix products of the model's own shapes.
 *
 * There and back between two widths, x · Wᵀ with W stored [out, in] as a model's, or x · W as on the way back; 512 and
 * 1024 tokens, weights as inputs. The products follow each other inside one run that returns a single number, so that
 * nothing but products is timed. The best of all counts: a share of the peak is a share of what nothing exceeds.
 */
import { encodeOnnx, GraphBuilder, type Value } from '#ml/graph';
import { OnnxSession, f32View, type Feeds } from '#ml/runtime';
import { fastestSeconds } from './measurement.js';
import type { Shape } from './shapes.js';

const TOKENS = [512, 1024];
const RETURNS = 4;
const RUNS = 3;

interface Chain {
  readonly session: OnnxSession;
  readonly feeds: Feeds;
  readonly flops: number;
}

export class MatrixPeak {
  /** Best rate seen so far, operations per second in float32. */
  best = 0;

  private constructor(private readonly chains: readonly Chain[]) {}

  static async open({ hidden, heads, headDim, feedForward }: Shape, threads: number): Promise<MatrixPeak> {
    const chains: Chain[] = [];
    for (const tokens of TOKENS) {
      for (const width of [feedForward, heads * headDim]) {
        for (const transposed of [true, false]) {
          chains.push(await chainOf({ tokens, hidden, width, transposed }, threads));
        }
      }
    }
    return new MatrixPeak(chains);
  }

  /** Tries again, for about a second at SmolLM2's shape; returns the best ever seen. */
  async measure(): Promise<number> {
    for (const { session, feeds, flops } of this.chains) {
      this.best = Math.max(this.best, flops / (await fastestSeconds(RUNS, () => session.run(feeds))));
    }
    return this.best;
  }

  async dispose(): Promise<void> {
    for (const { session } of this.chains) await session.dispose();
  }
}

interface Extent {
  readonly tokens: number;
  readonly hidden: number;
  readonly width: number;
  /** Weights are stored [out, in]. */
  readonly transposed: boolean;
}

async function chainOf({ tokens, hidden, width, transposed }: Extent, threads: number): Promise<Chain> {
  const g = GraphBuilder.create();
  const stored = (inner: number, outer: number) => (transposed ? [outer, inner] : [inner, outer]);
  const there = g.input('there', 'f32', stored(hidden, width));
  const back = g.input('back', 'f32', stored(width, hidden));
  let x: Value = g.input('x', 'f32', [tokens, hidden]);
  for (let count = 0; count < RETURNS; count++) {
    x = g.matmul(g.matmul(x, there, { transB: transposed }), back, { transB: transposed });
  }
  g.output('sum', g.reduceSum(x, [0, 1]));
  const session = await OnnxSession.create(encodeOnnx(g.graph), { name: 'matrix peak', intraOpThreads: threads });
  const feeds = {
    x: f32View([tokens, hidden], filled(tokens * hidden)),
    there: f32View(stored(hidden, width), filled(hidden * width)),
    back: f32View(stored(width, hidden), filled(hidden * width)),
  };
  return { session, feeds, flops: RETURNS * 2 * (2 * tokens * hidden * width) };
}

/** Small enough to stay finite through the chain. */
const filled = (length: number): Float32Array => Float32Array.from({ length }, (_, index) => Math.sin(index) / 32);
