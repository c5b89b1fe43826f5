/**
 * @file One gradient unit: encode every item, compute loss and gradient over all of them, stream statistics and then the
 * tensors.
 *
 * An item that cannot be encoded fails the call: a gradient over fewer items would be another gradient.
 */
import type {
  ComputeGradientRequest__Output,
  ComputeGradientResponse,
  GradientItem__Output,
  GradientSummary,
  ItemStatistics,
  PreferencePair__Output,
} from '#contracts/policy';
import { AppError, present } from '#core';
import type { GradientResult, GradientUnit, RowStatistics, TokenPair, TokenSequence } from '#ml/engine';
import { toTiming, type CallContext, type TimingMs } from '#platform/rpc';
import { withSpan } from '#platform/telemetry';
import type { ItemEncoder } from '../encoding/item-encoder.js';
import { EventLoopShare } from '../units/event-loop-share.js';
import type { UnitParts } from '../units/unit-parts.js';
import { gradientChunks } from './gradient-chunks.js';
import { checkGradientRequest } from './gradient-request.js';
import { ItemInvalidError } from './gradient.errors.js';

type GradientRow = GradientUnit['rows'][number];

export class Gradients {
  readonly #parts: UnitParts;

  constructor(parts: UnitParts) {
    this.#parts = parts;
  }

  /**
   * @throws `REQUEST_INVALID`, `OBJECTIVE_INVALID`, `POLICY_NOT_TRAINABLE`, `QUEUE_FULL`, `ADAPTER_NOT_RESIDENT`,
   *   `GRADIENT_NOT_FINITE`, and the reason of an item that cannot be encoded
   */
  async *compute(request: ComputeGradientRequest__Output, call: CallContext): AsyncGenerator<ComputeGradientResponse> {
    const { runner, clock, engine, limits } = this.#parts;
    const startMs = clock.monotonicMs();
    const settings = checkGradientRequest(request, limits.unitItemsMax);
    const attributes = { policy: settings.policy, itemCount: request.items.length };
    const { result, times } = await runner.run(
      { phase: 'gradient', itemCount: request.items.length, call },
      {
        prepare: () => this.#encode(request.items, call.signal),
        compute: (rows) =>
          withSpan('gradient', attributes, async (span) => {
            const computed = await engine.gradient({ ...settings, rows }, { signal: call.signal });
            span.set({ tokenCount: computed.tokenCount });
            return computed;
          }),
      },
    );
    const totalMs = clock.monotonicMs() - startMs;
    yield { summary: toSummary(request.items, result, { ...times, computeMs: result.computeMs, totalMs }) };
    yield* gradientChunks(result.gradients);
  }

  async #encode(items: readonly GradientItem__Output[], signal: AbortSignal): Promise<GradientRow[]> {
    const { encoder, clock } = this.#parts;
    const share = new EventLoopShare(clock, signal);
    const rows: GradientRow[] = [];
    for (const item of items) {
      rows.push(encodeRow(item, encoder));
      await share.pause();
    }
    return rows;
  }
}

function encodeRow(
  { itemId, prompt: promptMessage, offline, online }: GradientItem__Output,
  encoder: ItemEncoder,
): GradientRow {
  const encoded = (field: string, encode: () => TokenSequence): TokenSequence => {
    try {
      return encode();
    } catch (thrown) {
      throw thrown instanceof AppError ? new ItemInvalidError(itemId, field, thrown) : thrown;
    }
  };
  const prompt = encoded('prompt', () => encoder.prompt(promptMessage));
  const encodedPair = (field: string, { chosen, rejected }: PreferencePair__Output): TokenPair => ({
    chosen: encoded(`${field}.chosen`, () => encoder.response(chosen, prompt)),
    rejected: encoded(`${field}.rejected`, () => encoder.response(rejected, prompt)),
  });
  return {
    prompt,
    ...(offline && { offline: encodedPair('offline', offline) }),
    ...(online && { online: encodedPair('online', online) }),
  };
}

function toSummary(items: readonly GradientItem__Output[], result: GradientResult, times: TimingMs): GradientSummary {
  return {
    items: result.rows.map((row, index) => toStatistics(present(items[index], `item ${index}`).itemId, row)),
    lossSum: result.lossSum,
    tensors: [...result.gradients].map(([name, { dims }]) => ({ name, dtype: 'DATA_TYPE_F32', dims: [...dims] })),
    tokenCount: result.tokenCount,
    timing: toTiming(times),
  };
}

function toStatistics(itemId: string, row: RowStatistics): ItemStatistics {
  const { policyOffline, policyOnline, referenceOffline, referenceOnline, ellOff, ellOn, score, weight, loss } = row;
  return {
    itemId,
    policyOffline: policyOffline ?? null,
    policyOnline: policyOnline ?? null,
    referenceOffline: referenceOffline ?? null,
    referenceOnline: referenceOnline ?? null,
    ...(ellOff !== undefined && { ellOff }),
    ...(ellOn !== undefined && { ellOn }),
    ...(score !== undefined && { score }),
    weight,
    loss,
  };
}
