/** @file Where a command writes, so that tests can read it. */

export interface Terminal {
  /** Writes to standard output as it is. */
  out(text: string): void;
  /** Writes to standard error as it is. */
  err(text: string): void;
  /** True when standard output is a terminal that a line can be redrawn on. */
  readonly isInteractive: boolean;
  /** Width in characters. */
  readonly columnCount: number;
}

/** Width assumed where there is no terminal. */
const COLUMN_COUNT_DEFAULT = 100;

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    isInteractive: stdout.isTTY === true,
    get columnCount() {
      return stdout.columns ?? COLUMN_COUNT_DEFAULT;
    },
  };
}
