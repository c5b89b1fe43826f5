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
   * Modules that carry an update, sorted: full names (`model.layers.0.mlp.up_proj`) or the end of a name behind a dot
   * (`up_proj`), as in a list of PEFT's target_modules. No patterns. Only for `ADAPTER_KIND_LORA`.
   */
  'targetModules'?: (string)[];
  /**
   * Ranks of the modules whose rank is not `rank`, by module, named as in `target_modules`. Each names a target, no
   * target twice.
   */
  'rankByModule'?: ({[key: string]: number});
  /**
   * Alphas of the modules whose alpha is not `alpha`, likewise.
   */
  'alphaByModule'?: ({[key: string]: number | string});
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
   * Modules that carry an update, sorted: full names (`model.layers.0.mlp.up_proj`) or the end of a name behind a dot
   * (`up_proj`), as in a list of PEFT's target_modules. No patterns. Only for `ADAPTER_KIND_LORA`.
   */
  'targetModules': (string)[];
  /**
   * Ranks of the modules whose rank is not `rank`, by module, named as in `target_modules`. Each names a target, no
   * target twice.
   */
  'rankByModule': ({[key: string]: number});
  /**
   * Alphas of the modules whose alpha is not `alpha`, likewise.
   */
  'alphaByModule': ({[key: string]: number});
}
