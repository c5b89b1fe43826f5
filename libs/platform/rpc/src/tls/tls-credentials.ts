/**
 * @file Certificate files as grpc-js takes them, on both sides.
 *
 * grpc-js 1.14 has a provider of its own that watches files, but it drops every connection while a pair is half written,
 * and checks nothing. Its two base classes have the seams that are needed: a server's context may be exchanged while it
 * listens, and a channel asks for a connector whenever it connects.
 */
import * as grpc from '@grpc/grpc-js';
import { TlsFiles } from './tls-files.js';
import type { TlsPaths } from './tls-material.js';

/** How a client recognises the other side, and shows itself. */
export interface ClientTls {
  /** Authorities of servers; with certificate and key also who we are. */
  readonly files: TlsFiles;
  /** Name that servers' certificates must bear. @default the host of the address */
  readonly serverName?: string | undefined;
}

/** Opens what a client is configured with, if it is. @throws AppError naming the file that cannot be used */
export function openClientTls(
  paths: (TlsPaths & { readonly serverName?: string | undefined }) | undefined,
): ClientTls | undefined {
  if (paths === undefined) return undefined;
  const { serverName, ...files } = paths;
  return { files: TlsFiles.open(files), serverName };
}

/** Serves with whatever the files hold when a connection comes in; with an authority, callers must show a certificate. */
export class TlsServerCredentials extends grpc.ServerCredentials {
  constructor(files: TlsFiles) {
    const isMutual = files.paths.caPath !== undefined;
    super({ requestCert: isMutual, rejectUnauthorized: isMutual }, files.secureContext());
    files.onExchange(() => this.updateSecureContextOptions(files.secureContext()));
  }

  override _equals(other: grpc.ServerCredentials): boolean {
    return other === this;
  }
}

type Connector = ReturnType<grpc.ChannelCredentials['_createSecureConnector']>;

/** Connects with whatever the files hold then. */
export class TlsChannelCredentials extends grpc.ChannelCredentials {
  private inner: grpc.ChannelCredentials;

  constructor(files: TlsFiles) {
    super();
    this.inner = innerOf(files);
    files.onExchange(() => (this.inner = innerOf(files)));
  }

  override _isSecure(): boolean {
    return true;
  }

  override _equals(other: grpc.ChannelCredentials): boolean {
    return other === this;
  }

  override _createSecureConnector(...args: Parameters<grpc.ChannelCredentials['_createSecureConnector']>): Connector {
    const first = this.inner._createSecureConnector(...args);
    return {
      connect: (socket) => this.inner._createSecureConnector(...args).connect(socket),
      waitForReady: () => first.waitForReady(),
      getCallCredentials: () => first.getCallCredentials(),
      destroy: () => first.destroy(),
    };
  }
}

function innerOf(files: TlsFiles): grpc.ChannelCredentials {
  const { ca = null, key = null, cert = null } = files.current;
  return grpc.credentials.createSsl(ca, key, cert);
}

const channelCredentials = new WeakMap<TlsFiles, TlsChannelCredentials>();

/** One per set of files, so that clients of one address share a connection, as they do without TLS. */
export function channelCredentialsOf(files: TlsFiles): TlsChannelCredentials {
  const known = channelCredentials.get(files);
  if (known) return known;
  const made = new TlsChannelCredentials(files);
  channelCredentials.set(files, made);
  return made;
}
