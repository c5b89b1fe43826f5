/** @file When calls to services were under way: recorded at the trainer's ports, summed up in time. */
import { systemClock } from '#core';
import type { RunServices } from '../../apps/trainer/src/domain/run/active-run.js';

export interface CallSpan {
  /** Method of the port: `score`, `generate`, `gradient`, `annotate`, `gate`, `offerAdapter`, … */
  readonly call: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** The same services; every call leaves a span. */
export function recorded({ policy, reward, metaLearnerOf, close }: RunServices, spans: CallSpan[]): RunServices {
  return {
    policy: recordedPort(policy, spans),
    reward: recordedPort(reward, spans),
    metaLearnerOf: (runId) => recordedPort(metaLearnerOf(runId), spans),
    close,
  };
}

function recordedPort<Port extends object>(port: Port, spans: CallSpan[]): Port {
  return new Proxy(port, {
    get: (target, call) => {
      const member: unknown = Reflect.get(target, call);
      if (typeof member !== 'function') return member;
      return (...values: unknown[]): unknown => {
        const startMs = systemClock.monotonicMs();
        const result: unknown = Reflect.apply(member, target, values);
        if (!(result instanceof Promise)) return result;
        return result.finally(() => spans.push({ call: String(call), startMs, endMs: systemClock.monotonicMs() }));
      };
    },
  });
}

/** Milliseconds during which at least one of the calls was under way. */
export function busyMs(spans: readonly CallSpan[]): number {
  let sumMs = 0;
  let untilMs = -Infinity;
  for (const { startMs, endMs } of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    sumMs += Math.max(0, endMs - Math.max(startMs, untilMs));
    untilMs = Math.max(untilMs, endMs);
  }
  return sumMs;
}

/** Milliseconds of all the calls together. */
export function totalMs(spans: readonly CallSpan[]): number {
  return spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}
