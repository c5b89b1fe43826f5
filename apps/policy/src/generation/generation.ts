/**
 * @file One generating unit: encode every prompt, sample for those that could be encoded, stream each sample as it
 * finishes.
 *
 * The call's signal and the reader's leaving both stop the engine before its next decode step. A reader that is slow
 * holds the engine back, because each sample is handed over before the next is asked for.
 */
import type {
  FinishReason,
  GenerateItem__Output,
  GenerateResponsesRequest__Output,
  GenerateResponsesResponse,
} from '#contracts/policy';
import { present, type AppError } from '#core';
import type { FinishReason as EngineFinishReason, GenerateUnit, GenerateUsage, GeneratedSample } from '#ml/engine';
import { toDuration, toItemStatus, toTiming, type CallContext } from '#platform/rpc';
import { outcomeOf } from '../encoding/outcome.js';
import { EventLoopShare } from '../units/event-loop-share.js';
import type { UnitParts } from '../units/unit-parts.js';
import type { UnitTimes } from '../units/unit-queue.js';
import { checkGenerateRequest, type GenerateSettings } from './generate-request.js';
import { Handover } from './handover.js';
import { recordGeneration } from './generation-telemetry.js';

const FINISH_REASONS: { readonly [R in EngineFinishReason]: FinishReason } = {
  stop_token: 'FINISH_REASON_STOP_TOKEN',
  stop_text: 'FINISH_REASON_STOP_TEXT',
  length: 'FINISH_REASON_LENGTH',
};

const NOTHING_GENERATED: GenerateUsage = {
  promptTokenCount: 0,
  newTokenCount: 0,
  decodeStepCount: 0,
  timeToFirstTokenMs: 0,
  computeMs: 0,
  segments: [],
};

interface EncodedPrompts {
  readonly rows: GenerateUnit['rows'];
  /** Item of each row. */
  readonly itemIds: readonly string[];
  readonly failures: readonly { readonly itemId: string; readonly error: AppError }[];
}

export class Generation {
  readonly #parts: UnitParts;

  constructor(parts: UnitParts) {
    this.#parts = parts;
  }

  /** @throws `REQUEST_INVALID`, `SAMPLING_INVALID`, `QUEUE_FULL`, `ADAPTER_NOT_RESIDENT` */
  async *generate(
    request: GenerateResponsesRequest__Output,
    call: CallContext,
  ): AsyncGenerator<GenerateResponsesResponse> {
    const { clock, limits } = this.#parts;
    const startMs = clock.monotonicMs();
    const settings = checkGenerateRequest(request, limits);
    const left = new AbortController();
    const watched = { ...call, signal: AbortSignal.any([call.signal, left.signal]) };
    const handover = new Handover<GenerateResponsesResponse>();
    const done = this.#run(request.items, settings, watched, handover).then(
      async ({ usage, times }) => {
        const totalMs = clock.monotonicMs() - startMs;
        await handover.give({ usage: toUsage(usage, { ...times, totalMs }) });
        handover.end();
      },
      (failure: unknown) => handover.fail(failure),
    );
    try {
      yield* handover;
    } finally {
      left.abort();
      await done;
    }
  }

  async #run(
    items: readonly GenerateItem__Output[],
    settings: GenerateSettings,
    call: CallContext,
    handover: Handover<GenerateResponsesResponse>,
  ): Promise<{ readonly usage: GenerateUsage; readonly times: UnitTimes }> {
    const { result, times } = await this.#parts.runner.run(
      { phase: 'generate', itemCount: items.length, call },
      {
        prepare: () => this.#encode(items, settings, call.signal),
        compute: async ({ rows, itemIds, failures }) => {
          // Not waited for: however slow the reader, the engine need not wait with it.
          for (const { itemId, error } of failures)
            void handover.give({ failure: { itemId, status: toItemStatus(error) } });
          if (rows.length === 0) return NOTHING_GENERATED;
          const unit = { ...settings, rows };
          const give = (sample: GeneratedSample) => handover.give(this.#toEvent(sample, itemIds));
          const usage = await this.#parts.engine.generate(unit, give, { signal: call.signal });
          recordGeneration(unit, usage);
          return usage;
        },
      },
    );
    return { usage: result, times };
  }

  async #encode(
    items: readonly GenerateItem__Output[],
    { sampling }: GenerateSettings,
    signal: AbortSignal,
  ): Promise<EncodedPrompts> {
    const { encoder, clock } = this.#parts;
    const share = new EventLoopShare(clock, signal);
    const rows: GenerateUnit['rows'][number][] = [];
    const itemIds: string[] = [];
    const failures: { itemId: string; error: AppError }[] = [];
    for (const { itemId, prompt, seed } of items) {
      const outcome = outcomeOf(() => encoder.prompt(prompt, sampling.maxNewTokens));
      if (outcome.ok) {
        rows.push({ prompt: outcome.value, seed: BigInt(seed) });
        itemIds.push(itemId);
      } else {
        failures.push({ itemId, error: outcome.error });
      }
      await share.pause();
    }
    return { rows, itemIds, failures };
  }

  #toEvent(
    { rowIndex, sampleIndex, tokenIds, logProbSum, finishReason }: GeneratedSample,
    itemIds: readonly string[],
  ): GenerateResponsesResponse {
    return {
      sample: {
        itemId: present(itemIds[rowIndex], `the item of row ${rowIndex}`),
        sampleIndex,
        tokenIds: { ids: [...tokenIds] },
        text: this.#parts.tokenizer.decode(tokenIds, { skipSpecial: true }),
        logProbSum,
        finishReason: FINISH_REASONS[finishReason],
      },
    };
  }
}

function toUsage(usage: GenerateUsage, times: UnitTimes & { readonly totalMs: number }) {
  return {
    promptTokenCount: usage.promptTokenCount,
    newTokenCount: usage.newTokenCount,
    decodeStepCount: usage.decodeStepCount,
    timeToFirstToken: toDuration(usage.timeToFirstTokenMs),
    timing: toTiming({ ...times, computeMs: usage.computeMs }),
  };
}
