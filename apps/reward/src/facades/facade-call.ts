/** @file What the headers and the URL of a request mean for every façade. */
import { errorReply, type HttpReply, type HttpRequest } from '#platform/http';
import type { FacadeOptions } from './facade-options.js';

/** What a client repeats a request under; empty where it does not say. */
export function requestIdOf(headers: HttpRequest['headers']): string {
  return headers['idempotency-key'] ?? headers['x-request-id'] ?? '';
}

/** An overload under the status that the client's operator has asked for. */
export async function withOverload({ overload }: FacadeOptions, answer: () => Promise<HttpReply>): Promise<HttpReply> {
  try {
    return await answer();
  } catch (thrown) {
    const reply = errorReply(thrown);
    if (overload === 429 || reply.status !== 429) throw thrown;
    return { ...reply, status: overload };
  }
}
