/** @file What every command is given. */
import type { Interrupts } from '../terminal/interrupts.js';
import type { Terminal } from '../terminal/terminal.js';

export interface CommandContext {
  readonly terminal: Terminal;
  readonly interrupts: Interrupts;
}

/** Adds an example to a command's help. */
export function example(...lines: readonly string[]): string {
  return `\n${lines.length > 1 ? 'Examples' : 'Example'}:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

/** Collects an option that may be given several times. */
export function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
