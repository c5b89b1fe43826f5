/** @file ONNX Runtime with its own log off: whatever fails is thrown, and named, by us. */
import { env } from 'onnxruntime-node';

env.logLevel = 'fatal';

export { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
