/** @file A terminal that keeps what is written, and can act on it: for tests. */
import type { Terminal } from '../terminal/terminal.js';

const ERASE_BELOW = '\u001b[J';
/** Carriage return, line break, cursor up, erase below, text. */
// oxlint-disable-next-line no-control-regex
const MOVES = /\r|\n|\u001b\[\d+A|\u001b\[J|[^\r\n\u001b]+/g;

export interface ScriptedTerminalOptions {
  /** @default false */
  readonly isInteractive?: boolean;
  /** @default 80 */
  readonly columnCount?: number;
  /** Is given every piece of standard output as it is written. */
  readonly onOut?: (text: string) => void;
}

export class ScriptedTerminal implements Terminal {
  /** All of standard output so far. */
  stdout = '';
  /** All of standard error so far. */
  stderr = '';
  readonly isInteractive: boolean;
  readonly columnCount: number;

  constructor(private readonly options: ScriptedTerminalOptions = {}) {
    this.isInteractive = options.isInteractive ?? false;
    this.columnCount = options.columnCount ?? 80;
  }

  /** What a terminal would show: standard output with its erasures and movements carried out. */
  get screen(): string {
    const lines = [''];
    let [row, column] = [0, 0];
    for (const [piece] of this.stdout.matchAll(MOVES)) {
      if (piece === '\r') column = 0;
      else if (piece === '\n') [row, column] = [row + 1, 0];
      else if (piece === ERASE_BELOW) lines.splice(row, lines.length, lines[row]!.slice(0, column));
      else if (piece.startsWith('\u001b[')) row -= Number(piece.slice(2, -1));
      else {
        lines[row] = lines[row]!.slice(0, column) + piece + lines[row]!.slice(column + piece.length);
        column += piece.length;
      }
      lines[row] ??= '';
    }
    return lines.join('\n');
  }

  out(text: string): void {
    this.stdout += text;
    this.options.onOut?.(text);
  }

  err(text: string): void {
    this.stderr += text;
  }
}
