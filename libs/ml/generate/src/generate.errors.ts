/** @file What can go wrong between logits and a token. */
import { AppError } from '#core';

/** Thrown when a model's logits are no distribution: its weights overflow or hold NaN. Maps to INTERNAL. */
export class LogitsNotFiniteError extends AppError {
  readonly code = 'LOGITS_NOT_FINITE';
  readonly status = 'INTERNAL';

  constructor(tokenId: number, logit: number) {
    super(`Logit of token ${tokenId} is ${logit}: expected finite numbers; the policy's weights have diverged`, {
      facts: { tokenId, logit: String(logit) },
    });
  }
}
