/** @file gRPC server reflection (v1 and v1alpha) for the services of a port, health and reflection itself included. */
import type * as grpc from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { contract, type ServiceName } from '#contracts';

/** Adds the reflection services to a server. */
export function addReflection(server: grpc.Server, services: readonly ServiceName[]): void {
  new ReflectionService(contract(), { services: [...services] }).addToServer(server);
}
