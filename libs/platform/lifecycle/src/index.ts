/** @file The life of a service process, from configuration to exit. */
export type { HttpPort } from './http-port.js';
export { JsonLog } from './json-log.js';
export { Lifecycle, type LifecycleState } from './lifecycle-state.js';
export { runService, type ServiceDefinition, type ServicePort } from './run-service.js';
