/** @file What the answers behind one score have used and cost. */

export interface TokenUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Per million tokens, in any currency. */
export interface TokenPrice {
  readonly prompt_per_million: number;
  readonly completion_per_million: number;
}

/** Adds up the usage of every answer that was paid for, of those too that were no verdict. */
export class TokenBill {
  private promptTokens = 0;
  private completionTokens = 0;
  private isComplete = true;

  /** `undefined` where the server told nothing: then the sum is not known. */
  add(usage: TokenUsage | undefined): void {
    this.isComplete &&= usage !== undefined;
    this.promptTokens += usage?.promptTokens ?? 0;
    this.completionTokens += usage?.completionTokens ?? 0;
  }

  /** As components of a score; empty where a part of the usage is not known. */
  components(price: TokenPrice | undefined): Readonly<Record<string, number>> {
    if (!this.isComplete) return {};
    const tokens = { prompt_tokens: this.promptTokens, completion_tokens: this.completionTokens };
    if (!price) return tokens;
    const millionths =
      this.promptTokens * price.prompt_per_million + this.completionTokens * price.completion_per_million;
    return { ...tokens, cost: millionths / 1e6 };
  }
}
