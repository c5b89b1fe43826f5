/** @file gRPC server reflection (v1 and v1alpha) for the services of a port, health and reflection itself included. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as grpc from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath as healthProtoPath } from 'grpc-health-check';
import { protoFiles, protoRoot, type ServiceName } from '#contracts';
import { fileDescriptors, type ProtoFiles } from './file-descriptors.js';

/** Services that every port has. */
const COMMON_SERVICES = [
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
];

/** Where the `.proto` files of the common services lie, and under which names they are known everywhere. */
function commonProtoFiles(): ProtoFiles[] {
  const reflectionRoot = join(dirname(createRequire(import.meta.url).resolve('@grpc/reflection')), '../proto');
  const healthRoot = join(dirname(healthProtoPath), '../..');
  return [
    { root: reflectionRoot, paths: ['grpc/reflection/v1/reflection.proto'] },
    { root: reflectionRoot, paths: ['grpc/reflection/v1alpha/reflection.proto'] },
    { root: healthRoot, paths: ['health/v1/health.proto'] },
  ];
}

let described: PackageDefinition | undefined;

/** Descriptors of the whole contract, in the form that `@grpc/reflection` reads: it looks at nothing but these bytes. */
function describedContract(): PackageDefinition {
  if (described) return described;
  const sets = [{ root: protoRoot(), paths: protoFiles() }, ...commonProtoFiles()];
  const fileDescriptorProtos = [...new Map(sets.flatMap((set) => [...fileDescriptors(set)])).values()];
  described = { files: { format: 'Protocol Buffer 3 DescriptorProto', type: {}, fileDescriptorProtos } as never };
  return described;
}

/** Adds the reflection services to a server. */
export function addReflection(server: grpc.Server, services: readonly ServiceName[]): void {
  new ReflectionService(describedContract(), { services: [...services, ...COMMON_SERVICES] }).addToServer(server);
}
