/** @file What `GetPolicy` tells of the loaded model, the engine and the limits. */
import type { GetPolicyResponse, PolicyLimits } from '#contracts/policy';
import { toAdapter } from './adapters/adapter.mapper.js';
import type { UnitParts } from './units/unit-parts.js';

export interface PolicyDescriptionOptions {
  readonly messageBytesMax: number;
  readonly queueUnitsMax: number;
  readonly serviceVersion: string;
}

export class PolicyDescription {
  readonly #parts: UnitParts;
  readonly #limits: PolicyLimits;
  readonly #serviceVersion: string;

  constructor(parts: UnitParts, { messageBytesMax, queueUnitsMax, serviceVersion }: PolicyDescriptionOptions) {
    this.#parts = parts;
    this.#limits = { ...parts.limits, messageBytesMax, queueUnitsMax };
    this.#serviceVersion = serviceVersion;
  }

  describe(): GetPolicyResponse {
    const { engine, tokenizer } = this.#parts;
    const { description } = engine;
    return {
      baseDigest: description.baseDigest,
      architecture: description.architecture,
      tokenizerDigest: tokenizer.tokenizerDigest,
      chatTemplateDigest: tokenizer.templateDigest ?? '',
      contextTokensMax: description.contextTokensMax,
      executionProvider: description.executionProvider,
      dtype: description.dtype,
      decodePrecision: description.decodePrecision,
      decodeDivergence: engine.decodeDivergence(),
      adapters: engine.listAdapters().map(toAdapter),
      limits: this.#limits,
      serviceVersion: this.#serviceVersion,
      baseTensors: description.baseTensors.map(({ name, dims }) => ({ name, dtype: 'DATA_TYPE_F32', dims: [...dims] })),
    };
  }
}
