/** @file The variables of the reward models' lifecycle. */
import { z } from 'zod';
import { choiceVariable, integerVariable, jsonVariable, optional, pathVariable } from '#platform/config';
import type { SwapLimits } from './domain/lifecycle/swap-limits.js';

const share = z.number().min(0).max(1).optional();

const swapLimits: z.ZodType<SwapLimits> = z.strictObject({
  pair_flip_max: share,
  best_of_k_change_max: share,
  spearman_min: z.number().min(-1).max(1).optional(),
  items_min: z.number().int().min(1).optional(),
});

export const LIFECYCLE_VARIABLES = {
  statePath: optional(
    pathVariable({
      name: 'REWARD_STATE_PATH',
      description:
        'File that keeps epochs, staged and warm models and their history beyond a restart; absent, they end with the process.',
      example: '/var/lib/metaapo/reward-state.json',
    }),
  ),
  swapLimits: jsonVariable({
    name: 'REWARD_SWAP_LIMITS',
    description: 'What the last report of a staged model has to keep before it may be promoted unforced.',
    default: '{}',
    rule: 'JSON object with any of pair_flip_max, best_of_k_change_max (0 to 1), spearman_min (-1 to 1), items_min (at least 1)',
    example: '{"pair_flip_max":0.1,"spearman_min":0.8,"items_min":200}',
    schema: swapLimits,
  }),
  warmModelsMax: integerVariable({
    name: 'REWARD_WARM_MODELS_MAX',
    description: 'Most earlier models of a name that stay loaded beside the one in service; the oldest beyond go.',
    default: '2',
    min: 1,
    max: 64,
  }),
  changedModels: choiceVariable({
    name: 'REWARD_CHANGED_MODELS',
    description:
      'At start, when the files of the model in service are not those that its epoch stands for: refuse to start, or serve them under the next epoch.',
    choices: ['refuse', 'promote'],
    default: 'refuse',
  }),
};
