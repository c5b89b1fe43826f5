/** @file Why certificate files cannot be used; each names the file. At start the service does not start. */
import { AppError } from '#core';

/** Thrown when a file of TLS cannot be read. Maps to FAILED_PRECONDITION. */
export class TlsFileUnreadableError extends AppError {
  readonly code = 'TLS_FILE_UNREADABLE';
  readonly status = 'FAILED_PRECONDITION';

  constructor(path: string, reason: string) {
    super(`${path}: expected a PEM file that this process may read, but ${reason}`, { facts: { path, reason } });
  }
}

/** Thrown when a file of TLS does not hold what it should. Maps to FAILED_PRECONDITION. */
export class TlsFileInvalidError extends AppError {
  readonly code = 'TLS_FILE_INVALID';
  readonly status = 'FAILED_PRECONDITION';

  constructor(path: string, expected: string, reason: string) {
    super(`${path}: expected ${expected} in PEM, but ${reason}`, { facts: { path, reason } });
  }
}

/** Thrown when a certificate is not valid now. Maps to FAILED_PRECONDITION. */
export class TlsCertificateExpiredError extends AppError {
  readonly code = 'TLS_CERTIFICATE_EXPIRED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(path: string, validity: { readonly from: string; readonly to: string }) {
    super(
      `${path}: expected a certificate that is valid now, got one that is valid from ${validity.from} to ${validity.to}. Renew it, or set this machine's clock.`,
      { facts: { path, ...validity } },
    );
  }
}

/** Thrown when a private key is not that of the certificate. Maps to FAILED_PRECONDITION. */
export class TlsPairMismatchError extends AppError {
  readonly code = 'TLS_PAIR_MISMATCH';
  readonly status = 'FAILED_PRECONDITION';

  constructor(certPath: string, keyPath: string) {
    super(`${keyPath}: expected the private key of the first certificate in ${certPath}, got another key`, {
      facts: { certPath, keyPath },
    });
  }
}
