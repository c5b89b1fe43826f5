/** @file Which hardware ONNX Runtime can use here. */
import { listSupportedBackends } from 'onnxruntime-node';
import { ExecutionProviderUnavailableError } from './runtime.errors.js';

/** Names of the execution providers of this build, for instance `cpu` and `webgpu`. */
export function listExecutionProviders(): readonly string[] {
  return listSupportedBackends().map(({ name }) => name);
}

/** @throws ExecutionProviderUnavailableError (`EXECUTION_PROVIDER_UNAVAILABLE`) for one that is not there */
export function requireExecutionProvider(provider: string): void {
  const available = listExecutionProviders();
  if (!available.includes(provider)) throw new ExecutionProviderUnavailableError(provider, available);
}
