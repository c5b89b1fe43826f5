/** @file What is odd about an accepted row, judged by itself. The row is used as it is. */
import type { Fields, ParsedRow } from './parse-row.js';
import type { RowWarning } from './preference-row.js';

/** A row that is long enough to be a mistake. */
const LONG_ROW_BYTES = 1_000_000;
/** C0 controls but TAB, LF, CR; and DEL. */
// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL_CHARACTER = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;
/** Markers of common chat templates. They stay text: the tokenizer does not read control tokens out of rows. */
const TEMPLATE_MARKER = /<\|[^|<>\s]{1,40}\|>|<\/?s>|\[\/?INST\]|<(?:start|end)_of_turn>/;
const KNOWN_COLUMNS = new Set(['prompt', 'chosen', 'rejected', 'messages', 'id', 'prompt_id', 'source']);

export function rowWarnings(fields: Fields, { prompt, chosen, rejected }: ParsedRow, rowBytes: number): RowWarning[] {
  const prompts = prompt.kind === 'text' ? [prompt.text] : prompt.messages.map(({ content }) => content);
  const texts = [...prompts, chosen, rejected];
  const extra = Object.entries(fields).filter(([name]) => !KNOWN_COLUMNS.has(name));
  const found: [RowWarning, boolean][] = [
    ['long_row', rowBytes > LONG_ROW_BYTES],
    ['equal_after_nfc', chosen.normalize('NFC') === rejected.normalize('NFC')],
    ['control_character', texts.some((text) => CONTROL_CHARACTER.test(text))],
    ['special_tokens_in_text', texts.some((text) => TEMPLATE_MARKER.test(text))],
    ['unknown_column', extra.some(([, value]) => typeof value === 'object' && value !== null)],
    ['non_finite_number', extra.some(([, value]) => typeof value === 'number' && !Number.isFinite(value))],
  ];
  return found.filter(([, applies]) => applies).map(([warning]) => warning);
}
