/**
 * @file Tells where a training row came from, as one JSON object: `node explain-main.js RUN_DIRECTORY ROW [BASE_DIRECTORY]`.
 * `metaapo explain` runs it as a process of its own, since an app reaches another only so. What it prints is an
 * `ExplainPairResponse`; what it cannot read it names in `error`.
 */
import { AppError } from '#core';
import { explainRow } from './domain/explain/explain-row.js';
import { toExplainResponse } from './explanation.mapper.js';

const [runDirectory = '.', itemId = '', baseDirectory] = process.argv.slice(2);
try {
  const explanation = await explainRow(runDirectory, itemId, { baseDirectory });
  process.stdout.write(`${JSON.stringify(toExplainResponse(explanation))}\n`);
} catch (thrown) {
  if (!(thrown instanceof AppError)) throw thrown;
  process.stdout.write(`${JSON.stringify({ error: { code: thrown.code, message: thrown.message } })}\n`);
}
