/** @file One trace across processes: from the caller's span through the wire to the span inside the handler. */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { ChildService } from '../support/child-service.js';
import { OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';

const SERVICE = new URL('../support/tiny-service.js', import.meta.url);
const CALLER = new URL('../support/tiny-caller.js', import.meta.url);

describe('traces across processes', () => {
  const receiver = new OtlpReceiver();
  const children: ChildService[] = [];

  before(async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: await receiver.start(), OTEL_METRIC_EXPORT_INTERVAL: '60000' };
    const service = new ChildService(SERVICE, {
      ...env,
      TINY_ADDRESS: '127.0.0.1:0',
      TINY_ADMIN_ADDRESS: '127.0.0.1:0',
    });
    children.push(service);
    const { address = '', admin_address: adminAddress = '' } = await service.event('ready');
    const caller = new ChildService(CALLER, env, [address, adminAddress]);
    children.push(caller);
    await caller.event('done');
    equal(await caller.ended(), 0);
    service.process.kill('SIGTERM');
    equal(await service.ended(), 0);
  });
  after(() => {
    for (const child of children) child.kill();
    receiver.stop();
  });

  const unitOf = (phase: string): ReceivedSpan => {
    const found = receiver.named('metaapo.unit').find(({ attributes }) => attributes['metaapo.phase'] === phase);
    ok(found, `the unit of ${phase}: ${JSON.stringify(receiver.spans)}`);
    return found;
  };
  const childrenOf = ({ spanId }: ReceivedSpan): ReceivedSpan[] =>
    receiver.spans.filter(({ parentSpanId }) => parentSpanId === spanId);

  for (const [kind, phase, method, inner] of [
    ['a unary call', 'annotate', 'grpc.metaapo.reward.v1.RewardService/ListRewardModels', 'metaapo.annotate'],
    ['a stream of responses', 'generate', 'grpc.metaapo.policy.v1.PolicyService/GenerateResponses', 'metaapo.decode'],
    ['a stream of requests', 'put', 'grpc.metaapo.policy.v1.PolicyAdminService/PutAdapter', 'metaapo.update'],
  ] as const) {
    it(`lead through ${kind}`, () => {
      const unit = unitOf(phase);
      const [client] = childrenOf(unit);
      ok(client);
      const [server] = childrenOf(client);
      ok(server);
      const [handler] = childrenOf(server);
      deepEqual(
        [unit, client, server, handler].map((span) => [span?.service, span?.kind, span?.name, span?.traceId]),
        [
          ['caller', 'internal', 'metaapo.unit', unit.traceId],
          ['caller', 'client', method, unit.traceId],
          ['tiny', 'server', method, unit.traceId],
          ['tiny', 'internal', inner, unit.traceId],
        ],
      );
    });
  }

  it('mark what failed, with its reason', () => {
    const unit = unitOf('fail');
    ok(unit.failed);
    equal(unit.attributes['metaapo.outcome'], 'UNIMPLEMENTED');
    ok(!unitOf('put').failed);
  });

  it('come with metrics, in the units of the registry', () => {
    equal(receiver.metrics.get('metaapo.unit.duration'), 's');
    equal(receiver.metrics.get('metaapo.annotations.count'), '{annotation}');
  });
});
