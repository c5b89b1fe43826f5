/**
 * @file Prints the texts that a run had scored as one JSON object: `node annotated-texts-main.js RUN_DIRECTORY REWARD_MODEL
 * COUNT [BASE_DIRECTORY]`. `metaapo reward report --run` runs it as a process of its own, since an app reaches another
 * only so. What it cannot read it names in `error`.
 */
import { AppError } from '#core';
import { annotatedTexts } from './domain/annotated-texts/annotated-texts.js';

const [runDirectory = '.', rewardModel = '', count = '0', baseDirectory] = process.argv.slice(2);
try {
  const texts = await annotatedTexts(runDirectory, { rewardModel, countMax: Number(count), baseDirectory });
  process.stdout.write(`${JSON.stringify(texts)}\n`);
} catch (thrown) {
  if (!(thrown instanceof AppError)) throw thrown;
  process.stdout.write(`${JSON.stringify({ error: { code: thrown.code, message: thrown.message } })}\n`);
}
