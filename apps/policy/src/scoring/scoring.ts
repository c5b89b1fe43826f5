/** @file One scoring unit: encode every item, score those that could be encoded as one batch, answer for all of them. */
import type { ScoreResponsesRequest__Output, ScoreResponsesResponse } from '#contracts/policy';
import type { ScoreResult, ScoreUnit } from '#ml/engine';
import { toTiming, type CallContext } from '#platform/rpc';
import { withSpan } from '#platform/telemetry';
import { EventLoopShare } from '../units/event-loop-share.js';
import type { UnitParts } from '../units/unit-parts.js';
import { planScores, scoredItems } from './score-plan.js';
import { checkScoreRequest } from './score-request.js';

const NOTHING_SCORED: ScoreResult = { rows: [], computeMs: 0, segments: [] };

export class Scoring {
  readonly #parts: UnitParts;

  constructor(parts: UnitParts) {
    this.#parts = parts;
  }

  /** @throws `REQUEST_INVALID`, `QUEUE_FULL`, `ADAPTER_NOT_RESIDENT`; failures of single items are in the reply */
  async score(request: ScoreResponsesRequest__Output, call: CallContext): Promise<ScoreResponsesResponse> {
    const { runner, clock, encoder, limits } = this.#parts;
    const startMs = clock.monotonicMs();
    const policies = checkScoreRequest(request, limits.unitItemsMax);
    const { result, times } = await runner.run(
      { phase: 'score', itemCount: request.items.length, call },
      {
        prepare: () => planScores(request.items, encoder, new EventLoopShare(clock, call.signal)),
        compute: async (plan) => {
          const unit = { policies, rows: plan.rows, includeTokenLogProbs: request.includeTokenLogProbs };
          return { plan, scored: plan.rows.length > 0 ? await this.#compute(unit, call) : NOTHING_SCORED };
        },
      },
    );
    const { plan, scored } = result;
    const items = scoredItems(plan, scored.rows);
    const totalMs = clock.monotonicMs() - startMs;
    return { items, timing: toTiming({ ...times, computeMs: scored.computeMs, totalMs }) };
  }

  async #compute(unit: ScoreUnit, call: CallContext): Promise<ScoreResult> {
    const responses = unit.rows.flatMap((row) => row.responses);
    const promptTokenCount = unit.rows.reduce((sum, { prompt }) => sum + prompt.length, 0);
    const attributes = {
      policy: unit.policies.map((policy) => policy ?? '').join(),
      itemCount: unit.rows.length,
      responseCount: responses.length,
      tokenCount: responses.reduce((sum, response) => sum + response.length, promptTokenCount),
    };
    return withSpan('score', attributes, () => this.#parts.engine.score(unit, { signal: call.signal }));
  }
}
