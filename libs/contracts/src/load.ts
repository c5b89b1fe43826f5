/**
 * @file Loads the wire contract: the `.proto` files at run time, as the objects that grpc-js takes.
 *
 * The types in `gen/` are generated from the same files (`npm run gen`); the options below decide their shape and must
 * stay equal to the flags in `scripts/gen.mjs`.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { installationRoot } from '#core';

/** 64-bit integers as decimal strings, enums by name, unset messages null, oneofs named. */
const LOADER_OPTIONS = {
  keepCase: false,
  longs: String,
  enums: String,
  defaults: true,
  arrays: true,
  objects: true,
  oneofs: true,
} as const;

/** The folder `proto/` of this installation. */
export function protoRoot(): string {
  return join(installationRoot(), 'proto');
}

/** Paths of all `.proto` files, relative to `protoRoot()`, sorted. */
export function protoFiles(): string[] {
  return readdirSync(protoRoot(), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.proto'))
    .sort();
}

let loaded: PackageDefinition | undefined;

/** Every service and message of the contract by full name, for instance `metaapo.policy.v1.PolicyService`. */
export function contract(): PackageDefinition {
  loaded ??= loadSync(protoFiles(), { ...LOADER_OPTIONS, includeDirs: [protoRoot()] });
  return loaded;
}
