/** @file The variables that every service has, under its own prefix. */
import { serverTlsVariables, type ServerTlsConfig } from './tls-variables.js';
import {
  addressVariable,
  bytesVariable,
  durationMsVariable,
  optional,
  portVariable,
  type Variable,
} from './variable.js';

/** Configuration that every service has; what `runService` reads. */
export interface ServiceConfig extends ServerTlsConfig {
  /** `host:port` to serve on; port 0 lets the system choose. */
  readonly address: string;
  /** How long calls in flight may go on after SIGTERM, in milliseconds. */
  readonly drainTimeoutMs: number;
  /** Largest message received or sent, in bytes. */
  readonly messageBytesMax: number;
  /** Port of the Prometheus endpoint and of the probes, on the host of `address`; 0 lets the system choose, absent switches it off. */
  readonly metricsPort: number | undefined;
}

export interface ServiceDefaults {
  readonly port: number;
  /** @default '64MiB': gradients and adapters */
  readonly messageBytesMax?: string;
}

/** The shape of `ServiceConfig` for a prefix such as `POLICY`. */
export function serviceVariables(
  prefix: string,
  defaults: ServiceDefaults,
): { readonly [Field in keyof ServiceConfig]: Variable<ServiceConfig[Field]> } {
  return {
    address: addressVariable({
      name: `${prefix}_ADDRESS`,
      description: 'Address to serve on; port 0 lets the system choose.',
      default: `127.0.0.1:${defaults.port}`,
    }),
    drainTimeoutMs: durationMsVariable({
      name: `${prefix}_DRAIN_TIMEOUT_MS`,
      description: 'How long calls in flight may go on after SIGTERM.',
      default: '20000',
    }),
    messageBytesMax: bytesVariable({
      name: `${prefix}_MESSAGE_BYTES_MAX`,
      description: 'Largest message received or sent.',
      default: defaults.messageBytesMax ?? '64MiB',
      min: 1024,
    }),
    metricsPort: optional(
      portVariable({
        name: `${prefix}_METRICS_PORT`,
        description:
          'Port of the Prometheus endpoint and of /readyz and /healthz, on the same host, always in plaintext; 0 lets the ' +
          'system choose, absent switches it off.',
        example: '9464',
      }),
    ),
    ...serverTlsVariables(prefix),
  };
}

/** The variable of the second, fenced port for services that have one. */
export function adminAddressVariable(prefix: string, defaults: { readonly port: number }): Variable<string> {
  return addressVariable({
    name: `${prefix}_ADMIN_ADDRESS`,
    description: 'Address to serve the admin service on; port 0 lets the system choose.',
    default: `127.0.0.1:${defaults.port}`,
  });
}
