// From proto/metaapo/trainer/v1/trainer.proto

/**
 * Says how a reward was come by.
 */
export const ScoreSource = {
  /**
   * There is none.
   */
  SCORE_SOURCE_UNSPECIFIED: 'SCORE_SOURCE_UNSPECIFIED',
  /**
   * The row's unit paid for it.
   */
  SCORE_SOURCE_PAID: 'SCORE_SOURCE_PAID',
  /**
   * The ledger held it: this run or another one had paid for it before.
   */
  SCORE_SOURCE_LEDGER: 'SCORE_SOURCE_LEDGER',
  /**
   * An earlier row of the iteration asked for the same text.
   */
  SCORE_SOURCE_EARLIER_ROW: 'SCORE_SOURCE_EARLIER_ROW',
} as const;

/**
 * Says how a reward was come by.
 */
export type ScoreSource =
  /**
   * There is none.
   */
  | 'SCORE_SOURCE_UNSPECIFIED'
  | 0
  /**
   * The row's unit paid for it.
   */
  | 'SCORE_SOURCE_PAID'
  | 1
  /**
   * The ledger held it: this run or another one had paid for it before.
   */
  | 'SCORE_SOURCE_LEDGER'
  | 2
  /**
   * An earlier row of the iteration asked for the same text.
   */
  | 'SCORE_SOURCE_EARLIER_ROW'
  | 3

/**
 * Says how a reward was come by.
 */
export type ScoreSource__Output = typeof ScoreSource[keyof typeof ScoreSource]
