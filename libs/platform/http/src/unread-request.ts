/**
 * @file Requests that never became one: no HTTP, headers without end, a sender that dawdles. Node would answer with a bare
 * status line; here they get the same body as every other error.
 */
import { STATUS_CODES, maxHeaderSize } from 'node:http';
import type { AppError } from '#core';
import { errorReply } from './http-reply.js';
import { HeadersTooLargeError, RequestTimedOutError, RequestUnreadableError } from './http.errors.js';

/** What Node's parser says of it. */
interface ParserComplaint extends Error {
  readonly code?: string;
  readonly reason?: string;
  readonly rawPacket?: Buffer;
}

/** The bytes of the reply; undefined where there is nobody to read it. */
export function unreadReply(complaint: ParserComplaint, receiveTimeoutMs: number): string | undefined {
  if (complaint.code === 'ECONNRESET' || complaint.code === 'EPIPE') return undefined;
  const { status, body } = errorReply(errorOf(complaint, receiveTimeoutMs));
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${text}`;
}

function errorOf({ code, reason, message, rawPacket }: ParserComplaint, receiveTimeoutMs: number): AppError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new RequestTimedOutError(receiveTimeoutMs);
  if (code === 'HPE_HEADER_OVERFLOW') return new HeadersTooLargeError(maxHeaderSize);
  return new RequestUnreadableError(otherProtocol(rawPacket) ?? reason ?? message);
}

/** A TLS handshake record, or the greeting of HTTP/2. */
const TLS_HANDSHAKE = 0x16;
const HTTP2_GREETING = 'PRI * HTTP/2.0';

function otherProtocol(bytes: Buffer | undefined): string | undefined {
  if (bytes?.[0] === TLS_HANDSHAKE) return 'TLS, and this port speaks none';
  if (bytes?.toString('latin1', 0, HTTP2_GREETING.length) === HTTP2_GREETING) return 'HTTP/2';
  return undefined;
}
