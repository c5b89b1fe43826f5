/** @file What the key/value cache is worth: decoding with it against running every token's whole sequence again. */
import { systemClock } from '#core';
import { openPolicyEngine, type PolicyEngine } from '#ml/engine';
import type { Measurement } from './measurement.js';
import { someTokens, type Setting } from './setting.js';

const PROMPTS = 4;
const SAMPLES = 8;
const PROMPT_TOKENS = 96;
const NEW_TOKENS = 24;

export async function generation({ modelDir, threads }: Setting): Promise<Measurement[]> {
  const engine = await openPolicyEngine({ modelDir, intraOpThreads: threads, adapterCacheBytes: 2 ** 30 });
  try {
    await cached(engine, 2);
    const withCache = await cached(engine, NEW_TOKENS);
    const again = await forwardAgain(engine);
    return [
      { name: 'decoding with the key/value cache', value: withCache, unit: 'tokens/s' },
      { name: 'running every sequence again for each token', value: again, unit: 'tokens/s' },
      {
        name: 'what the cache is worth',
        value: withCache / again,
        unit: 'ratio',
        goal: { relation: 'at least', bound: 1 },
      },
    ];
  } finally {
    await engine.dispose();
  }
}

/** New tokens per second, the prompts' own pass included. */
async function cached(engine: PolicyEngine, maxNewTokens: number): Promise<number> {
  const startMs = systemClock.monotonicMs();
  const { newTokenCount } = await engine.generate(
    {
      policy: null,
      rows: Array.from({ length: PROMPTS }, (_, index) => ({
        prompt: someTokens(PROMPT_TOKENS, index),
        seed: BigInt(index),
      })),
      samplesPerPrompt: SAMPLES,
      sampling: { temperature: 1, topK: 0, topP: 1, maxNewTokens, stop: [] },
    },
    () => {},
  );
  return newTokenCount / ((systemClock.monotonicMs() - startMs) / 1000);
}

/** The same number of sequences, each scored as a whole once per new token. */
async function forwardAgain(engine: PolicyEngine): Promise<number> {
  const startMs = systemClock.monotonicMs();
  for (let length = 1; length <= NEW_TOKENS; length += 1) {
    await engine.score({
      policies: [null],
      rows: Array.from({ length: PROMPTS }, (_, index) => ({
        prompt: someTokens(PROMPT_TOKENS, index),
        responses: Array.from({ length: SAMPLES }, (_sample, sample) => someTokens(length, index * SAMPLES + sample)),
      })),
      includeTokenLogProbs: false,
    });
  }
  return (PROMPTS * SAMPLES * NEW_TOKENS) / ((systemClock.monotonicMs() - startMs) / 1000);
}
