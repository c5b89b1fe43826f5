/** @file Typed configuration from environment variables, with every problem reported at once. */
export { allocatorEnvironment } from './allocator-environment.js';
export { childEnvironment } from './child-environment.js';
export { EnvironmentInvalidError, type ConfigProblem } from './config.errors.js';
export { HUB_VARIABLES } from './hub-variables.js';
export { loadConfig, type ConfigOf, type ConfigShape, type Environment } from './load-config.js';
export { environmentSecret } from './secret.js';
export {
  adminTls,
  adminTlsVariables,
  clientTls,
  clientTlsVariables,
  serverTls,
  serverTlsVariables,
  type AdminTlsConfig,
  type ClientTlsPaths,
  type ServerTlsConfig,
  type ServerTlsPaths,
} from './tls-variables.js';
export { adminAddressVariable, serviceVariables, type ServiceConfig } from './service-variables.js';
export {
  addressListVariable,
  addressVariable,
  bytesVariable,
  choiceVariable,
  commaListVariable,
  durationMsVariable,
  integerVariable,
  jsonVariable,
  numberVariable,
  optional,
  pathVariable,
  portVariable,
  replicaListVariable,
  textVariable,
  variable,
  type Variable,
  type VariableOptions,
} from './variable.js';
export { variablesTable } from './variables-table.js';
