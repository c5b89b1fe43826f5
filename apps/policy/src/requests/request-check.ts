/**
 * @file Finds everything that is wrong with a request before any of it is refused.
 *
 * What concerns the form of a request (ids, counts, settings) fails the call, with all problems at once; what concerns
 * the content of one item (its text, its length) is that item's own failure and is found when it is encoded.
 */
import { type FieldProblem, RequestInvalidError, isDigest } from '#core';

/** An error for problems that all lie in one part of the request. */
export interface PartError {
  readonly fields: RegExp;
  readonly make: (problems: readonly FieldProblem[]) => Error;
}

export class RequestCheck {
  readonly #problems: FieldProblem[] = [];

  /** Notes a problem unless `holds`. Returns `holds`. */
  expect(holds: boolean, field: string, expected: string, got: unknown): boolean {
    if (!holds) this.#problems.push({ field, description: `expected ${expected}, got ${shown(got)}` });
    return holds;
  }

  /** Item ids: at least one, not more than the limit, none empty, none twice. */
  expectItems(items: readonly { readonly itemId: string }[], unitItemsMax: number): void {
    this.expect(items.length > 0, 'items', 'at least one item', 'none');
    this.expect(items.length <= unitItemsMax, 'items', `at most ${unitItemsMax} items`, items.length);
    const firstIndex = new Map<string, number>();
    for (const [index, { itemId }] of items.entries()) {
      const field = `items[${index}].item_id`;
      if (!this.expect(itemId !== '', field, 'an id', itemId)) continue;
      const first = firstIndex.get(itemId);
      this.expect(first === undefined, field, `an id unlike that of items[${first}]`, itemId);
      if (first === undefined) firstIndex.set(itemId, index);
    }
  }

  /** A digest, or the empty text for the base. */
  expectPolicy(text: string, field: string): void {
    this.expect(text === '' || isDigest(text), field, '`sha256:` and 64 hexadecimal digits, or empty', text);
  }

  /** Throws when there were problems: the first part error that covers all of them, else `REQUEST_INVALID`. */
  finish(...parts: readonly PartError[]): void {
    const problems = this.#problems;
    if (problems.length === 0) return;
    const part = parts.find(({ fields }) => problems.every(({ field }) => fields.test(field)));
    throw part ? part.make(problems) : new RequestInvalidError(problems);
  }
}

const SHOWN_CHARACTERS_MAX = 60;

function shown(value: unknown): string {
  if (typeof value === 'number') return String(value); // JSON has no NaN
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX)}…`;
}
