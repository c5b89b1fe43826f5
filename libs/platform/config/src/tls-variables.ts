/** @file The variables of TLS: what a port serves with, and how a client recognises whom it calls. Absent, all is plaintext. */
import { EnvironmentInvalidError } from './config.errors.js';
import { optional, pathVariable, textVariable, type Variable } from './variable.js';

/** Files that a port serves with. */
export interface ServerTlsPaths {
  readonly certPath: string;
  readonly keyPath: string;
  /** Authorities of callers, who must show a certificate then. */
  readonly caPath?: string;
}

/** Files that a client connects with. */
export interface ClientTlsPaths {
  /** Authorities of servers. */
  readonly caPath: string;
  readonly certPath?: string;
  readonly keyPath?: string;
  /** Name that the server's certificate must bear, where it is not the address's host. */
  readonly serverName?: string;
}

/** What the configuration of a port may say. */
export interface ServerTlsConfig {
  readonly tlsCertPath: string | undefined;
  readonly tlsKeyPath: string | undefined;
  readonly tlsClientCaPath: string | undefined;
}

type Optional = Variable<string | undefined>;

/** Variables of a port, for instance with the prefix `REWARD` or `REWARD_ADMIN`. */
export function serverTlsVariables(
  prefix: string,
  port = 'the port',
): { readonly [Field in keyof ServerTlsConfig]: Optional } {
  return {
    tlsCertPath: file(
      `${prefix}_TLS_CERT_PATH`,
      `Certificate chain of ${port}, PEM; with the key it turns TLS on.`,
      'tls.crt',
    ),
    tlsKeyPath: file(`${prefix}_TLS_KEY_PATH`, `Private key of ${port}, PEM, not encrypted.`, 'tls.key'),
    tlsClientCaPath: file(
      `${prefix}_TLS_CLIENT_CA_PATH`,
      `Authorities of callers of ${port}, PEM; set, callers must show a certificate (mutual TLS).`,
      'ca.crt',
    ),
  };
}

type ClientField = 'TlsCaPath' | 'TlsCertPath' | 'TlsKeyPath' | 'TlsServerName';

/** Variables of a client, for instance with the prefix `TRAINER_REWARD` and fields that begin with `reward`. */
export function clientTlsVariables<const F extends string>(
  prefix: string,
  field: F,
  whom: string,
): { readonly [Field in `${F}${ClientField}`]: Optional } {
  return {
    [`${field}TlsCaPath`]: file(
      `${prefix}_TLS_CA_PATH`,
      `Authorities of ${whom}, PEM; set, it is called over TLS.`,
      'ca.crt',
    ),
    [`${field}TlsCertPath`]: file(`${prefix}_TLS_CERT_PATH`, `Certificate chain shown to ${whom}, PEM.`, 'tls.crt'),
    [`${field}TlsKeyPath`]: file(`${prefix}_TLS_KEY_PATH`, `Private key of that certificate, PEM.`, 'tls.key'),
    [`${field}TlsServerName`]: optional(
      textVariable({
        name: `${prefix}_TLS_SERVER_NAME`,
        description: `Name that the certificate of ${whom} must bear; absent: the host of the address.`,
        example: 'reward.example.org',
      }),
    ),
  } as { readonly [Field in `${F}${ClientField}`]: Optional };
}

function file(name: string, description: string, example: string): Optional {
  return optional(pathVariable({ name, description, example: `/etc/tls/${example}` }));
}

/** What the configuration of an admin port may say. */
export interface AdminTlsConfig {
  readonly adminTlsCertPath: string | undefined;
  readonly adminTlsKeyPath: string | undefined;
  readonly adminTlsClientCaPath: string | undefined;
}

/** Variables of an admin port; where none is set it serves as the main port does. */
export function adminTlsVariables(prefix: string): { readonly [Field in keyof AdminTlsConfig]: Optional } {
  const { tlsCertPath, tlsKeyPath, tlsClientCaPath } = serverTlsVariables(`${prefix}_ADMIN`, 'the admin port');
  return { adminTlsCertPath: tlsCertPath, adminTlsKeyPath: tlsKeyPath, adminTlsClientCaPath: tlsClientCaPath };
}

/** The files of an admin port, if it has any of its own. @throws EnvironmentInvalidError where one of a pair is missing */
export function adminTls(prefix: string, config: AdminTlsConfig): ServerTlsPaths | undefined {
  return serverTls(`${prefix}_ADMIN`, {
    tlsCertPath: config.adminTlsCertPath,
    tlsKeyPath: config.adminTlsKeyPath,
    tlsClientCaPath: config.adminTlsClientCaPath,
  });
}

/** The files of a port, if it has any. @throws EnvironmentInvalidError where one of a pair is missing */
export function serverTls(
  prefix: string,
  { tlsCertPath: certPath, tlsKeyPath: keyPath, tlsClientCaPath: caPath }: ServerTlsConfig,
): ServerTlsPaths | undefined {
  const [cert, key, ca] = [`${prefix}_TLS_CERT_PATH`, `${prefix}_TLS_KEY_PATH`, `${prefix}_TLS_CLIENT_CA_PATH`];
  if (certPath === undefined && keyPath === undefined && caPath === undefined) return undefined;
  if (certPath === undefined) throw missing(cert, [keyPath === undefined ? ca : key]);
  if (keyPath === undefined) throw missing(key, [cert]);
  return { certPath, keyPath, ...(caPath !== undefined && { caPath }) };
}

/** The files of a client, if it has any. @throws EnvironmentInvalidError where one is missing */
export function clientTls<F extends string>(
  prefix: string,
  field: F,
  config: { readonly [Field in `${F}${ClientField}`]: string | undefined },
): ClientTlsPaths | undefined {
  const of = (name: ClientField): string | undefined => config[`${field}${name}`];
  const { caPath, certPath, keyPath, serverName } = {
    caPath: of('TlsCaPath'),
    certPath: of('TlsCertPath'),
    keyPath: of('TlsKeyPath'),
    serverName: of('TlsServerName'),
  };
  const [ca, cert, key] = [`${prefix}_TLS_CA_PATH`, `${prefix}_TLS_CERT_PATH`, `${prefix}_TLS_KEY_PATH`];
  if (certPath === undefined && keyPath !== undefined) throw missing(cert, [key]);
  if (keyPath === undefined && certPath !== undefined) throw missing(key, [cert]);
  if (caPath === undefined) {
    if (certPath !== undefined) throw missing(ca, [cert]);
    return undefined;
  }
  return {
    caPath,
    ...(certPath !== undefined && keyPath !== undefined && { certPath, keyPath }),
    ...(serverName !== undefined && { serverName }),
  };
}

function missing(variable: string, because: readonly string[]): EnvironmentInvalidError {
  const rule = `a path, since ${because.join(' and ')} is set`;
  return new EnvironmentInvalidError([
    { variable, value: undefined, rule, example: '/etc/tls/tls.crt', detail: undefined },
  ]);
}
