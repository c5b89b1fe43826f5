/** @file Spans and metrics of one generation. The engine measures; what it measured is recorded when it is over. */
import type { GenerateUnit, GenerateUsage } from '#ml/engine';
import { recordAmount, recordDuration, recordSpan } from '#platform/telemetry';

export function recordGeneration(
  { policy, rows, samplesPerPrompt }: GenerateUnit,
  { promptTokenCount, newTokenCount, decodeStepCount, timeToFirstTokenMs }: GenerateUsage,
  { startMs, endMs }: { /** Milliseconds since the epoch. */ readonly startMs: number; readonly endMs: number },
): void {
  const digest = policy ?? '';
  const firstTokenMs = startMs + timeToFirstTokenMs;
  recordSpan(
    'prefill',
    { policy: digest, itemCount: rows.length, tokenCount: promptTokenCount },
    { startMs, endMs: firstTokenMs },
  );
  recordSpan(
    'decode',
    {
      policy: digest,
      responseCount: rows.length * samplesPerPrompt,
      tokenCount: newTokenCount,
      stepCount: decodeStepCount,
    },
    { startMs: firstTokenMs, endMs },
  );
  recordDuration('firstTokenDuration', timeToFirstTokenMs, {});
  recordAmount('generateTokens', newTokenCount, {});
}
