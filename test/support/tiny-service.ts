/**
 * @file The tiny application as a process of its own, for tests of start, drain and end.
 *
 * `Annotate` answers when a line `release` arrives on stdin; `WatchTrainingRun` sends one message and never ends.
 */
import { createInterface } from 'node:readline';
import { adminAddressVariable, loadConfig, serviceVariables } from '#platform/config';
import { runService } from '#platform/lifecycle';
import { withSpan } from '#platform/telemetry';
import { TINY_PORTS, TinyBehaviour, tinyModule } from './tiny-app.js';

const VARIABLES = {
  ...serviceVariables('TINY', { port: 50_090 }),
  adminAddress: adminAddressVariable('TINY', { port: 50_091 }),
};

const released = new Promise<void>((resolve) => {
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === 'release') resolve();
  });
});

const behaviour = new TinyBehaviour();
behaviour.annotate = async () => {
  process.stdout.write('{"event":"annotating"}\n');
  await released;
  return { items: [{ itemId: 'finished' }] };
};
behaviour.listRewardModels = () =>
  withSpan('annotate', { rewardModel: 'tiny', itemCount: 1 }, async () => ({ nextPageToken: 'none' }));
behaviour.generate = async function* () {
  yield { sample: { text: 'a' } };
  await withSpan('decode', { stepCount: 1 }, async () => {});
  yield { sample: { text: 'b' } };
};
behaviour.putAdapter = (requests) =>
  withSpan('update', { step: 1 }, async () => {
    for await (const _request of requests) void 0;
    return {};
  });
behaviour.watch = async function* (_request, { signal }) {
  yield { event: '0' };
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  process.stdout.write('{"event":"watch-aborted"}\n');
};

const [main, admin] = TINY_PORTS;
await runService({
  name: 'tiny',
  config: () => loadConfig(VARIABLES),
  module: () => tinyModule(behaviour),
  servers: (config) => [main, { ...admin, address: config.adminAddress }],
});
