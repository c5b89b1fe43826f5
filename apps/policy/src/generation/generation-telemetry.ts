/** @file Spans and metrics of one generation. The engine measures in its thread; here it is recorded. */
import type { GenerateUnit, GenerateUsage } from '#ml/engine';
import { recordAmount, recordDuration, recordSpan } from '#platform/telemetry';

/** A prefill and a decode span per wave of prompts; a unit that fits one wave has one of each, with all its counts. */
export function recordGeneration({ policy, rows, samplesPerPrompt }: GenerateUnit, usage: GenerateUsage): void {
  const { promptTokenCount, newTokenCount, decodeStepCount, timeToFirstTokenMs, segments } = usage;
  const digest = policy ?? '';
  const prefill = { policy: digest, itemCount: rows.length, tokenCount: promptTokenCount };
  const decode = {
    policy: digest,
    responseCount: rows.length * samplesPerPrompt,
    tokenCount: newTokenCount,
    stepCount: decodeStepCount,
  };
  for (const segment of segments) {
    if (segment.name === 'prefill') recordSpan('prefill', prefill, segment);
    if (segment.name === 'decode') recordSpan('decode', decode, segment);
  }
  recordDuration('firstTokenDuration', timeToFirstTokenMs, {});
  recordAmount('generateTokens', newTokenCount, {});
}
