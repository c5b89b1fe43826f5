// From proto/metaapo/trainer/v1/trainer.proto


/**
 * Is an amount of money.
 */
export interface Money {
  /**
   * In units of the currency.
   */
  'amount'?: (number | string);
  /**
   * As the configuration names it, for instance `EUR`.
   */
  'currency'?: (string);
}

/**
 * Is an amount of money.
 */
export interface Money__Output {
  /**
   * In units of the currency.
   */
  'amount': (number);
  /**
   * As the configuration names it, for instance `EUR`.
   */
  'currency': (string);
}
