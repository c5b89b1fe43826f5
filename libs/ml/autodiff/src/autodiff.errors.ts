/** @file Why a gradient cannot be built: always a defect of the code that builds the graph. */
import { AppError } from '#core';
import { formatShape, type Shape } from '#ml/graph';

/** Thrown when a gradient would have to cross an operation that exists for inference only. Maps to INTERNAL. */
export class GradientUnsupportedError extends AppError {
  readonly code = 'GRADIENT_UNSUPPORTED';
  readonly status = 'INTERNAL';

  constructor(nodeName: string, reason: string) {
    super(`No gradient across ${nodeName}: ${reason}`, { facts: { nodeName, reason } });
  }
}

/** Thrown when what is to be differentiated is no scalar and no seed says how its elements count. Maps to INTERNAL. */
export class LossNotScalarError extends AppError {
  readonly code = 'LOSS_NOT_SCALAR';
  readonly status = 'INTERNAL';

  constructor(valueName: string, shape: Shape) {
    super(`Loss ${valueName}: expected a scalar or a seed of its shape, got shape ${formatShape(shape)} and no seed`, {
      facts: { valueName, shape: formatShape(shape) },
    });
  }
}
