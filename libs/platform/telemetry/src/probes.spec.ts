/** @file What an orchestrator is told over HTTP in each state of a service. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { answerProbe, type ProcessHealth } from './probes.js';

const STATES: readonly (ProcessHealth & { readonly ready: number; readonly alive: number })[] = [
  { state: 'starting', isReady: false, isAlive: true, ready: 503, alive: 200 },
  { state: 'serving', isReady: true, isAlive: true, ready: 200, alive: 200 },
  { state: 'draining', isReady: false, isAlive: true, ready: 503, alive: 200 },
  { state: 'failed', isReady: false, isAlive: false, ready: 503, alive: 503 },
];

describe('probes over HTTP', () => {
  let health: ProcessHealth = STATES[0]!;
  const server = createServer((request, response) => {
    if (!answerProbe(request, response, () => health)) response.writeHead(404).end();
  });
  const at = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  for (const { ready, alive, ...now } of STATES) {
    it(`tell ${ready} for ready and ${alive} for alive while ${now.state}`, async () => {
      health = now;
      for (const [path, status] of [
        ['/readyz', ready],
        ['/healthz?verbose', alive],
      ] as const) {
        const reply = await fetch(at(path));
        deepEqual([reply.status, await reply.json()], [status, { state: now.state }]);
        equal((await fetch(at(path), { method: 'HEAD' })).status, status);
      }
    });
  }

  it('change nothing, and leave other paths alone', async () => {
    equal((await fetch(at('/readyz'), { method: 'POST' })).status, 405);
    equal((await fetch(at('/readyz/more'))).status, 404);
  });
});
