/** @file What every other library may lean on. Imports nothing of ours. */
export type { Brand } from './brands.js';
export { checkShape, type CheckedShape, type ShapeProblem } from './check-shape.js';
export { systemClock, type Clock } from './clock.js';
export { canonicalJson, digestOf, digestOfJson, isDigest, type Digest } from './digest.js';
export { duplicateKey } from './duplicate-keys.js';
export {
  AppError,
  InvariantError,
  STATUS_NUMBERS,
  assert,
  messageOf,
  present,
  type ErrorFacts,
  type StatusName,
} from './errors.js';
export {
  DTYPE_BYTES,
  TensorShapeMismatchError,
  elementCount,
  f32Tensor,
  type DType,
  type F32Tensor,
  type TensorMap,
} from './host-tensor.js';
export { installationRoot, installedVersion } from './installation.js';
export { LruMap } from './lru-map.js';
export { didYouMean } from './nearest-word.js';
export { parseForeignJson } from './foreign-json.js';
export { RequestInvalidError, type FieldProblem, type HasFieldProblems } from './request-invalid.js';
export { Rng, seedOf, uniformOf, type KeyPart } from './rng.js';
