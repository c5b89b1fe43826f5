/**
 * @file What does the reward service add to a call? `Annotate` with a backend that does next to nothing and a payload of 1 KB,
 * against a bare grpc-js echo of as many bytes; both in processes of their own, called in turns.
 */
import { present, systemClock } from '#core';
import { createRpcClient, fromDuration } from '#platform/rpc';
import type { Benchmark } from './benchmark.js';
import { Child } from './child.js';
import { quantile } from './measurement.js';
import { EchoClient } from './rewards/echo.js';

const JOB = 'annotate overhead';
const OVERHEAD_MS_MAX = 1;
const WARM_UP_CALLS = 1000;
const CALLS = 4000;
const PAYLOAD_BYTES = 1024;

export const rewardOverhead: Benchmark = async () => {
  await using echoChild = await Child.echo();
  await using rewardChild = await Child.reward({ nothing: { backend: 'length' } });
  const echo = new EchoClient(echoChild.address);
  const reward = createRpcClient('metaapo.reward.v1.RewardService', rewardChild.address);
  try {
    const bytes = Buffer.alloc(PAYLOAD_BYTES, 'x');
    const text = 'word '.repeat(PAYLOAD_BYTES / 10);
    const request = {
      rewardModel: 'nothing',
      items: [{ itemId: 'a', prompt: { text }, responses: [{ text }] }],
    };
    const times = { echo: [] as number[], annotate: [] as number[], inside: [] as number[] };
    for (let call = 0; call < WARM_UP_CALLS + CALLS; call += 1) {
      const startMs = systemClock.monotonicMs();
      await echo.echo(bytes);
      const betweenMs = systemClock.monotonicMs();
      const { timing } = await reward.annotate(request);
      const endMs = systemClock.monotonicMs();
      if (call < WARM_UP_CALLS) continue;
      times.echo.push(betweenMs - startMs);
      times.annotate.push(endMs - betweenMs);
      times.inside.push(fromDuration(present(timing?.total, 'total')));
    }
    const p50 = (values: readonly number[]) => quantile(values, 0.5);
    const figure = (name: string, value: number) => ({ job: JOB, name, value, unit: 'ms' });
    return [
      figure('p50 of a bare echo of 1 KB', p50(times.echo)),
      figure('p50 of Annotate, 1 KB', p50(times.annotate)),
      figure('p50 of Annotate as the service tells it', p50(times.inside)),
      figure('p99 of Annotate', quantile(times.annotate, 0.99)),
      {
        ...figure('p50 of Annotate over p50 of the echo', p50(times.annotate) - p50(times.echo)),
        goal: { relation: 'at most', bound: OVERHEAD_MS_MAX } as const,
      },
    ];
  } finally {
    echo.close();
    reward.close();
  }
};
