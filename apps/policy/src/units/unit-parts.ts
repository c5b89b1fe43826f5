/** @file What every kind of unit needs in order to run; one set per process. */
import type { Clock } from '#core';
import type { PolicyEngine, UnitOptions } from '#ml/engine';
import type { ChatTokenizer } from '#ml/tokenizer';
import type { CallContext } from '#platform/rpc';
import { currentTraceparent } from '#platform/telemetry';
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

/** What the engine needs to know of the call that a unit answers; taken inside the span that the unit belongs to. */
export function unitOptions({ signal, traceparent: callers }: CallContext): UnitOptions {
  const traceparent = currentTraceparent() ?? callers;
  return { signal, ...(traceparent !== undefined && { traceparent }) };
}
