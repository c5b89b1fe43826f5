/**
 * @file The certificates that services named by address are called with. Services that a command starts itself listen on
 * loopback and are called in plaintext, unless their own variables say otherwise.
 */
import { clientTls, clientTlsVariables, loadConfig } from '#platform/config';
import { openClientTls, type ClientTls } from '#platform/rpc';

const PREFIX = 'METAAPO';

/** In the help of the commands that call such services. */
export const REMOTE_TLS_VARIABLES = clientTlsVariables(PREFIX, 'remote', 'services named by address');

let opened: { readonly tls: ClientTls | undefined } | undefined;

/** Opened once. @throws EnvironmentInvalidError where a path is missing; AppError naming the file that cannot be used */
export function remoteTls(): ClientTls | undefined {
  opened ??= { tls: openClientTls(clientTls(PREFIX, 'remote', loadConfig(REMOTE_TLS_VARIABLES))) };
  return opened.tls;
}
