/**
 * @file Sums the gradients of a step's units.
 *
 * In unit order and float64, so that the result depends on neither the number of replicas nor who answered first, and
 * hardly on how the step was cut into units. The mean is over the rows of the batch.
 */
import { TensorShapeMismatchError, assert, f32Tensor, type TensorMap } from '#core';

export class GradientSum {
  private readonly sums = new Map<string, { readonly dims: readonly number[]; readonly data: Float64Array }>();
  private rowCount = 0;
  private lossSum = 0;

  /** Adds one unit's sums over its rows. */
  add(unit: { readonly gradients: TensorMap; readonly lossSum: number; readonly rowCount: number }): void {
    assert(this.sums.size === 0 || this.sums.size === unit.gradients.size, 'units differ in their gradient tensors');
    for (const [name, { dims, data }] of unit.gradients) {
      let sum = this.sums.get(name);
      if (!sum) {
        sum = { dims, data: new Float64Array(data.length) };
        this.sums.set(name, sum);
      }
      if (sum.data.length !== data.length) throw new TensorShapeMismatchError(name, sum.dims, dims, 'a gradient unit');
      for (let i = 0; i < data.length; i++) sum.data[i]! += data[i]!;
    }
    this.rowCount += unit.rowCount;
    this.lossSum += unit.lossSum;
  }

  /** Mean over all rows added. */
  mean(): { readonly gradients: TensorMap; readonly loss: number } {
    assert(this.rowCount > 0, 'a step has no rows');
    const gradients = new Map(
      [...this.sums].map(([name, { dims, data }]) => {
        // A plain loop: `Float32Array.from` with a function takes ten times as long, once per step of training.
        const mean = new Float32Array(data.length);
        for (let i = 0; i < mean.length; i++) mean[i] = data[i]! / this.rowCount;
        return [name, f32Tensor(dims, mean)] as const;
      }),
    );
    return { gradients, loss: this.lossSum / this.rowCount };
  }
}
