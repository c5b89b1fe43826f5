/** @file What ONNX Runtime reaches in this process on the one operation that models are made of: the yardstick. */
import { encodeOnnx, GraphBuilder } from '#ml/graph';
import { OnnxSession, f32View } from '#ml/runtime';
import { fastestSeconds } from './measurement.js';
import type { Shape } from './shapes.js';

/** A usual micro-batch. */
const TOKENS = 512;

/** Operations per second of [512, C] × [C, F] in float32. */
export async function matrixPeak({ hidden, feedForward }: Shape, threads: number): Promise<number> {
  const g = GraphBuilder.create();
  g.output('y', g.matmul(g.input('x', 'f32', [TOKENS, hidden]), g.input('w', 'f32', [hidden, feedForward])));
  const session = await OnnxSession.create(encodeOnnx(g.graph), { name: 'matrix peak', intraOpThreads: threads });
  const feeds = {
    x: f32View([TOKENS, hidden], filled(TOKENS * hidden)),
    w: f32View([hidden, feedForward], filled(hidden * feedForward)),
  };
  const seconds = await fastestSeconds(200, () => session.run(feeds));
  await session.dispose();
  return (2 * TOKENS * hidden * feedForward) / seconds;
}

const filled = (length: number): Float32Array => Float32Array.from({ length }, (_, index) => Math.sin(index));
