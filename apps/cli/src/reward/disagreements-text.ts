/** @file The items on which two models disagree most, as text that fits a terminal. */
import type { SwapDisagreement__Output } from '#contracts/reward';
import { fixed, percent } from '#report';
import { clipped } from '../terminal/clipped.js';
import { oneLine } from '../terminal/one-line.js';
import { promptText } from './prompt-text.js';

const INDENT = '   ';
const SCORE_WIDTH = 10;

/** Empty where there is nothing to tell; ends with a line break otherwise. */
export function disagreementsText(disagreements: readonly SwapDisagreement__Output[], columnCount: number): string {
  if (disagreements.length === 0) return '';
  const parts = disagreements.map((disagreement, index) => itemText(disagreement, index + 1, columnCount));
  return `where they disagree most, by rank among all scores:\n${parts.join('')}`;
}

function itemText(
  { itemId, prompt, responses, rankGap }: SwapDisagreement__Output,
  place: number,
  columnCount: number,
): string {
  const width = columnCount - INDENT.length;
  const lines = [
    `${place}. ${oneLine(itemId)}: ranks ${percent(rankGap)} apart`,
    ...clipped(promptText(prompt), width).map((line) => `${INDENT}${line}`),
    `${INDENT}${'in service'.padStart(SCORE_WIDTH)}  ${'staged'.padStart(SCORE_WIDTH)}`,
    ...responses.flatMap(({ text, liveScore, stagedScore }) => {
      const scores = [liveScore, stagedScore].map(scoreText).join('  ');
      const margin = ' '.repeat(scores.length);
      return clipped(text, width - scores.length - 2).map(
        (line, index) => `${INDENT}${index === 0 ? scores : margin}  ${line}`,
      );
    }),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

const scoreText = (score: number | undefined): string =>
  (score === undefined ? 'failed' : fixed(score, 3)).padStart(SCORE_WIDTH);
