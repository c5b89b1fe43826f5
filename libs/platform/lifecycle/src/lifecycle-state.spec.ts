import { describe, it } from 'node:test';
import { deepEqual, throws } from 'node:assert/strict';
import { InvariantError } from '#core';
import { JsonLog } from './json-log.js';
import { Lifecycle, type LifecycleState } from './lifecycle-state.js';

describe('lifecycle of a service', () => {
  it('goes from starting to ended and tells of every step', () => {
    const seen: LifecycleState[] = [];
    const lifecycle = new Lifecycle((state) => seen.push(state));
    for (const state of ['serving', 'draining', 'disposing', 'ended'] as const) lifecycle.moveTo(state);
    deepEqual(seen, ['serving', 'draining', 'disposing', 'ended']);
  });

  it('knows no way back', () => {
    const lifecycle = new Lifecycle(() => {});
    lifecycle.moveTo('serving');
    lifecycle.moveTo('draining');
    throws(() => lifecycle.moveTo('serving'), InvariantError);
    lifecycle.moveTo('failed');
    throws(() => lifecycle.moveTo('ended'), InvariantError);
  });
});

describe('log of a service', () => {
  it('writes one JSON object per line, without the start-up chatter of Nest', () => {
    const lines: string[] = [];
    const log = new JsonLog('policy', (line) => lines.push(line));
    log.log('loaded', 'engine');
    log.log('dependencies initialized', 'InstanceLoader');
    log.error('broke', 'Error: broke\n  at x', 'rpc');
    deepEqual(
      lines.map((line) => {
        const { time: _time, ...rest } = JSON.parse(line) as Record<string, unknown>;
        return rest;
      }),
      [
        { level: 'info', service: 'policy', context: 'engine', message: 'loaded' },
        { level: 'error', service: 'policy', context: 'rpc', message: 'broke', details: ['Error: broke\n  at x'] },
      ],
    );
  });
});
