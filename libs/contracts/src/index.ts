/** @file The wire contract. Message types come by package: `#contracts/policy`, `#contracts/reward`, and so on. */
export { contract, protoFiles, protoRoot } from './load.js';
export type { ContractServices, ServiceName } from './services.js';
