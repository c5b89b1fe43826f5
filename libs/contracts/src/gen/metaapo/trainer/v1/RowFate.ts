// From proto/metaapo/trainer/v1/trainer.proto

/**
 * Says what became of a row.
 */
export const RowFate = {
  /**
   * Not given.
   */
  ROW_FATE_UNSPECIFIED: 'ROW_FATE_UNSPECIFIED',
  /**
   * The run has not come that far.
   */
  ROW_FATE_PENDING: 'ROW_FATE_PENDING',
  /**
   * It could not be scored.
   */
  ROW_FATE_UNSCORED: 'ROW_FATE_UNSCORED',
  /**
   * Its score is not finite, so the gate said nothing of it.
   */
  ROW_FATE_UNGATED: 'ROW_FATE_UNGATED',
  /**
   * The gate let it pass: its offline pair is good enough.
   */
  ROW_FATE_UNSAMPLED: 'ROW_FATE_UNSAMPLED',
  /**
   * The gate chose it, and it was not annotated.
   */
  ROW_FATE_LOST: 'ROW_FATE_LOST',
  /**
   * Its best and its worst response became a pair.
   */
  ROW_FATE_PAIRED: 'ROW_FATE_PAIRED',
  /**
   * All rewards are equal, or best and worst are the same text.
   */
  ROW_FATE_TIED: 'ROW_FATE_TIED',
  /**
   * Fewer than two responses that are not empty and were annotated.
   */
  ROW_FATE_INVALID: 'ROW_FATE_INVALID',
} as const;

/**
 * Says what became of a row.
 */
export type RowFate =
  /**
   * Not given.
   */
  | 'ROW_FATE_UNSPECIFIED'
  | 0
  /**
   * The run has not come that far.
   */
  | 'ROW_FATE_PENDING'
  | 1
  /**
   * It could not be scored.
   */
  | 'ROW_FATE_UNSCORED'
  | 2
  /**
   * Its score is not finite, so the gate said nothing of it.
   */
  | 'ROW_FATE_UNGATED'
  | 3
  /**
   * The gate let it pass: its offline pair is good enough.
   */
  | 'ROW_FATE_UNSAMPLED'
  | 4
  /**
   * The gate chose it, and it was not annotated.
   */
  | 'ROW_FATE_LOST'
  | 5
  /**
   * Its best and its worst response became a pair.
   */
  | 'ROW_FATE_PAIRED'
  | 6
  /**
   * All rewards are equal, or best and worst are the same text.
   */
  | 'ROW_FATE_TIED'
  | 7
  /**
   * Fewer than two responses that are not empty and were annotated.
   */
  | 'ROW_FATE_INVALID'
  | 8

/**
 * Says what became of a row.
 */
export type RowFate__Output = typeof RowFate[keyof typeof RowFate]
