/**
 * @file One sample while it grows: its own random numbers, its tokens, and the rules that end it.
 *
 * A sample is a function of (seed, sample index) and of the logits it is shown. It ends with an end token, before the
 * first stop text in its decoded text, or at its length limit, whichever comes first.
 */
import { Rng, assert } from '#core';
import { drawToken, type Draw } from './draw-token.js';
import type { Truncation } from './kept-distribution.js';

export type FinishReason = 'stop_token' | 'stop_text' | 'length';

export interface SampleRules {
  readonly truncation: Truncation;
  /** Most new tokens, the end token included; at least 1. */
  readonly maxNewTokens: number;
  readonly endTokenIds: readonly number[];
  readonly stopTexts: readonly string[];
  /** Text of token ids, special tokens removed; needed only for stop texts. */
  readonly decode: (tokenIds: readonly number[]) => string;
}

export interface FinishedSample {
  /** The end token, and what reaches into a stop text, left out. */
  readonly tokenIds: readonly number[];
  /** Raw log-probability of `tokenIds`, and of the end token where one was drawn. */
  readonly logProbSum: number;
  readonly finishReason: FinishReason;
}

/** Whose random numbers a sample draws with. */
export interface SampleKey {
  readonly seed: bigint;
  readonly sampleIndex: number;
}

/** The first numbers that a sample draws with, one per token: for drawing elsewhere. */
export function sampleUniforms({ seed, sampleIndex }: SampleKey, count: number): Float64Array {
  const rng = new Rng(seed, sampleIndex);
  return Float64Array.from({ length: count }, () => rng.uniform());
}

export class SampleInProgress {
  private readonly rng: Rng;
  private readonly tokenIds: number[] = [];
  private readonly logProbs: number[] = [];
  private done: FinishedSample | undefined;

  constructor(
    private readonly rules: SampleRules,
    key: SampleKey,
  ) {
    this.rng = new Rng(key.seed, key.sampleIndex);
  }

  /** The result once the sample has ended. */
  get finished(): FinishedSample | undefined {
    return this.done;
  }

  /** Draws the next token from its logits and returns it. */
  next(logits: Float32Array): number {
    assert(!this.done, 'a finished sample draws no more tokens');
    return this.accept(drawToken(logits, this.rules.truncation, this.rng.uniform()));
  }

  /** Takes a token that was drawn elsewhere with this sample's numbers, and returns it. */
  accept({ tokenId, logProb }: Draw): number {
    assert(!this.done, 'a finished sample takes no more tokens');
    this.logProbs.push(logProb);
    if (this.rules.endTokenIds.includes(tokenId)) {
      this.finish(this.tokenIds.length, 'stop_token');
      return tokenId;
    }
    this.tokenIds.push(tokenId);
    const lengthBeforeStop = this.lengthBeforeStopText();
    if (lengthBeforeStop !== undefined) this.finish(lengthBeforeStop, 'stop_text');
    else if (this.tokenIds.length >= this.rules.maxNewTokens) this.finish(this.tokenIds.length, 'length');
    return tokenId;
  }

  private finish(tokenCount: number, finishReason: FinishReason): void {
    const counted = finishReason === 'stop_token' ? tokenCount + 1 : tokenCount;
    const logProbSum = this.logProbs.slice(0, counted).reduce((sum, logProb) => sum + logProb, 0);
    this.done = { tokenIds: this.tokenIds.slice(0, tokenCount), logProbSum, finishReason };
  }

  /** How many tokens decode to text that ends at or before the first stop text; undefined while there is none. */
  private lengthBeforeStopText(): number | undefined {
    const { stopTexts, decode } = this.rules;
    if (stopTexts.length === 0) return undefined;
    const text = decode(this.tokenIds);
    const starts = stopTexts.map((stop) => text.indexOf(stop)).filter((start) => start >= 0);
    if (starts.length === 0) return undefined;
    const before = text.slice(0, Math.min(...starts));
    let length = this.tokenIds.length;
    while (length > 0 && !before.startsWith(decode(this.tokenIds.slice(0, length)))) length--;
    return length;
  }
}
