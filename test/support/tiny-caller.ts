/** @file A process that calls the tiny service inside a span, for tests of traces across processes. */
import { startTelemetry, withSpan, recordDuration, count } from '#platform/telemetry';
import { createRpcClient } from '#platform/rpc';

const [address = '', adminAddress = ''] = process.argv.slice(2);
const telemetry = await startTelemetry({ service: 'caller' });
const reward = createRpcClient('metaapo.reward.v1.RewardService', address);
const policy = createRpcClient('metaapo.policy.v1.PolicyService', address);
const admin = createRpcClient('metaapo.policy.v1.PolicyAdminService', adminAddress);

await withSpan('unit', { runId: 'r', phase: 'annotate' }, () => reward.listRewardModels({}));
await withSpan('unit', { runId: 'r', phase: 'generate' }, async () => {
  for await (const _reply of policy.generateResponses({})) void 0;
});
await withSpan('unit', { runId: 'r', phase: 'put' }, () => admin.putAdapter([{}, {}]));
await withSpan('unit', { runId: 'r', phase: 'fail' }, () => reward.getRewardModel({})).catch(() => {});
recordDuration('unitDuration', 12, { phase: 'annotate', outcome: 'ok' });
count('annotations', 3, { rewardModel: 'tiny' });

for (const client of [reward, policy, admin]) client.close();
await telemetry.shutdown();
process.stdout.write('{"event":"done"}\n');
