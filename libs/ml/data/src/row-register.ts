/** @file What the rows so far have said: finds rows, ids and preferences that come twice. */
import { digestOfJson, type Digest } from '#core';
import { RowRejected } from './data.errors.js';
import type { ParsedRow } from './parse-row.js';
import type { PreferenceRow, RowWarning } from './preference-row.js';

export class RowRegister {
  private readonly lineById = new Map<string, number>();
  private readonly lineByRow = new Map<Digest, number>();
  private readonly prompts = new Set<Digest>();

  /** The row's id: its own where it is text or a whole number, else its line. */
  static idOf(id: unknown, line: number): string {
    if (typeof id === 'string' && id !== '') {
      if (id.isWellFormed()) return id;
      throw new RowRejected('lone_surrogate', 'id holds a UTF-16 surrogate without its other half');
    }
    return typeof id === 'bigint' || Number.isSafeInteger(id) ? String(id) : `line-${line}`;
  }

  /** Takes an id. @throws RowRejected `duplicate_id` */
  addId(rowId: string, line: number): void {
    const earlier = this.lineById.get(rowId);
    if (earlier !== undefined) throw new RowRejected('duplicate_id', `line ${earlier} has the same id`);
    this.lineById.set(rowId, line);
  }

  /** Takes a whole row. @throws RowRejected `duplicate_row`, `duplicate_id` */
  addRow(rowId: string, line: number, row: ParsedRow): RowWarning[] {
    const key = (first: string, second: string) => digestOfJson([row.prompt, first, second]);
    const own = key(row.chosen, row.rejected);
    const earlier = this.lineByRow.get(own);
    if (earlier !== undefined) throw new RowRejected('duplicate_row', `line ${earlier} is the same row`);
    this.addId(rowId, line);
    const contradicted = this.lineByRow.get(key(row.rejected, row.chosen));
    const promptIsKnown = this.isKnownPrompt(row.prompt);
    this.lineByRow.set(own, line);
    if (contradicted !== undefined) return [`contradicts_line_${contradicted}`];
    return promptIsKnown ? ['duplicate_prompt'] : [];
  }

  private isKnownPrompt(prompt: PreferenceRow['prompt']): boolean {
    const digest = digestOfJson(prompt);
    const isKnown = this.prompts.has(digest);
    this.prompts.add(digest);
    return isKnown;
  }
}
