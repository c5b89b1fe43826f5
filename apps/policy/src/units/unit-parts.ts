/** @file What every kind of unit needs in order to run; one set per process. */
import type { Clock } from '#core';
import type { PolicyEngine } from '#ml/engine';
import type { ChatTokenizer } from '#ml/tokenizer';
import type { ItemEncoder } from '../encoding/item-encoder.js';
import type { UnitRunner } from './unit-runner.js';

/** Limits of this server; what exceeds them is refused, never cut. */
export interface UnitLimits {
  readonly unitItemsMax: number;
  readonly samplesPerPromptMax: number;
  readonly contextTokensMax: number;
}

export interface UnitParts {
  readonly engine: PolicyEngine;
  readonly tokenizer: ChatTokenizer;
  readonly encoder: ItemEncoder;
  readonly runner: UnitRunner;
  readonly clock: Clock;
  readonly limits: UnitLimits;
}
