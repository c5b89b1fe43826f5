/** @file Sampled responses, row by row. */
import { seedOf } from '#core';
import { fromItemStatus } from '#platform/rpc';
import type { GenerateResponsesRequest, Sample__Output, Sampling } from '#contracts/policy';
import type { InputRow } from './input-row.js';
import type { PolicySession } from './policy-session.js';
import { rowErrorOf, type OutputRow } from './process-rows.js';
import { withinDeadline } from './unit-deadline.js';

export interface GenerateRowsOptions {
  readonly sampleCount: number;
  readonly sampling: Sampling;
  /** What the samples are a function of, together with the row's id. */
  readonly seed: number;
}

/** Samples for the rows as one unit. */
export async function generateRows(
  session: PolicySession,
  rows: readonly InputRow[],
  { sampleCount, sampling, seed }: GenerateRowsOptions,
): Promise<readonly OutputRow[]> {
  const samples = rows.map((): Sample__Output[] => []);
  const failures = new Map<number, OutputRow>();
  const request: GenerateResponsesRequest = {
    policy: session.policy,
    items: rows.map(({ id, prompt }, i) => ({
      itemId: String(i),
      prompt,
      seed: String(seedOf('generate', seed, String(id))),
    })),
    samplesPerPrompt: sampleCount,
    sampling,
  };
  await withinDeadline(session, rows.length, async (call) => {
    for await (const { sample, failure } of session.client.generateResponses(request, call)) {
      if (sample) samples[Number(sample.itemId)]?.push(sample);
      if (failure?.status) {
        const row = Number(failure.itemId);
        failures.set(row, { id: rows[row]!.id, error: rowErrorOf(fromItemStatus(failure.status)) });
      }
    }
  });
  return rows.map(({ id }, i) => failures.get(i) ?? { id, samples: samples[i]!.sort(byIndex).map(sampleOf) });
}

const byIndex = (a: Sample__Output, b: Sample__Output): number => a.sampleIndex - b.sampleIndex;

function sampleOf({ text, tokenIds, logProbSum, finishReason }: Sample__Output): object {
  return {
    text,
    token_ids: tokenIds?.ids ?? [],
    log_prob_sum: logProbSum,
    finish_reason: finishReason.replace(/^FINISH_REASON_/, '').toLowerCase(),
  };
}
