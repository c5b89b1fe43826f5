/**
 * @file W = W₀ + s·B·A (arXiv 2106.09685, Eq. 3): the weight that a LoRA adapter makes of the base's.
 *
 * One small graph serves every matrix and rank. Its plain twin is `mergeAdapter` of #ml/adapters.
 */
import { f32Tensor, present, type F32Tensor, type TensorMap } from '#core';
import { loraName, type LoraTarget } from '#ml/adapters';
import { GraphBuilder } from '#ml/graph';
import { f32View, type OnnxSession } from '#ml/runtime';
import type { ProgramContext } from './program-context.js';

export class MergeProgram {
  private constructor(private readonly session: OnnxSession) {}

  static async create(context: ProgramContext): Promise<MergeProgram> {
    const g = GraphBuilder.create();
    const weight = g.input('weight', 'f32', ['O', 'I']);
    const a = g.input('a', 'f32', ['R', 'I']);
    const b = g.input('b', 'f32', ['O', 'R']);
    const scale = g.input('scale', 'f32', []);
    g.output('merged', g.add(weight, g.mul(g.matmul(b, a), scale))); // [O, I]
    return new MergeProgram(await context.compile('merge', g));
  }

  /** The merged weight of one target. */
  async run(base: F32Tensor, factors: TensorMap, { tensor, scale }: LoraTarget): Promise<F32Tensor> {
    const factor = (which: 'A' | 'B') => {
      const name = loraName(tensor, which);
      const { dims, data } = present(factors.get(name), `factor ${name}`);
      return f32View(dims, data);
    };
    const results = await this.session.run({
      weight: f32View(base.dims, base.data),
      a: factor('A'),
      b: factor('B'),
      scale: f32View([], Float32Array.of(scale)),
    });
    return f32Tensor(base.dims, results.f32('merged'));
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}
