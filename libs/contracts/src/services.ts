/** @file The services by full name, with what a caller and a server need to know of their types. */
import type { GRPCInferenceServiceDefinition, GRPCInferenceServiceHandlers } from './gen/inference/index.js';
import type { MetaLearnerServiceDefinition, MetaLearnerServiceHandlers } from './gen/metaapo/metalearner/v1/index.js';
import type {
  PolicyAdminServiceDefinition,
  PolicyAdminServiceHandlers,
  PolicyServiceDefinition,
  PolicyServiceHandlers,
} from './gen/metaapo/policy/v1/index.js';
import type {
  RewardAdminServiceDefinition,
  RewardAdminServiceHandlers,
  RewardServiceDefinition,
  RewardServiceHandlers,
} from './gen/metaapo/reward/v1/index.js';
import type { TrainerServiceDefinition, TrainerServiceHandlers } from './gen/metaapo/trainer/v1/index.js';

/** Full service name → its generated definition (message types) and handlers (kinds of streaming). */
export interface ContractServices {
  readonly 'metaapo.policy.v1.PolicyService': {
    definition: PolicyServiceDefinition;
    handlers: PolicyServiceHandlers;
  };
  readonly 'metaapo.policy.v1.PolicyAdminService': {
    definition: PolicyAdminServiceDefinition;
    handlers: PolicyAdminServiceHandlers;
  };
  readonly 'metaapo.reward.v1.RewardService': {
    definition: RewardServiceDefinition;
    handlers: RewardServiceHandlers;
  };
  readonly 'metaapo.reward.v1.RewardAdminService': {
    definition: RewardAdminServiceDefinition;
    handlers: RewardAdminServiceHandlers;
  };
  readonly 'metaapo.metalearner.v1.MetaLearnerService': {
    definition: MetaLearnerServiceDefinition;
    handlers: MetaLearnerServiceHandlers;
  };
  readonly 'metaapo.trainer.v1.TrainerService': {
    definition: TrainerServiceDefinition;
    handlers: TrainerServiceHandlers;
  };
  readonly 'inference.GRPCInferenceService': {
    definition: GRPCInferenceServiceDefinition;
    handlers: GRPCInferenceServiceHandlers;
  };
}

/** Full name of a service of the contract. */
export type ServiceName = keyof ContractServices;
