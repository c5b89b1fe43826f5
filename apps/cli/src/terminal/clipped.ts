/** @file Texts of others on a terminal: the first lines, cut to its width, without what would move the cursor. */

/** Of a text as it is shown. */
const LINES_MAX = 3;
const WIDTH_MIN = 20;
const GRAPHEMES = new Intl.Segmenter();

/** The first lines of a text, each no wider than that; what is left out shows as an ellipsis. At least one line. */
export function clipped(text: string, width: number): readonly string[] {
  const widthMax = Math.max(WIDTH_MIN, width);
  // What moves the cursor or colours the screen has no business in a report.
  // oxlint-disable-next-line no-control-regex
  const lines = text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ').split('\n');
  const shown = lines.slice(0, LINES_MAX).map((line) => {
    const letters = Array.from(GRAPHEMES.segment(line), ({ segment }) => segment);
    return letters.length <= widthMax ? line : `${letters.slice(0, widthMax - 1).join('')}…`;
  });
  return lines.length > LINES_MAX ? [...shown.slice(0, -1), `${shown.at(-1)?.slice(0, widthMax - 1) ?? ''}…`] : shown;
}
