/**
 * @file Kind `lora-gradient`: the gradient of a weighted loss for an adapter whose values come from a formula.
 *
 * Tensor number n, flat index i, in unsigned 32-bit arithmetic:
 *   x = i·9E3779B1 + n·85EBCA6B;  x ^= x≫16;  x ·= 21F0AAAD;  x ^= x≫15;  x ·= 735A2D97;  x ^= x≫15
 *   value = float32((x/2³² − ½)·2·amplitude),  amplitude 0.05 for A, 0.02 for B;  n = salt + 1 + index
 */
import { f32Tensor, present, type F32Tensor } from '#core';
import { adapterShapes, shapesOf, type Adapter, type BaseShapes, type LoraSpec } from '#ml/adapters';
import { globalNorm } from '#ml/optim';
import type { Checker } from '../checker.js';
import type { GoldenTensors } from '../golden-case.js';
import type { AbsTolerance, Measurements, NormTolerance } from '../measurement.js';
import { loadCheckpoint, loadTokenizer, putAdapter, withEngine } from '../model-fixture.js';
import {
  CONSTANT_START,
  PROMPT_VALUES,
  gradientRows,
  isAveraging,
  objectiveOf,
  preferenceRows,
  promptValues,
  responseLogProbs,
  type GoldenLoss,
  type PromptValues,
} from '../preference-fixture.js';
import { RESPONSE_KINDS, encodeRecord, type GoldenRecord, type ResponseKind } from '../token-rows.js';

type LogProbs = { readonly [K in ResponseKind]: readonly number[] };

interface Content {
  readonly adapter: {
    readonly r: number;
    readonly alpha: number;
    readonly salt: number;
    readonly modules: readonly string[];
  };
  readonly loss: GoldenLoss;
  readonly tolerance: Readonly<Record<(typeof PROMPT_VALUES)[number] | 'logps' | 'loss', AbsTolerance>> & {
    readonly gradients: NormTolerance;
  };
  readonly records: readonly GoldenRecord[];
  readonly policy_logps: LogProbs;
  readonly reference_logps: LogProbs;
  readonly result: PromptValues & { readonly loss: number };
  readonly grad_norm: number;
  /** In the order of the tensors' numbers. */
  readonly grad_norms: Readonly<Record<string, number>>;
}

const AMPLITUDES = { lora_A: 0.05, lora_B: 0.02 } as const;

export const checkLoraGradient: Checker = (golden, measure) =>
  withEngine(golden, async (engine) => {
    const content = golden.as<Content>();
    const { loss, tolerance, records, result: expected } = content;
    const tensors = await golden.tensors();
    const rows = preferenceRows(tensors);
    const tokenizer = await loadTokenizer(golden);
    const adapter = formulaAdapter(content, shapesOf((await loadCheckpoint(golden)).tensors));
    checkFormula(adapter, tensors, measure);
    const policy = await putAdapter(engine, adapter);
    for (const kind of RESPONSE_KINDS) {
      const ids = records.map((record) => encodeRecord(tokenizer, record, kind));
      measure.exact(
        'ids of the texts',
        kind,
        ids,
        rows[kind].map((row) => row.ids),
      );
    }
    const mean = isAveraging(loss);
    for (const [name, ref, logps] of [
      ['policy log-probs', policy, content.policy_logps],
      ['reference log-probs', null, content.reference_logps],
    ] as const) {
      const own = await responseLogProbs(engine, ref, { rows, mean });
      for (const kind of RESPONSE_KINDS) measure.close(name, kind, own[kind], logps[kind], tolerance.logps);
    }
    const result = await engine.gradient({
      policy,
      reference: null,
      objective: objectiveOf(loss),
      weighting: loss.fixed_w === null ? CONSTANT_START : { kind: 'constant', weight: loss.fixed_w },
      rows: gradientRows(rows, 0, rows.chosen.length),
    });
    const values = promptValues(result.rows, loss);
    for (const name of PROMPT_VALUES) measure.close(name, 'all', values[name], expected[name], tolerance[name]);
    measure.close('loss', 'all', [result.lossSum / result.rows.length], [expected.loss], tolerance.loss);
    checkGradients(meanOf(result.gradients, result.rows.length), { content, tensors, measure });
  });

interface GradientContext {
  readonly content: Content;
  readonly tensors: GoldenTensors;
  readonly measure: Measurements;
}

function checkGradients(
  gradients: ReadonlyMap<string, F32Tensor>,
  { content, tensors, measure }: GradientContext,
): void {
  const { gradients: allowed } = content.tolerance;
  const relative = (got: number, golden: number) => Math.abs(got - golden) / golden;
  measure.figure('gradient norm', 'all', relative(globalNorm(gradients), content.grad_norm), allowed.relative_all);
  const names = Object.keys(content.grad_norms);
  measure.exact('gradient tensors', 'all', [...gradients.keys()].sort(), names.toSorted());
  for (const [name, norm] of Object.entries(content.grad_norms)) {
    const own = globalNorm(new Map([[name, present(gradients.get(name), name)]]));
    measure.figure('gradient norm of each tensor', name, relative(own, norm), allowed.relative_worst_tensor);
  }
  const full = tensors.names('grad.').map((stored) => {
    const name = stored.replace('grad.', '');
    return [name, present(gradients.get(name), name).data, tensors.numbers(stored)] as const;
  });
  measure.norms('gradients', 'all', full, allowed);
}

/** The rows of adapter tensors that are on file, to the bit. */
function checkFormula({ tensors: own }: Adapter, tensors: GoldenTensors, measure: Measurements): void {
  for (const stored of tensors.names('adapter.')) {
    const golden = tensors.f32(stored);
    const { data } = present(own.get(stored.replace('adapter.', '')), stored);
    measure.exact('adapter values', stored, [...data.subarray(0, golden.data.length)], [...golden.data]);
  }
}

function formulaAdapter({ adapter, grad_norms: norms }: Content, shapes: BaseShapes): Adapter {
  const spec: LoraSpec = {
    kind: 'lora',
    rank: adapter.r,
    alpha: adapter.alpha,
    rankStabilized: false,
    targetModules: adapter.modules.toSorted(),
  };
  const dimsOf = adapterShapes(spec, shapes, 'adapter');
  const tensors = Object.keys(norms).map((name, index) => {
    const dims = present(dimsOf.get(name), `shape of ${name}`);
    const amplitude = name.includes('.lora_A.') ? AMPLITUDES.lora_A : AMPLITUDES.lora_B;
    return [name, formulaTensor(adapter.salt + index + 1, dims, amplitude)] as const;
  });
  return { spec, tensors: new Map(tensors) };
}

function formulaTensor(number: number, dims: readonly number[], amplitude: number): F32Tensor {
  const data = new Float32Array(dims.reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i++) {
    let x = Math.imul(i, 0x9e3779b1) + Math.imul(number, 0x85ebca6b);
    x ^= x >>> 16;
    x = Math.imul(x, 0x21f0aaad);
    x ^= x >>> 15;
    x = Math.imul(x, 0x735a2d97);
    x ^= x >>> 15;
    data[i] = ((x >>> 0) / 2 ** 32 - 0.5) * 2 * amplitude;
  }
  return f32Tensor(dims, data);
}

function meanOf(sums: ReadonlyMap<string, F32Tensor>, count: number): ReadonlyMap<string, F32Tensor> {
  return new Map(
    [...sums].map(([name, { dims, data }]) => [
      name,
      f32Tensor(
        dims,
        data.map((sum) => sum / count),
      ),
    ]),
  );
}
