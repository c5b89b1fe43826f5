/** @file ONNX Runtime, behind one door: sessions, tensors, execution providers. */
export { listExecutionProviders, requireExecutionProvider } from './execution-providers.js';
export { OnnxSession, RunResults, type Feeds, type OnnxSessionOptions } from './onnx-session.js';
export { f32View, i32View, i64Tensor, i64View, type SessionTensor } from './session-tensor.js';
export {
  EmptyTensorError,
  EngineFailedError,
  ExecutionProviderUnavailableError,
  SessionDisposedError,
} from './runtime.errors.js';
