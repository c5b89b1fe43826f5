/** @file Certificates and keys as files, read and checked together: what comes out can be served with. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { messageOf } from '#core';
import {
  TlsCertificateExpiredError,
  TlsFileInvalidError,
  TlsFileUnreadableError,
  TlsPairMismatchError,
} from './tls.errors.js';

/** Where the files lie. Certificate and key come together. */
export interface TlsPaths {
  /** Own certificate, and after it those between it and the authority. */
  readonly certPath?: string | undefined;
  /** Its private key, not encrypted. */
  readonly keyPath?: string | undefined;
  /** Certificates of the authorities that the other side's certificate must come from. */
  readonly caPath?: string | undefined;
}

/** What the files hold, in PEM. */
export interface TlsMaterial {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly ca?: Buffer;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** Reads without checking. @throws TlsFileUnreadableError (`TLS_FILE_UNREADABLE`) */
export function readTls({ certPath, keyPath, caPath }: TlsPaths): TlsMaterial {
  return {
    ...(certPath !== undefined && { cert: bytesOf(certPath) }),
    ...(keyPath !== undefined && { key: bytesOf(keyPath) }),
    ...(caPath !== undefined && { ca: bytesOf(caPath) }),
  };
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (thrown) {
    throw new TlsFileUnreadableError(path, messageOf(thrown));
  }
}

/**
 * @throws TlsFileInvalidError (`TLS_FILE_INVALID`), TlsCertificateExpiredError (`TLS_CERTIFICATE_EXPIRED`),
 * TlsPairMismatchError (`TLS_PAIR_MISMATCH`)
 */
export function checkTls(paths: TlsPaths, { cert, key, ca }: TlsMaterial, nowMs: number): void {
  if (ca && paths.caPath !== undefined) checkAuthorities(paths.caPath, ca, nowMs);
  if (!cert || !key || paths.certPath === undefined || paths.keyPath === undefined) return;
  const [own] = certificatesOf(paths.certPath, cert) as [X509Certificate, ...X509Certificate[]];
  if (!isValid(own, nowMs)) throw new TlsCertificateExpiredError(paths.certPath, validityOf(own));
  if (!own.checkPrivateKey(privateKeyOf(paths.keyPath, key))) {
    throw new TlsPairMismatchError(paths.certPath, paths.keyPath);
  }
}

/** Of several authorities some may be over: that is how they are exchanged. */
function checkAuthorities(path: string, bytes: Buffer, nowMs: number): void {
  const authorities = certificatesOf(path, bytes);
  const [first] = authorities as [X509Certificate, ...X509Certificate[]];
  if (!authorities.some((authority) => isValid(authority, nowMs))) {
    throw new TlsCertificateExpiredError(path, validityOf(first));
  }
}

/** At least one. */
function certificatesOf(path: string, bytes: Buffer): X509Certificate[] {
  const blocks = bytes.toString('latin1').match(CERTIFICATE) ?? [];
  if (blocks.length === 0) throw new TlsFileInvalidError(path, 'certificates', 'it holds none');
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch (thrown) {
      throw new TlsFileInvalidError(path, 'certificates', `number ${index + 1} is none: ${messageOf(thrown)}`);
    }
  });
}

function privateKeyOf(path: string, bytes: Buffer) {
  try {
    return createPrivateKey(bytes);
  } catch (thrown) {
    throw new TlsFileInvalidError(path, 'a private key that is not encrypted', `it is none: ${messageOf(thrown)}`);
  }
}

const isValid = ({ validFromDate, validToDate }: X509Certificate, nowMs: number): boolean =>
  validFromDate.getTime() <= nowMs && nowMs < validToDate.getTime();

const validityOf = ({ validFromDate, validToDate }: X509Certificate) => ({
  from: validFromDate.toISOString(),
  to: validToDate.toISOString(),
});
