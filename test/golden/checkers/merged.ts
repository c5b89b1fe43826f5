/** @file Kind `merged`: W + scale·B·A as the host computes it and as the graph does, and the logits with either. */
import { present, type TensorMap } from '#core';
import { loraScale, loraTargets, mergeAdapter, shapesOf, type Adapter, type LoraSpec } from '#ml/adapters';
import type { Checkpoint } from '#ml/checkpoint';
import { MergeProgram } from '../../../libs/ml/engine/src/programs/merge-program.js';
import { ProgramContext } from '../../../libs/ml/engine/src/programs/program-context.js';
import type { Checker } from '../checker.js';
import type { AbsTolerance } from '../measurement.js';
import { loadCheckpoint, loadTokenizer, logitsOf, startingAdapter } from '../model-fixture.js';
import { encodeRecord, tokenRows, type GoldenRecord } from '../token-rows.js';

interface Content {
  readonly scale: number;
  readonly tolerance: { readonly logits: AbsTolerance; readonly weights: AbsTolerance };
  readonly records: readonly GoldenRecord[];
}

export const checkMerged: Checker = async (golden, measure) => {
  const { scale, tolerance, records } = golden.as<Content>();
  const checkpoint = await loadCheckpoint(golden);
  const adapter = (await startingAdapter(golden, checkpoint)) as LoraAdapter;
  const tensors = await golden.tensors();
  measure.close('scale', 'adapter', [loraScale(adapter.spec)], [scale], { abs: 1e-12 });
  const rows = tokenRows(tensors);
  const [, width = 0] = tensors.dims('input_ids');
  const logits = tensors.numbers('logits');
  const v = checkpoint.config.vocabularySize;
  const merged = { host: mergeAdapter(checkpoint.tensors, adapter), graph: await mergeInGraph(checkpoint, adapter) };
  for (const [how, weights] of Object.entries(merged)) {
    for (const name of tensors.names('merged.')) {
      const { data } = present(weights.get(name.replace('merged.', '')), name);
      measure.close(`weights merged by the ${how}`, name, data, tensors.numbers(name), tolerance.weights);
    }
  }
  const adapters: Adapter[] = [{ spec: { kind: 'full' }, tensors: merged.host }, adapter];
  const computed = await logitsOf(
    golden,
    rows.map(({ ids }) => ids),
    adapters,
  );
  for (const [index, how] of ['weights merged by the host', 'the adapter'].entries()) {
    rows.forEach(({ columns }, b) => {
      const got = present(computed[index]?.[b], `logits of row ${b}`);
      const expected = columns.flatMap((t) => [...logits.subarray((b * width + t) * v, (b * width + t + 1) * v)]);
      measure.close(`logits with ${how}`, `row ${b}`, got, expected, tolerance.logits);
    });
  }
  const tokenizer = await loadTokenizer(golden);
  const expected = records.map((record) => encodeRecord(tokenizer, record, 'chosen'));
  measure.exact(
    'ids of the texts',
    'chosen',
    expected,
    rows.map(({ ids }) => ids),
  );
};

type LoraAdapter = Adapter & { readonly spec: LoraSpec };

async function mergeInGraph({ config, tensors }: Checkpoint, adapter: LoraAdapter): Promise<TensorMap> {
  const program = await MergeProgram.create(
    new ProgramContext(config, { intraOpThreads: 1, executionProvider: 'cpu' }),
  );
  try {
    const merged = new Map(tensors);
    for (const target of loraTargets(adapter.spec, shapesOf(tensors), 'adapter')) {
      const weight = present(tensors.get(target.tensor), target.tensor);
      merged.set(target.tensor, await program.run(weight, adapter.tensors, target));
    }
    return merged;
  } finally {
    await program.dispose();
  }
}
