/**
 * @file How a server that scores is recognised, and how this service shows itself to it: files that are read again when they
 * change, and the name that the server's certificate bears.
 */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { AppError } from '#core';
import { TlsHttpClient } from '#platform/http';
import { openClientTls, type ClientTls } from '#platform/rpc';
import { RewardModelBrokenError } from '../../reward.errors.js';

const absolutePath = z.string().refine(isAbsolute, 'expected an absolute path');

export const tlsSpec = z
  .strictObject({
    /** Authorities that the server's certificate must come from; absent: the system's. */
    ca: absolutePath.optional(),
    cert: absolutePath.optional(),
    key: absolutePath.optional(),
    /** Name in the certificate, where it is not the address's host. */
    server_name: z.string().min(1).optional(),
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), 'expected "cert" and "key" together');

export type TlsSpec = Readonly<z.output<typeof tlsSpec>>;

/** @throws RewardModelBrokenError naming a file that cannot be used */
export function openTls(rewardModel: string, tls: TlsSpec | undefined): ClientTls | undefined {
  if (!tls) return undefined;
  const { ca: caPath, cert: certPath, key: keyPath, server_name: serverName } = tls;
  try {
    return openClientTls({ caPath, certPath, keyPath, serverName });
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    throw new RewardModelBrokenError(rewardModel, `${thrown.code}: ${thrown.message}`);
  }
}

/** @throws RewardModelBrokenError naming a file that cannot be used */
export function tlsClient(rewardModel: string, tls: TlsSpec | undefined): TlsHttpClient | undefined {
  const opened = openTls(rewardModel, tls);
  return opened && new TlsHttpClient(opened);
}

/** The problem of a URL that is not called over TLS although it is configured. */
export function tlsProblem(url: string, tls: TlsSpec | undefined): string | undefined {
  if (!tls || URL.parse(url)?.protocol === 'https:') return undefined;
  return 'expected an https URL beside "tls"';
}
