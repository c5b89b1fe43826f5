/** @file `RewardAdminService` on its own port: the calls that will swap reward models, each refused by name today. */
import { Controller } from '@nestjs/common';
import { Rpc } from '#platform/rpc';
import { RewardLifecycleUnimplementedError } from './domain/reward.errors.js';

const SERVICE = 'metaapo.reward.v1.RewardAdminService';

@Controller()
export class RewardAdminController {
  @Rpc(SERVICE, 'StageRewardModel')
  stageRewardModel(): never {
    throw new RewardLifecycleUnimplementedError('StageRewardModel');
  }

  @Rpc(SERVICE, 'StartShadow')
  startShadow(): never {
    throw new RewardLifecycleUnimplementedError('StartShadow');
  }

  @Rpc(SERVICE, 'GetSwapReport')
  getSwapReport(): never {
    throw new RewardLifecycleUnimplementedError('GetSwapReport');
  }

  @Rpc(SERVICE, 'PromoteRewardModel')
  promoteRewardModel(): never {
    throw new RewardLifecycleUnimplementedError('PromoteRewardModel');
  }

  @Rpc(SERVICE, 'RollbackRewardModel')
  rollbackRewardModel(): never {
    throw new RewardLifecycleUnimplementedError('RollbackRewardModel');
  }

  @Rpc(SERVICE, 'RetireRewardModel')
  retireRewardModel(): never {
    throw new RewardLifecycleUnimplementedError('RetireRewardModel');
  }
}
