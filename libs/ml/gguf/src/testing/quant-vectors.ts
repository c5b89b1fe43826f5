/**
 * @file Blocks and what the `gguf` library makes of them, for tests.
 *
 * Made with gguf 0.19.0 and numpy on Python 3.11: seeded random bytes (`default_rng(20261)`) with scales drawn from a
 * normal distribution, through `gguf.dequantize`; seeded normal values through `gguf.quantize`.
 */

interface DequantisedVector {
  /** Two blocks or sixteen elements, base64. */
  readonly bytes: string;
  /** SHA-256 of the little-endian float32 result. */
  readonly floats: string;
}

export const DEQUANTISED: Readonly<Record<string, DequantisedVector>> = {
  Q8_0: {
    bytes: 'F6G5SwtYvzlDKyToCHwTvJbswjL6q3VBmdLmngMqDYiNrgEjx6jOjyrs97CYlFW8iJgLYIWZAnoTRuQfZ16e58WnFj0=',
    floats: '3511c6fd4bc78de8456e59ea382b321b99499b0c23599ca02738051d887c30c6',
  },
  Q4_0: {
    bytes: '1qSBXGGDVmMQY20ctRa1WwhBOCmKup3ALoRib6L+WLPGWFbR',
    floats: '87dae9e0520994e4865122b9b1690d3336377f8a7f7c6d82986e3f8275a0b966',
  },
  Q4_1: {
    bytes: 'zilJoxDMdUlUBfutaV7Q3NY0bDpqogioCrwYPVTGdMlwV/av32R9pA==',
    floats: '949184a9a5faba862e04d9d5955c4cd650a00157c85f3434c235e1547f9123a1',
  },
  Q5_0: {
    bytes: 'hSxEUWM3Kmkqf1IgzgJ+YrpU63CZDQQn3Pv66gUnQFuLtJLLnOFLLPccG6w=',
    floats: 'be36b67e98c94d44ed461e8665d1ec8661b4d0404f72e7af5d80ac021027ef01',
  },
  Q5_1: {
    bytes: 'mKZLL+juXsRvXZV9xfaO+uqXJzEFPUJlTK7lpLwoDhRSITT6P+RJHXGpxHrG9IDp',
    floats: '3f44a3367cb9d4fbdc9b38d54af4d2ebafffa49bb1946b68308258e3c0da1e03',
  },
  Q4_K: {
    bytes:
      'aB6HHsNkqs61VavZZylc4qeRjssXPnzk5XV/dQmVYDgAslToQxHMweKoJoVuVJ5c3DcChOcwp+oyihEKoLRrdhf279AteyAFhJ5UVcV8mujxod9M+3ZrsXOUHH+aGfXkZ4l7V99abHOtVHr8LnfzWy62kx46xcnZkQAgGC37XyPG4qj0RntTgrY9+Cd74nQrkqtyIHpTJOLnL042ocW3bZkR2lJeSpYGLW6bRZWtqtfxAGJDkVoXlf5NAOL9E4Vo2/9vaHMrLhSSQ7h4SW3klmMfk+AH+xJb8whMEI+OzY07f840hM5o5D8KRCdPfuxsPYAVTgBzSWlgb8yx/WqBvIySuUYzGpiCykCMtEcG/mNyQRNEwor6KL0Qp6TooMZg',
    floats: '02eef8261f8546951cb5b7d07b5504f1d2c482f59d8eee9156c09325974ddb7b',
  },
  Q5_K: {
    bytes:
      'G6w6qTlFDigsZZ48WalfUAqMnsbiyaEhlHlfI6rnHFIrANvZi8xRsREyzYBFeiFPaWF/OU1m3HekAGh+FDzB/Pu9t7XbpV8F+KDRXT1HNWoyQNsa0TP8YYIUc0a6KYaq+55oK47aifIp1faW3oQYWcb1anH6PCVBHmETklkajPaFpqwW7qwFn6nAfxXeeC9hgUPkq3G2OiLiq8ddVGjfGsXR0/uYbi/EuhyO14d3WkyhKXuoLN4tUW7mXalZKw6V6O5ATOyrGkCPv0BsS7B3u0raLMC/s/bXJVu7Lnu+ks5P2kcBuYqOPCOx6mLzSd4oSZJ6RdhA74n/41plqNLNwf0x4golVBCfnSZdUjeu8ve0hZKm9Pzn0YJYRgLffv+K5Ddk1ElESDtC2/sRMlphDDjpiwzW6KjNIGu/dXFv05f+ryUF3O7bWxWn7dmjn+IEihdUqi3UGdWTC85ZAUQ35w==',
    floats: '5567d536b6947c12413ec35e73aafd003f2eb0acaf262190a931b262db0c3bbb',
  },
  Q6_K: {
    bytes:
      'Wpu2Dwhq8NPbgsjBPtjZ4Y5wgGG31nWZu08mGuRQqHB6+VbwmJOzIp6h/lqowCq53pA/LyKAJVeNYrEKl2Ol5rX35NGOnEpyOkOK9TK/5Evc4mymKWEekwOmKqY1Imq5g7TGX5SGwqjw2jVzO/wW3x2HDGrGbJLmeUzn5wsmRR7rY0YvIabU3Mj54/rl8IFTyWIFPxPGJK5+c0350OHPInuLsCnV/gs02UoAQ6D/zbuUiT+HH9ehja2fY/MbcwgxGeQ2aGVgFPv9SZaCLBi4P4Es4gd0r7RTYorTqL8omdXGfD8D5n5CGP8+H0flID5M0OToVGU8Cfyz64Ay7xHlNCNGeQUXdSmd47OXcnuRMZQj0FeGhLKeSieYkGtVx5mt1mtN+2nkl1aFOsbknev6WdZuWLLwjPR2MqKPJnOrmYFKPTLi62Spdf8Prd5jJgNYr4cjJQd2q7sKhVq2pBYNQ5nFUDVCNC0vPFITKVTaVPnYQzuN4htL5PzOx5KLNJSiTppuuouuuUZzEkbV17ES7JITgVSgACp8MZN6d8KbbbW1cM0s',
    floats: 'fa9875fab95355bf646fc23830342d2fd123a0b18588cf6da877ea83ef17c981',
  },
  F16: {
    bytes: 'aTD6qTM/4TsMNKYpvy7stqa8i7wDQJEzLztBKwE4UrY=',
    floats: '0c414412be08e8b56f6fab066fcf818dc66d5653c7a6ac40b6828872a8054758',
  },
  BF16: {
    bytes: 'sj6YP+W+pjwqQOW8z75NvZS/1r8evIq+hz7xv+O/Sj4=',
    floats: 'b6086a6b94f4c76a615a5b4242d7372560b40cad11e6659f5d9d50683001af34',
  },
};

