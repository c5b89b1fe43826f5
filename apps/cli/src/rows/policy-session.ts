/** @file A policy service for one command: started on loopback, given the adapter over the wire, stopped at the end. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { adapterDigest, readPeftFolder, sortedNames, type Adapter, type BaseShapes } from '#ml/adapters';
import type { AdapterSpec, GetPolicyResponse__Output, PutAdapterRequest } from '#contracts/policy';
import { elementCount, present } from '#core';
import { createRpcClient, type RpcClient } from '#platform/rpc';
import { InterruptedError, UsageError } from '../cli.errors.js';
import type { CommandContext } from '../commands/context.js';
import { locateModel } from '../models/locate-model.js';
import { ServiceGroup } from '../services/service-group.js';
import { aborted } from '../terminal/interrupts.js';

export interface PolicySession {
  readonly client: RpcClient<'metaapo.policy.v1.PolicyService'>;
  /** Digest of the adapter to compute with; empty for the base. */
  readonly policy: string;
  readonly unitItemsMax: number;
  /** Deadline of one unit's call. */
  readonly unitTimeoutMs: number;
}

export interface PolicySessionOptions extends Pick<PolicySession, 'unitTimeoutMs'> {
  readonly model: string;
  readonly adapter?: string | undefined;
  readonly context: CommandContext;
}

/** Bytes of a tensor in one message. */
const CHUNK_BYTES = 1 << 20;
const CONNECT_TIMEOUT_MS = 30_000;

/** Does the work with a policy service and stops it, whatever happens. */
export async function withPolicy(
  { model, adapter, unitTimeoutMs, context }: PolicySessionOptions,
  work: (session: PolicySession) => Promise<void>,
): Promise<void> {
  const { interrupts } = context;
  const modelPath = await locateModel(model, context);
  await requireModel(modelPath, model);
  const interrupted = aborted(interrupts.stop).then(() => {
    throw new InterruptedError('Stopped; no output was written. Start the same command again.');
  });
  const [group, { address, adminAddress }] = await ServiceGroup.startPolicy(modelPath, interrupted);
  const client = createRpcClient('metaapo.policy.v1.PolicyService', address);
  try {
    const working = async (): Promise<void> => {
      const described = await client.getPolicy({}, { waitForReady: true, timeoutMs: CONNECT_TIMEOUT_MS });
      const policy = adapter === undefined ? '' : await putAdapter(adminAddress, adapter, described);
      const { unitItemsMax } = present(described.limits, 'limits of the policy');
      await work({ client, policy, unitItemsMax, unitTimeoutMs });
    };
    await Promise.race([working(), group.lost(), interrupted]);
  } finally {
    client.close();
    await group.stopUnless(interrupts.force);
  }
}

/** A folder with config.json, or a file; what is in it is the policy service's business. */
async function requireModel(path: string, model: string): Promise<void> {
  for (const file of [join(path, 'config.json'), path]) {
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile()) return;
  }
  throw new UsageError(`Expected a model folder with config.json, a GGUF file or a name on the Hub, got ${model}`);
}

/** Reads a PEFT folder and makes it resident; gives its digest. */
async function putAdapter(adminAddress: string, folder: string, policy: GetPolicyResponse__Output): Promise<string> {
  const base: BaseShapes = new Map(policy.baseTensors.map(({ name, dims }) => [name, dims.map(Number)]));
  const adapter = await readPeftFolder(folder, base);
  const digest = adapterDigest(adapter);
  const admin = createRpcClient('metaapo.policy.v1.PolicyAdminService', adminAddress);
  try {
    await admin.putAdapter(adapterMessages(adapter, digest));
  } finally {
    admin.close();
  }
  return digest;
}

/** An adapter as the messages of `PutAdapter`: header, then every tensor in chunks. */
export function* adapterMessages(adapter: Adapter, digest: string): Generator<PutAdapterRequest> {
  const names = sortedNames(adapter.tensors);
  const tensors = names.map((name) => ({ name, tensor: present(adapter.tensors.get(name), `tensor ${name}`) }));
  yield {
    header: {
      digest,
      spec: specMessage(adapter),
      tensors: tensors.map(({ name, tensor }) => ({ name, dtype: 'DATA_TYPE_F32', dims: [...tensor.dims] })),
    },
  };
  for (const [tensorIndex, { tensor }] of tensors.entries()) {
    const { buffer, byteOffset } = tensor.data;
    const byteCount = elementCount(tensor.dims) * Float32Array.BYTES_PER_ELEMENT;
    for (let offset = 0; offset < byteCount; offset += CHUNK_BYTES) {
      const data = Buffer.from(buffer, byteOffset + offset, Math.min(CHUNK_BYTES, byteCount - offset));
      yield { chunk: { tensorIndex, offsetBytes: offset, data } };
    }
  }
}

function specMessage({ spec }: Adapter): AdapterSpec {
  if (spec.kind === 'full') return { kind: 'ADAPTER_KIND_FULL' };
  return { ...spec, kind: 'ADAPTER_KIND_LORA', targetModules: [...spec.targetModules] };
}
