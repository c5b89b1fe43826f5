/**
 * @file HTML as values: everything interpolated is escaped, save what is markup already.
 *
 * Reports show text that a language model wrote; none of it may become markup.
 */

/** A piece of finished HTML. */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: text and numbers are escaped, lists are joined, absent values vanish. */
export type HtmlValue = string | number | Markup | undefined | null | false | readonly HtmlValue[];

/** Template tag that makes markup. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup {
  const parts = strings.map((text, i) => text + (i < values.length ? htmlOf(values[i]) : ''));
  return new Markup(parts.join(''));
}

function htmlOf(value: HtmlValue): string {
  if (value === undefined || value === null || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(htmlOf).join('');
  return escapeText(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that HTML cannot hold: controls other than tab and line ends, and noncharacters. */
const NOT_PRINTABLE = /(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu;

/** Text for element content and quoted attributes. What HTML cannot hold becomes U+FFFD. */
export function escapeText(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Text with lone surrogates and unprintable characters replaced by U+FFFD. */
export function plainText(text: string): string {
  return text.toWellFormed().replace(NOT_PRINTABLE, '\ufffd');
}
