/** @file Nominal types: a value of the right kind can be told from one of the right shape. */
declare const brand: unique symbol;

/** A `T` that was checked and named; made only by a constructor at the border. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
