/** Goal: waiting and computing appear in the trace of the call that asked for them. Method: a collector in this process. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { initialLora } from '#ml/adapters';
import { createRpcClient, type RpcClient } from '#platform/rpc';
import { drained } from '../../../test/support/calls.js';
import { ChildService } from '../../../test/support/child-service.js';
import { OtlpReceiver } from '../../../test/support/otlp-receiver.js';
import { sharedFolder, skipWithout } from '../../../test/support/shared-folder.js';
import { put } from './testing/policy-server.js';

const SERVICE = 'metaapo.policy.v1.PolicyService';
const SPEC = { kind: 'lora', rank: 2, alpha: 4, rankStabilized: false, targetModules: ['q_proj'] } as const;

describe('telemetry of the policy service', { skip: skipWithout('golden') }, () => {
  const receiver = new OtlpReceiver();
  let service: ChildService;
  let exposed = '';

  before(async () => {
    service = new ChildService(new URL('./main.js', import.meta.url), {
      POLICY_ADDRESS: '127.0.0.1:0',
      POLICY_ADMIN_ADDRESS: '127.0.0.1:0',
      POLICY_METRICS_PORT: '0',
      POLICY_MODEL_PATH: join(sharedFolder('golden'), 'models', 'llama-tied'),
      POLICY_THREADS: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: await receiver.start(),
    });
    const {
      address = '',
      admin_address: adminAddress = '',
      metrics_address: metricsAddress,
    } = await service.event('ready');
    const policy = createRpcClient(SERVICE, address);
    const admin = createRpcClient('metaapo.policy.v1.PolicyAdminService', adminAddress);
    const { baseTensors } = await policy.getPolicy({});
    const base = new Map(baseTensors.map(({ name, dims }) => [name, dims.map(Number)]));
    const { adapter } = await put(admin, initialLora({ spec: SPEC, base, seed: 1 }));
    await callAllAtOnce(policy, adapter?.digest ?? '');
    exposed = await (await fetch(`http://${metricsAddress}/metrics`)).text();
    policy.close();
    admin.close();
    service.process.kill('SIGTERM');
    equal(await service.ended(), 0);
  });
  after(() => {
    service?.kill();
    receiver.stop();
  });

  for (const [method, ...inner] of [
    ['ScoreResponses', 'metaapo.queue', 'metaapo.score'],
    ['GenerateResponses', 'metaapo.decode', 'metaapo.prefill', 'metaapo.queue'],
    ['ComputeGradient', 'metaapo.gradient', 'metaapo.queue'],
  ] as const) {
    it(`shows under ${method} where its time went`, () => {
      const [call, ...others] = receiver.named(`grpc.${SERVICE}/${method}`, 'policy');
      ok(call && others.length === 0, `one call of ${method}`);
      const children = receiver.spans.filter(({ parentSpanId }) => parentSpanId === call.spanId);
      deepEqual(children.map(({ name }) => name).sort(), [...inner]);
      ok(children.every(({ traceId, failed }) => traceId === call.traceId && !failed));
    });
  }

  it('counts tokens and steps on the spans', () => {
    const [decode] = receiver.named('metaapo.decode');
    equal(decode?.attributes['metaapo.response.count'], 2);
    ok(Number(decode?.attributes['metaapo.decode.step.count']) > 0);
    ok(Number(receiver.named('metaapo.gradient')[0]?.attributes['metaapo.token.count']) > 0);
  });

  it('puts no text into spans', () => {
    ok(!JSON.stringify(receiver.spans).includes('the river'));
  });

  it('exposes waiting, computing, tokens and memory to Prometheus', () => {
    for (const metric of [
      'metaapo_queue_units',
      'metaapo_queue_duration_count',
      'metaapo_compute_duration_count',
      'metaapo_generate_tokens_sum',
      'metaapo_adapters_resident',
    ]) {
      ok(exposed.includes(metric), `${metric} is not in:\n${exposed}`);
    }
  });
});

/** One call of each kind, under way together. */
async function callAllAtOnce(policy: RpcClient<typeof SERVICE>, digest: string): Promise<void> {
  const item = { itemId: 'a', prompt: { text: 'the river' } };
  const pair = { chosen: { text: 'yes' }, rejected: { text: 'no' } };
  await Promise.all([
    policy.scoreResponses({ items: [{ ...item, responses: [{ text: 'y' }] }] }),
    drained(
      policy.generateResponses({
        items: [{ ...item, seed: '1' }],
        samplesPerPrompt: 2,
        sampling: { temperature: 1, maxNewTokens: 8 },
      }),
    ),
    drained(
      policy.computeGradient({
        policy: digest,
        objective: { loss: 'LOSS_KIND_DPO', beta: 0.1, inputBeta: 1 },
        weighting: { constant: 1 },
        items: [{ ...item, offline: pair }],
      }),
    ),
  ]);
}
