// From proto/metaapo/policy/v1/policy.proto

import type { AdapterKind as _metaapo_policy_v1_AdapterKind, AdapterKind__Output as _metaapo_policy_v1_AdapterKind__Output } from '../../../metaapo/policy/v1/AdapterKind.js';

/**
 * Describes an adapter; its digest covers this and the tensors.
 */
export interface AdapterSpec {
  /**
   * Required. How the tensors change the base.
   */
  'kind'?: (_metaapo_policy_v1_AdapterKind);
  /**
   * Rank of the low-rank update, in [1, 1024]. Only for `ADAPTER_KIND_LORA`.
   */
  'rank'?: (number);
  /**
   * PEFT's `lora_alpha`; the update is scaled by alpha / rank, or alpha / sqrt(rank) with `rank_stabilized`. Range (0, ∞).
   */
  'alpha'?: (number | string);
  /**
   * True for rsLoRA scaling. Default false.
   */
  'rankStabilized'?: (boolean);
  /**
   * Module suffixes that carry an update, for instance `q_proj`, sorted. Only for `ADAPTER_KIND_LORA`.
   */
  'targetModules'?: (string)[];
}

/**
 * Describes an adapter; its digest covers this and the tensors.
 */
export interface AdapterSpec__Output {
  /**
   * Required. How the tensors change the base.
   */
  'kind': (_metaapo_policy_v1_AdapterKind__Output);
  /**
   * Rank of the low-rank update, in [1, 1024]. Only for `ADAPTER_KIND_LORA`.
   */
  'rank': (number);
  /**
   * PEFT's `lora_alpha`; the update is scaled by alpha / rank, or alpha / sqrt(rank) with `rank_stabilized`. Range (0, ∞).
   */
  'alpha': (number);
  /**
   * True for rsLoRA scaling. Default false.
   */
  'rankStabilized': (boolean);
  /**
   * Module suffixes that carry an update, for instance `q_proj`, sorted. Only for `ADAPTER_KIND_LORA`.
   */
  'targetModules': (string)[];
}
