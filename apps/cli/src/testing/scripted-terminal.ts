/** @file A terminal that keeps what is written, and can act on it: for tests. */
import type { Terminal } from '../terminal/terminal.js';

export interface ScriptedTerminalOptions {
  /** @default false */
  readonly isInteractive?: boolean;
  /** Is given every piece of standard output as it is written. */
  readonly onOut?: (text: string) => void;
}

export class ScriptedTerminal implements Terminal {
  /** All of standard output so far. */
  stdout = '';
  /** All of standard error so far. */
  stderr = '';
  readonly isInteractive: boolean;
  readonly columnCount = 80;

  constructor(private readonly options: ScriptedTerminalOptions = {}) {
    this.isInteractive = options.isInteractive ?? false;
  }

  out(text: string): void {
    this.stdout += text;
    this.options.onOut?.(text);
  }

  err(text: string): void {
    this.stderr += text;
  }
}
