// From proto/metaapo/policy/v1/policy.proto

import type { Adapter as _metaapo_policy_v1_Adapter, Adapter__Output as _metaapo_policy_v1_Adapter__Output } from '../../../metaapo/policy/v1/Adapter.js';
import type { PolicyLimits as _metaapo_policy_v1_PolicyLimits, PolicyLimits__Output as _metaapo_policy_v1_PolicyLimits__Output } from '../../../metaapo/policy/v1/PolicyLimits.js';
import type { Tensor as _metaapo_common_v1_Tensor, Tensor__Output as _metaapo_common_v1_Tensor__Output } from '../../../metaapo/common/v1/Tensor.js';
import type { DecodeDivergence as _metaapo_policy_v1_DecodeDivergence, DecodeDivergence__Output as _metaapo_policy_v1_DecodeDivergence__Output } from '../../../metaapo/policy/v1/DecodeDivergence.js';

/**
 * Response of `GetPolicy`.
 */
export interface GetPolicyResponse {
  /**
   * Digest of the base weights and configuration, `sha256:` and 64 hexadecimal digits.
   */
  'baseDigest'?: (string);
  /**
   * Architecture as named in config.json, for instance `LlamaForCausalLM`.
   */
  'architecture'?: (string);
  /**
   * Digest of the tokenizer's files.
   */
  'tokenizerDigest'?: (string);
  /**
   * Digest of the chat template; empty when the model has none.
   */
  'chatTemplateDigest'?: (string);
  /**
   * Most positions the model was made for.
   */
  'contextTokensMax'?: (number);
  /**
   * ONNX Runtime execution provider in use, for instance `cpu`.
   */
  'executionProvider'?: (string);
  /**
   * Element type of the matrices in products, for instance `float32`; everything else is float32 always.
   */
  'dtype'?: (string);
  /**
   * Resident adapters, most recently used first.
   */
  'adapters'?: (_metaapo_policy_v1_Adapter)[];
  /**
   * Limits of this server.
   */
  'limits'?: (_metaapo_policy_v1_PolicyLimits | null);
  /**
   * Version of the service's software.
   */
  'serviceVersion'?: (string);
  /**
   * Names and shapes of the base's tensors, without data, in canonical order; what full training may change.
   */
  'baseTensors'?: (_metaapo_common_v1_Tensor)[];
  /**
   * Precision of the weights that tokens are drawn with: `float32` or `int8`. Scores and gradients do not depend on it.
   */
  'decodePrecision'?: (string);
  /**
   * Effect of int8 decoding, measured; absent before the first generation, and with float32.
   */
  'decodeDivergence'?: (_metaapo_policy_v1_DecodeDivergence | null);
}

/**
 * Response of `GetPolicy`.
 */
export interface GetPolicyResponse__Output {
  /**
   * Digest of the base weights and configuration, `sha256:` and 64 hexadecimal digits.
   */
  'baseDigest': (string);
  /**
   * Architecture as named in config.json, for instance `LlamaForCausalLM`.
   */
  'architecture': (string);
  /**
   * Digest of the tokenizer's files.
   */
  'tokenizerDigest': (string);
  /**
   * Digest of the chat template; empty when the model has none.
   */
  'chatTemplateDigest': (string);
  /**
   * Most positions the model was made for.
   */
  'contextTokensMax': (number);
  /**
   * ONNX Runtime execution provider in use, for instance `cpu`.
   */
  'executionProvider': (string);
  /**
   * Element type of the matrices in products, for instance `float32`; everything else is float32 always.
   */
  'dtype': (string);
  /**
   * Resident adapters, most recently used first.
   */
  'adapters': (_metaapo_policy_v1_Adapter__Output)[];
  /**
   * Limits of this server.
   */
  'limits': (_metaapo_policy_v1_PolicyLimits__Output | null);
  /**
   * Version of the service's software.
   */
  'serviceVersion': (string);
  /**
   * Names and shapes of the base's tensors, without data, in canonical order; what full training may change.
   */
  'baseTensors': (_metaapo_common_v1_Tensor__Output)[];
  /**
   * Precision of the weights that tokens are drawn with: `float32` or `int8`. Scores and gradients do not depend on it.
   */
  'decodePrecision': (string);
  /**
   * Effect of int8 decoding, measured; absent before the first generation, and with float32.
   */
  'decodeDivergence': (_metaapo_policy_v1_DecodeDivergence__Output | null);
}
