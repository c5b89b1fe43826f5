/** Goal: adapters come in whole and named by their content, or not at all. Method: the real service over gRPC. */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { PutAdapterRequest } from '#contracts/policy';
import { digestOf } from '#core';
import { adapterDigest, initialLora, type Adapter, type BaseShapes } from '#ml/adapters';
import { remote } from '../../../test/support/calls.js';
import { sharedFolder, skipWithout } from '../../../test/support/shared-folder.js';
import { PolicyServer, put, putParts } from './testing/policy-server.js';

const SPEC = { kind: 'lora', rank: 2, alpha: 4, rankStabilized: false, targetModules: ['q_proj', 'v_proj'] } as const;
const MODEL = join(sharedFolder('golden'), 'models', 'llama-tied');

describe('adapters of the policy service', { skip: skipWithout('golden') }, () => {
  let server: PolicyServer;
  let base: BaseShapes;
  const lora = (seed: number): Adapter => initialLora({ spec: SPEC, base, seed });

  before(async () => {
    server = await PolicyServer.start(MODEL, { POLICY_ADAPTER_CACHE_BYTES: '300KiB' });
    base = new Map(server.parts.engine.description.baseTensors.map(({ name, dims }) => [name, dims]));
  });
  after(() => server?.stop());

  /** The messages of a good adapter, with the header changed. */
  function withHeader(change: (header: NonNullable<PutAdapterRequest['header']>) => void): PutAdapterRequest[] {
    const parts = [...putParts(lora(1))];
    const header = parts[0]?.header;
    ok(header);
    change(header);
    return parts;
  }

  const refused = (parts: readonly PutAdapterRequest[], code: string) =>
    rejects(server.admin.putAdapter(parts), remote(code, 'INVALID_ARGUMENT'), code);

  it('takes an adapter in, names it by its digest, and knows it when it comes again', async () => {
    const adapter = lora(1);
    const first = await put(server.admin, adapter);
    equal(first.adapter?.digest, adapterDigest(adapter));
    equal(first.adapter?.kind, 'ADAPTER_KIND_LORA');
    ok(Number(first.adapter?.parameterCount) > 0);
    equal(first.alreadyResident, false);
    const again = await put(server.admin, adapter, { chunkBytes: 64 });
    deepEqual(again, { ...first, alreadyResident: true });
  });

  it('scores under it and under the base in one unit', async () => {
    const { adapter } = await put(server.admin, lora(1));
    const items = [{ itemId: 'a', prompt: { text: 'the river' }, responses: [{ text: 'is wide' }] }];
    const reply = await server.policy.scoreResponses({ policies: ['', adapter?.digest ?? ''], items });
    const [underBase, underAdapter] = reply.items[0]?.responses[0]?.logProbSums ?? [];
    equal(underAdapter, underBase, 'a fresh LoRA adapter changes nothing');
  });

  it('refuses content that is not what the digest names', async () => {
    const parts = [...putParts(lora(1), { digest: digestOf('other') })];
    await refused(parts, 'ADAPTER_DIGEST_MISMATCH');
  });

  it('refuses element types that the engine does not compute in', async () => {
    for (const dtype of ['DATA_TYPE_F16', 'DATA_TYPE_BF16', 'DATA_TYPE_UNSPECIFIED'] as const) {
      const parts = withHeader(
        (header) => (header.tensors = header.tensors?.map((tensor) => ({ ...tensor, dtype })) ?? []),
      );
      await refused(parts, 'TENSOR_DTYPE_UNSUPPORTED');
    }
  });

  it('refuses a tensor of another shape before any of its bytes come', async () => {
    const [header] = withHeader(({ tensors }) => {
      if (tensors?.[0]) tensors[0].dims = [1, 1];
    });
    await refused(header ? [header] : [], 'TENSOR_SHAPE_MISMATCH');
  });

  it('refuses bytes that are missing or come twice', async () => {
    const parts = [...putParts(lora(1))];
    await refused(parts.slice(0, -1), 'ADAPTER_INVALID');
    await refused([...parts, ...parts.slice(-1)], 'ADAPTER_INVALID');
  });

  it('refuses streams and specs that contradict themselves', async () => {
    const [header, chunk] = [...putParts(lora(1))];
    ok(header && chunk);
    await refused([], 'ADAPTER_INVALID');
    await refused([chunk], 'ADAPTER_INVALID');
    await refused([header, header], 'ADAPTER_INVALID');
    const wrong: ((header: NonNullable<PutAdapterRequest['header']>) => void)[] = [
      (it) => (it.digest = 'latest'),
      (it) => (it.spec = null),
      (it) => (it.spec = { ...it.spec, rank: 0 }),
      (it) => (it.spec = { ...it.spec, alpha: Number.NaN }),
      (it) => (it.spec = { ...it.spec, targetModules: ['v_proj', 'q_proj'] }),
      (it) => (it.spec = { ...it.spec, targetModules: ['no_such_module'] }),
      (it) => it.tensors?.reverse(),
      (it) => it.tensors?.pop(),
    ];
    for (const change of wrong) await refused(withHeader(change), 'ADAPTER_INVALID');
  });

  it('refuses an adapter that exceeds the cache by itself', async () => {
    const full: Adapter = {
      spec: { kind: 'full' },
      tensors: new Map(
        [...base].map(([name, dims]) => [name, { dims, data: new Float32Array(dims.reduce((a, b) => a * b, 1)) }]),
      ),
    };
    const small = await PolicyServer.start(MODEL, { POLICY_ADAPTER_CACHE_BYTES: '100KiB' });
    try {
      await rejects(put(small.admin, full), remote('ADAPTER_TOO_LARGE', 'RESOURCE_EXHAUSTED'));
    } finally {
      await small.stop();
    }
  });

  it('lists by last use, page by page, and evicts what was used least recently', async () => {
    const digests: string[] = [];
    for (let seed = 1; seed <= 40; seed += 1) digests.push((await put(server.admin, lora(seed))).adapter?.digest ?? '');
    const listed: string[] = [];
    let pageToken = '';
    do {
      const page = await server.admin.listAdapters({ pageSize: 2, pageToken });
      listed.push(...page.adapters.map(({ digest }) => digest));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    deepEqual(listed, digests.toReversed().slice(0, listed.length));
    ok(listed.length > 0 && listed.length < 40, `${listed.length} fit the cache`);
    await rejects(server.admin.listAdapters({ pageToken: 'x' }), remote('PAGE_TOKEN_INVALID', 'INVALID_ARGUMENT'));
  });

  it('drops an adapter once, and needs it no more', async () => {
    const { adapter } = await put(server.admin, lora(1));
    const digest = adapter?.digest ?? '';
    deepEqual(await server.admin.dropAdapter({ digest }), { wasResident: true });
    deepEqual(await server.admin.dropAdapter({ digest }), { wasResident: false });
    const items = [{ itemId: 'a', prompt: { text: 'x' }, responses: [{ text: 'y' }] }];
    await rejects(
      server.policy.scoreResponses({ policies: [digest], items }),
      remote('ADAPTER_NOT_RESIDENT', 'FAILED_PRECONDITION'),
    );
    await rejects(server.admin.dropAdapter({ digest: 'x' }), remote('REQUEST_INVALID', 'INVALID_ARGUMENT'));
  });

  it('keeps the admin service off the main port', async () => {
    const { createRpcClient } = await import('#platform/rpc');
    const misplaced = createRpcClient('metaapo.policy.v1.PolicyAdminService', server.app.address());
    await rejects(misplaced.listAdapters({}), remote('UNIMPLEMENTED', 'UNIMPLEMENTED'));
    misplaced.close();
  });
});
