/**
 * @file The messages of `google.rpc` that carry error details, declared through protobufjs reflection.
 *
 * Field numbers as in googleapis' `google/rpc/status.proto` and `google/rpc/error_details.proto`; only what we send or
 * read. They stand here and not in `proto/`, because they are no part of our contract: they travel as bytes in the
 * trailer `grpc-status-details-bin`.
 */
import protobuf from 'protobufjs';
import type { SecondsAndNanos } from './durations.js';

const DECLARATIONS = {
  nested: {
    google: {
      nested: {
        protobuf: {
          nested: {
            Any: { fields: { typeUrl: { id: 1, type: 'string' }, value: { id: 2, type: 'bytes' } } },
            Duration: { fields: { seconds: { id: 1, type: 'int64' }, nanos: { id: 2, type: 'int32' } } },
          },
        },
        rpc: {
          nested: {
            Status: {
              fields: {
                code: { id: 1, type: 'int32' },
                message: { id: 2, type: 'string' },
                details: { id: 3, type: 'google.protobuf.Any', rule: 'repeated' },
              },
            },
            ErrorInfo: {
              fields: {
                reason: { id: 1, type: 'string' },
                domain: { id: 2, type: 'string' },
                metadata: { id: 3, type: 'string', keyType: 'string' },
              },
            },
            RetryInfo: { fields: { retryDelay: { id: 1, type: 'google.protobuf.Duration' } } },
            BadRequest: {
              fields: { fieldViolations: { id: 1, type: 'FieldViolation', rule: 'repeated' } },
              nested: {
                FieldViolation: {
                  fields: { field: { id: 1, type: 'string' }, description: { id: 2, type: 'string' } },
                },
              },
            },
          },
        },
      },
    },
  },
};

// The declared type of protobufjs's JSON form lacks map fields, which it reads well.
const root = protobuf.Root.fromJSON(DECLARATIONS as protobuf.INamespace);

/** `google.rpc.Status`, its details not yet opened. */
export interface RpcStatus {
  readonly code: number;
  readonly message: string;
  readonly details: readonly { readonly typeUrl: string; readonly value: Uint8Array }[];
}

export interface ErrorInfo {
  readonly reason: string;
  readonly domain: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface RetryInfo {
  readonly retryDelay: SecondsAndNanos | null;
}

export interface BadRequest {
  readonly fieldViolations: readonly { readonly field: string; readonly description: string }[];
}

/** Full message name → its shape. */
interface Messages {
  'google.rpc.Status': RpcStatus;
  'google.rpc.ErrorInfo': ErrorInfo;
  'google.rpc.RetryInfo': RetryInfo;
  'google.rpc.BadRequest': BadRequest;
}

/** Message to bytes. */
export function encode<Name extends keyof Messages>(name: Name, message: Messages[Name]): Uint8Array {
  const type = root.lookupType(name);
  return type.encode(type.fromObject(message)).finish();
}

/** Bytes to message; unset fields get their defaults. Throws on malformed bytes. */
export function decode<Name extends keyof Messages>(name: Name, bytes: Uint8Array): Messages[Name] {
  const type = root.lookupType(name);
  return type.toObject(type.decode(bytes), {
    defaults: true,
    longs: String,
    arrays: true,
    objects: true,
  }) as Messages[Name];
}
