/** @file Kind `logps`: log-probabilities of answers, and the largest logits at some positions of each. */
import { present } from '#core';
import type { ChatMessage } from '#ml/tokenizer';
import type { Checker } from '../checker.js';
import type { AbsTolerance, Measurements } from '../measurement.js';
import { loadTokenizer, withEngine, withEngineCore } from '../model-fixture.js';

interface TopLogits {
  readonly position: number;
  readonly ids: readonly number[];
  /** Largest first. */
  readonly logits: readonly number[];
  readonly logsumexp: number;
}

interface Pair {
  readonly messages: readonly ChatMessage[];
  readonly response: string;
  readonly prompt_ids: readonly number[];
  readonly response_ids: readonly number[];
  readonly token_logps: readonly number[];
  readonly sum_logp: number;
  readonly mean_logp: number;
  readonly top_logits: readonly TopLogits[];
}

interface Content {
  readonly tolerance: Readonly<Record<'token_logps' | 'logits' | 'sum', AbsTolerance>>;
  readonly pairs: readonly Pair[];
}

export const checkLogProbs: Checker = async (golden, measure) => {
  const { tolerance, pairs } = golden.as<Content>();
  const tokenizer = await loadTokenizer(golden);
  await withEngine(golden, async (engine) => {
    const { rows } = await engine.score({
      policies: [null],
      rows: pairs.map((pair) => ({ prompt: pair.prompt_ids, responses: [pair.response_ids] })),
      includeTokenLogProbs: true,
    });
    pairs.forEach((pair, index) => {
      const part = `pair ${index}`;
      const prompt = tokenizer.encodePrompt({ kind: 'conversation', messages: pair.messages });
      const response = tokenizer.encodeResponse({ kind: 'text', text: pair.response, truncated: false });
      measure.exact('ids of the texts', part, [prompt, response], [pair.prompt_ids, pair.response_ids]);
      const scored = present(rows[index]?.[0], part);
      const tokens = present(scored.tokens?.[0], `tokens of ${part}`);
      const sum = present(scored.sums[0], `sum of ${part}`);
      measure.close('token log-probs', part, tokens, pair.token_logps, tolerance.token_logps);
      measure.close('log-prob sums', part, [sum], [pair.sum_logp], tolerance.sum);
      measure.close('log-prob means', part, [sum / response.length], [pair.mean_logp], tolerance.token_logps);
    });
  });
  await withEngineCore(golden, async (core) => {
    // One at a time: the logits of every position of every pair would be hundreds of megabytes.
    for (const [index, pair] of pairs.entries()) {
      const [logits] = await core.logits([[...pair.prompt_ids, ...pair.response_ids]]);
      for (const top of pair.top_logits) {
        const v = core.description.vocabularySize;
        const row = present(logits, 'logits').subarray(top.position * v, (top.position + 1) * v);
        checkTop(row, top, { place: `pair ${index}, position ${top.position}`, tolerance: tolerance.logits, measure });
      }
    }
  });
};

interface TopContext {
  readonly place: string;
  readonly tolerance: AbsTolerance;
  readonly measure: Measurements;
}

/** The named logits themselves, and that no other is among the largest. */
function checkTop(row: Float32Array, top: TopLogits, { place, tolerance, measure }: TopContext): void {
  const named = top.ids.map((id) => row[id] ?? Number.NaN);
  measure.close('logits', place, named, top.logits, tolerance);
  const largest = Float32Array.from(row).sort().reverse().subarray(0, top.logits.length);
  measure.close('largest logits', place, largest, top.logits, tolerance);
  const peak = largest[0] ?? 0;
  const logSumExp = peak + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - peak), 0));
  measure.close('logsumexp', place, [logSumExp], [top.logsumexp], tolerance);
}
