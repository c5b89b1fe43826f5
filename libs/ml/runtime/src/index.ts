/** @file ONNX Runtime, behind one door: sessions, tensors, execution providers. */
export { probeExecutionProviders, type ExecutionProviderStatus } from './execution-providers.js';
export { OnnxSession, RunResults, type Feeds, type OnnxSessionOptions } from './onnx-session.js';
export {
  boolTensor,
  f32View,
  f64View,
  i32View,
  i64Tensor,
  i64View,
  u8View,
  type SessionTensor,
} from './session-tensor.js';
export {
  EmptyTensorError,
  RuntimeFailedError,
  ExecutionProviderUnavailableError,
  SessionDisposedError,
} from './runtime.errors.js';

// For tests: ONNX Runtime against the float64 interpreter.
export { referenceError, type ParityError } from './reference-parity.js';