/** 64 values of two scales, halves and a zero among them: little-endian float32, base64. */
export const QUANTISED_FROM =
  'AAD+QgAAfkIAAAC/HQv7PqggcT4AAAAACawHQKZT5L2POoS8VWR+v9x2Pr/VNzm/kuDNP19GfD8YpKE+jnqLPpoYJD8acBG96g3fv/+8hz/7t4A9dJc2PjF4bLk/wIQ/DcAGP8Sl5D9oiIs/2N+OPya09r+9UOE/7LGrP677hD/GXla6GTfhOnz3dzmqVs66vnfdOnhfP7rr5fe39rT5uZWiKzeVoiu3S+zTOV+MgLoBJdG57WTfOpNgEjodjbK5kO8xOqA2ETmK8KA5/wa/OpJClzrcM9A5qYfFunTDHjoR1QS6lCrcOmTXRDkZ5Ew5tFA3ukMcjbqwMds61WrauQ==';

export const QUANTISED = {
  F16: '8FfwUwC42DeJMwAAPUAjryKk87v0ucq5bz7iOw01XDQhOYyo+L4+PAYstTFkiyY8NjglP1w8dzy2vws/Xj0oPLOSChfAC3OW7Bb7kfCBzo+sAKyAnw4ElImO+xaTEJSNjxGKCAgN+BW6FIIOLJb2ECeQ4RYnCmcKu5FplNoW044=',
  BF16: '/kJ+QgC/+z5xPgAACEDkvYS8fr8+vzm/zj98P6I+iz4kPxG937+IP4E9Nz5suYU/Bz/lP4w/jz/3v+E/rD+FP1a64Tp4Oc663To/uvi3+rksNyy31DmButG53zoSOrO5MjoROaE5vzqXOtA5xrofOgW63DpFOU05N7qNuts62rk=',
  Q8_0: 'ADx/QP8AAAACAAD///8CAQAAAQD+AQAAAAEBAgEB/gIBAeMAxH8RjH3K/t0B/x64434p5zIKF2xVHZEt23wODsywfOE=',
} as const;
