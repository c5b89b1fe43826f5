/** @file The body of a request: bounded, declared as JSON, parsed. */
import type { IncomingMessage } from 'node:http';
import { messageOf, parseForeignJson } from '#core';
import { BodyTooLargeError, BodyUnreadableError, ContentTypeUnsupportedError } from './http.errors.js';

/** @throws ContentTypeUnsupportedError, BodyTooLargeError, BodyUnreadableError; what the stream throws when the client leaves */
export async function readJsonBody(request: IncomingMessage, bodyBytesMax: number): Promise<unknown> {
  const problem = headerProblem(request);
  const bytes = await readBytes(request, problem ? 0 : bodyBytesMax);
  if (problem) throw problem;
  if (bytes === undefined) throw new BodyTooLargeError(bodyBytesMax);
  try {
    return parseForeignJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (thrown) {
    throw new BodyUnreadableError(bytes.length === 0 ? 'it is empty' : messageOf(thrown));
  }
}

function headerProblem({ headers }: IncomingMessage): ContentTypeUnsupportedError | undefined {
  const type = headers['content-type'];
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type ?? '')) {
    return new ContentTypeUnsupportedError('Content-Type', 'application/json', type);
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return new ContentTypeUnsupportedError('Content-Encoding', 'none', encoding);
  }
  return undefined;
}

/**
 * The whole body, or undefined when it is too large. One that is too large, or not wanted, is read to its end all the
 * same, without being kept: a client that is still sending would not read the reply, and see a broken connection instead.
 * The server's timeout for receiving a request bounds how long that can take.
 */
async function readBytes(request: IncomingMessage, bodyBytesMax: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    byteCount += chunk.length;
    if (byteCount <= bodyBytesMax) chunks.push(chunk);
    else chunks.length = 0;
  }
  return byteCount <= bodyBytesMax ? Buffer.concat(chunks, byteCount) : undefined;
}
