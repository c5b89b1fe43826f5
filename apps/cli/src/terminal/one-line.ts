/** @file Texts of others where there is room for one line. */

/** Line breaks, and whatever else would move the cursor or colour the screen, become blanks. */
export function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}
