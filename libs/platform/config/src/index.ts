/** @file Typed configuration from environment variables, with every problem reported at once. */
export { allocatorEnvironment } from './allocator-environment.js';
export { childEnvironment } from './child-environment.js';
export { EnvironmentInvalidError, type ConfigProblem } from './config.errors.js';
export { HUB_VARIABLES } from './hub-variables.js';
export { loadConfig, type ConfigOf, type ConfigShape, type Environment } from './load-config.js';
export { environmentSecret } from './secret.js';
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
