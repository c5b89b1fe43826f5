/** @file The whole service in this process, on free ports, with clients; for tests. */
import type { AdapterSpec as WireAdapterSpec, PutAdapterRequest, PutAdapterResponse__Output } from '#contracts/policy';
import { adapterDigest, sortedNames, type Adapter, type AdapterSpec } from '#ml/adapters';
import { present, type Digest } from '#core';
import { loadConfig } from '#platform/config';
import { createRpcClient, startRpcApp, type RpcApp, type RpcClient } from '#platform/rpc';
import { AppModule } from '../app.module.js';
import { POLICY_VARIABLES } from '../config.js';
import { startPolicy } from '../start-policy.js';
import type { UnitParts } from '../units/unit-parts.js';

export type PolicyClient = RpcClient<'metaapo.policy.v1.PolicyService'>;
export type PolicyAdminClient = RpcClient<'metaapo.policy.v1.PolicyAdminService'>;

export class PolicyServer {
  private constructor(
    readonly parts: UnitParts,
    readonly policy: PolicyClient,
    readonly admin: PolicyAdminClient,
    readonly app: RpcApp,
  ) {}

  static async start(modelPath: string, env: Readonly<Record<string, string>> = {}): Promise<PolicyServer> {
    const config = loadConfig(POLICY_VARIABLES, { POLICY_MODEL_PATH: modelPath, POLICY_THREADS: '1', ...env });
    const parts = await startPolicy(config);
    const app = await startRpcApp({
      module: AppModule.register(parts, config),
      servers: [
        { address: '127.0.0.1:0', services: ['metaapo.policy.v1.PolicyService'] },
        { role: 'admin', address: '127.0.0.1:0', services: ['metaapo.policy.v1.PolicyAdminService'] },
      ],
    });
    const policy = createRpcClient('metaapo.policy.v1.PolicyService', app.address());
    const admin = createRpcClient('metaapo.policy.v1.PolicyAdminService', app.address('admin'));
    return new PolicyServer(parts, policy, admin, app);
  }

  async stop(): Promise<void> {
    this.policy.close();
    this.admin.close();
    await this.app.close();
  }
}

/** Sends an adapter in chunks of the given size. */
export function put(
  admin: PolicyAdminClient,
  adapter: Adapter,
  options: { readonly digest?: Digest; readonly chunkBytes?: number } = {},
): Promise<PutAdapterResponse__Output> {
  return admin.putAdapter(putParts(adapter, options));
}

/** The messages of `PutAdapter`. */
export function* putParts(
  adapter: Adapter,
  {
    digest = adapterDigest(adapter),
    chunkBytes = 1000,
  }: { readonly digest?: Digest; readonly chunkBytes?: number } = {},
): Generator<PutAdapterRequest> {
  const { spec, tensors } = adapter;
  const named = sortedNames(tensors).map((name) => ({ name, ...present(tensors.get(name), name) }));
  yield {
    header: {
      digest,
      spec: toWire(spec),
      tensors: named.map(({ name, dims }) => ({ name, dtype: 'DATA_TYPE_F32', dims: [...dims] })),
    },
  };
  for (const [tensorIndex, { data }] of named.entries()) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let offsetBytes = 0; offsetBytes < bytes.length; offsetBytes += chunkBytes) {
      yield { chunk: { tensorIndex, offsetBytes, data: bytes.subarray(offsetBytes, offsetBytes + chunkBytes) } };
    }
  }
}

function toWire(spec: AdapterSpec): WireAdapterSpec {
  if (spec.kind === 'full') return { kind: 'ADAPTER_KIND_FULL' };
  return { ...spec, kind: 'ADAPTER_KIND_LORA', targetModules: [...spec.targetModules] };
}
