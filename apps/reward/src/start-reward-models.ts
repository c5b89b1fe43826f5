/** @file From configuration to loaded reward models and their lifecycle. */
import { installedVersion, systemClock } from '#core';
import { JsonLog } from '#platform/lifecycle';
import { count, setGauge } from '#platform/telemetry';
import type { RewardConfig } from './config.js';
import { openLifecycle } from './domain/lifecycle/open-lifecycle.js';
import type { ChangeListener } from './domain/lifecycle/changes.js';
import type { RewardLifecycle } from './domain/lifecycle/reward-lifecycle.js';
import { liveEpoch } from './domain/lifecycle/slots.js';
import { parseBackendSpec } from './parse-backend-spec.js';
import { StateFile } from './storage/state-file.js';

type ModelsConfig = Pick<
  RewardConfig,
  | 'models'
  | 'backendTimeoutMs'
  | 'loadTimeoutMs'
  | 'queueResponsesMax'
  | 'batching'
  | 'batchTokensMax'
  | 'batchWaitMs'
  | 'statePath'
  | 'swapLimits'
  | 'warmModelsMax'
  | 'changedModels'
>;

/**
 * @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`) when one of the models cannot be loaded
 * @throws RewardModelChangedError (`REWARD_MODEL_CHANGED`) when one is not what its epoch stands for
 * @throws RewardStateUnusableError (`REWARD_STATE_UNUSABLE`)
 */
export function startRewardModels(config: ModelsConfig): Promise<RewardLifecycle> {
  const { models, backendTimeoutMs, loadTimeoutMs, queueResponsesMax, statePath } = config;
  const { batching: mode, batchTokensMax: tokensMax, batchWaitMs: waitMs } = config;
  const log = new JsonLog('reward');
  const onChange: ChangeListener = ({ slots }, events) => {
    const { rewardModel } = slots;
    setGauge('rewardEpoch', liveEpoch(slots).epoch, { rewardModel });
    for (const { kind, epoch, weightsDigest, requester, reason } of events) {
      count('rewardSwaps', 1, { rewardModel, outcome: kind });
      log.log(`${rewardModel}: ${kind}`, { epoch, weightsDigest, requester, reason }, 'lifecycle');
    }
  };
  if (statePath === undefined) {
    log.log(
      'epochs, staged and warm models are in memory only and end with the process: REWARD_STATE_PATH keeps them',
      'lifecycle',
    );
  } else log.log(`epochs, staged and warm models outlive the process, in ${statePath}`, 'lifecycle');
  return openLifecycle(models, {
    timeoutMs: backendTimeoutMs,
    loadTimeoutMs,
    queueResponsesMax,
    batching: { mode, tokensMax, waitMs },
    serviceVersion: installedVersion(),
    clock: systemClock,
    parseSpec: parseBackendSpec,
    limits: config.swapLimits,
    warmModelsMax: config.warmModelsMax,
    changedModels: config.changedModels,
    store: statePath === undefined ? undefined : new StateFile(statePath),
    onChange,
    onLost: (rewardModel, reason) => log.warn(`${rewardModel}: a model is lost: ${reason}`, 'lifecycle'),
    onShadowResponse: (rewardModel, outcome) => count('shadowResponses', 1, { rewardModel, outcome }),
  });
}
