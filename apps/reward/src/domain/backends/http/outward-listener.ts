/** @file Hears of every attempt at another server, and of every token that a judge used, whatever came of it: for metrics. */
export interface OutwardListener {
  /** `outcome` is `ok` or the error's code. */
  onAttempt(rewardModel: string, outcome: string): void;
  onTokens(rewardModel: string, kind: 'prompt' | 'completion', tokenCount: number): void;
}
