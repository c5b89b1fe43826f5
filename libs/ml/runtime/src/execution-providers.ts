/**
 * @file Which hardware ONNX Runtime can use here.
 *
 * A build names the providers that it was compiled for; whether the driver and the libraries are there shows only when a
 * model is loaded. So availability is probed with a model of one node.
 */
import { messageOf } from '#core';
import { encodeOnnx, GraphBuilder } from '#ml/graph';
import { InferenceSession, listSupportedBackends } from './onnxruntime.js';

export interface ExecutionProviderStatus {
  readonly name: string;
  /** Null when it works, else why it does not. */
  readonly problem: string | null;
}

/** Names that this build knows, for instance `cpu`, `webgpu` and `cuda`; not all need to work here. */
export function knownExecutionProviders(): readonly string[] {
  return listSupportedBackends().map(({ name }) => name);
}

/** Tries every provider that this build knows. Drivers may write to stderr. */
export async function probeExecutionProviders(): Promise<readonly ExecutionProviderStatus[]> {
  const statuses: ExecutionProviderStatus[] = [];
  for (const name of knownExecutionProviders()) statuses.push({ name, problem: await probe(name) });
  return statuses;
}

/** Null when the provider can load a model, else why it cannot. */
export async function probe(provider: string): Promise<string | null> {
  try {
    const session = await InferenceSession.create(smallestModel(), { executionProviders: [provider] });
    await session.release();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

function smallestModel(): Uint8Array {
  const g = GraphBuilder.create();
  g.output('y', g.neg(g.input('x', 'f32', [1])));
  return encodeOnnx(g.graph);
}
