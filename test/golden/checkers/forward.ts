/** @file Kind `forward`: logits of every position, and log-probabilities as the engine scores them. */
import { present } from '#core';
import type { PolicyEngine } from '#ml/engine';
import type { Checker } from '../checker.js';
import type { GoldenTensors } from '../golden-case.js';
import type { AbsTolerance, Measurements } from '../measurement.js';
import { loadTokenizer, logitsOf, withEngine } from '../model-fixture.js';
import { encodeRecord, tokenRows, type GoldenRecord, type TokenRow } from '../token-rows.js';

interface Batch {
  readonly sum_logps: readonly number[];
  readonly mean_logps: readonly number[];
  readonly completion_lengths: readonly number[];
}

interface Content {
  readonly tolerance: Readonly<Record<'logits' | 'token_logps' | 'sum_logps' | 'mean_logps', AbsTolerance>>;
  readonly records: readonly GoldenRecord[];
  readonly batches: Readonly<Record<string, Batch>>;
}

interface BatchContext {
  readonly name: string;
  readonly batch: Batch;
  readonly rows: readonly TokenRow[];
  readonly tensors: GoldenTensors;
  readonly tolerance: Content['tolerance'];
  readonly measure: Measurements;
}

export const checkForward: Checker = (golden, measure) =>
  withEngine(golden, async (engine) => {
    const { tolerance, records, batches } = golden.as<Content>();
    const tensors = await golden.tensors();
    for (const [name, batch] of Object.entries(batches)) {
      const rows = tokenRows(tensors, name);
      const context: BatchContext = { name, batch, rows, tensors, tolerance, measure };
      const [logits = []] = await logitsOf(
        golden,
        rows.map(({ ids }) => ids),
      );
      checkLogits(context, logits, engine.description.vocabularySize);
      await checkScores(context, engine);
    }
    const tokenizer = await loadTokenizer(golden);
    const expected = records.flatMap((record) => [
      encodeRecord(tokenizer, record, 'chosen'),
      encodeRecord(tokenizer, record, 'online_chosen'),
    ]);
    const right = tokenRows(tensors, 'right').map(({ ids }) => ids);
    measure.exact('ids of the texts', 'right', expected.slice(0, right.length), right);
  });

function checkLogits(
  { name, rows, tensors, tolerance, measure }: BatchContext,
  logits: Float32Array[],
  v: number,
): void {
  const [, width = 0] = tensors.dims(`${name}.input_ids`);
  const golden = tensors.numbers(`${name}.logits`);
  rows.forEach(({ columns, positions }, b) => {
    const row = present(logits[b], `logits of row ${b}`);
    columns.forEach((t, index) => {
      const start = (b * width + t) * v;
      const got = row.subarray(index * v, (index + 1) * v);
      measure.close('logits', `${name}, row ${b}`, got, golden.subarray(start, start + v), tolerance.logits);
    });
    measure.exact(
      'positions',
      `${name}, row ${b}`,
      columns.map((_, index) => index),
      positions,
    );
  });
}

async function checkScores(context: BatchContext, engine: PolicyEngine): Promise<void> {
  const { name, batch, rows, tensors, tolerance, measure } = context;
  const { rows: scored } = await engine.score({
    policies: [null],
    rows: rows.map(({ prompt, completion }) => ({ prompt, responses: [completion] })),
    includeTokenLogProbs: true,
  });
  const tokenLogProbs = tensors.rows(`${name}.token_logps`);
  const sums: number[] = [];
  rows.forEach((row, b) => {
    const response = present(scored[b]?.[0], `score of row ${b}`);
    sums.push(present(response.sums[0], `sum of row ${b}`));
    const got = present(response.tokens?.[0], `token log-probabilities of row ${b}`);
    const golden = row.columns.slice(row.prompt.length).map((t) => present(tokenLogProbs[b]?.[t], 'golden'));
    measure.close('token log-probs', `${name}, row ${b}`, got, golden, tolerance.token_logps);
  });
  const lengths = rows.map(({ completion }) => completion.length);
  measure.exact('completion lengths', name, lengths, batch.completion_lengths);
  measure.close('log-prob sums', name, sums, batch.sum_logps, tolerance.sum_logps);
  const means = sums.map((sum, b) => sum / present(lengths[b], 'length'));
  measure.close('log-prob means', name, means, batch.mean_logps, tolerance.mean_logps);
}
