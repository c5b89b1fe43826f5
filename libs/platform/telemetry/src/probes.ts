/**
 * @file Where an orchestrator asks over plain HTTP how the process is, beside the metrics: Kubernetes's own gRPC probes speak
 * no TLS, and this port never does. What is told is the state of the service, the same that `grpc.health.v1.Health` tells.
 *
 *   GET /readyz    200 while calls are answered, 503 before and from the first moment of a drain on
 *   GET /healthz   200 while the process works on its purpose, draining too; 503 once it has failed and only a restart helps
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** How a process is, as it sees itself. */
export interface ProcessHealth {
  /** Name of its state, for people. */
  readonly state: string;
  readonly isReady: boolean;
  readonly isAlive: boolean;
}

export const READY_PATH = '/readyz';
export const ALIVE_PATH = '/healthz';

/** Answers a probe; false for a request that is none. */
export function answerProbe(request: IncomingMessage, response: ServerResponse, health: () => ProcessHealth): boolean {
  const path = (request.url ?? '').split('?', 1)[0];
  if (path !== READY_PATH && path !== ALIVE_PATH) return false;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return true;
  }
  const { state, isReady, isAlive } = health();
  const isWell = path === READY_PATH ? isReady : isAlive;
  const body = Buffer.from(`${JSON.stringify({ state })}\n`);
  response.writeHead(isWell ? 200 : 503, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
  return true;
}
