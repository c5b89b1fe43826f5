/** @file Kind `gradients`: weighted losses, their statistics, and the gradient of every trainable tensor. */
import { f32Tensor, present } from '#core';
import type { GradientResult, PolicyEngine, PolicyRef } from '#ml/engine';
import { globalNorm } from '#ml/optim';
import type { Checker } from '../checker.js';
import type { GoldenCase } from '../golden-case.js';
import type { AbsTolerance, Measurements, NormTolerance } from '../measurement.js';
import {
  loadCheckpoint,
  loadTokenizer,
  putAdapter,
  referencePolicy,
  startingAdapter,
  withEngine,
} from '../model-fixture.js';
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
  type PreferenceRows,
  type PromptValues,
} from '../preference-fixture.js';
import { RESPONSE_KINDS, encodeRecord, type GoldenRecord, type ResponseKind } from '../token-rows.js';

type LogProbs = { readonly [K in ResponseKind]: readonly number[] };

interface Run {
  readonly name: string;
  readonly loss: GoldenLoss;
  readonly policy_logps: LogProbs;
  readonly reference_logps: LogProbs | null;
  readonly result: PromptValues & { readonly loss: number };
  readonly grad_norm: number;
  /** Absent where only values are on file. */
  readonly gradients?: string;
}

type RunTolerance = Readonly<Record<(typeof PROMPT_VALUES)[number] | 'logps' | 'loss', AbsTolerance>> & {
  readonly gradients: NormTolerance;
};

interface Content {
  readonly tolerance: Readonly<Record<string, RunTolerance>>;
  readonly records: readonly GoldenRecord[];
  readonly runs: readonly Run[];
}

interface Policies {
  readonly engine: PolicyEngine;
  readonly policy: NonNullable<PolicyRef>;
  readonly reference: PolicyRef;
  readonly rows: PreferenceRows;
}

export const checkGradients: Checker = (golden, measure) =>
  withEngine(golden, async (engine) => {
    const { tolerance, records, runs } = golden.as<Content>();
    const policy = await putAdapter(engine, await startingAdapter(golden, await loadCheckpoint(golden)));
    const reference = await referencePolicy(golden, engine);
    const rows = preferenceRows(await golden.tensors('inputs.safetensors'));
    const tokenizer = await loadTokenizer(golden);
    for (const kind of RESPONSE_KINDS) {
      const expected = records.map((record) => encodeRecord(tokenizer, record, kind));
      measure.exact(
        'ids of the texts',
        kind,
        expected,
        rows[kind].map(({ ids }) => ids),
      );
    }
    for (const run of runs) {
      const limits = present(tolerance[run.name], `tolerance of ${run.name}`);
      const policies = { engine, policy, reference, rows };
      await checkLogProbs(run, policies, limits.logps, measure);
      const result = await engine.gradient({
        policy,
        reference,
        objective: objectiveOf(run.loss),
        weighting: run.loss.fixed_w === null ? CONSTANT_START : { kind: 'constant', weight: run.loss.fixed_w },
        rows: gradientRows(rows, 0, rows.chosen.length),
      });
      const values = promptValues(result.rows, run.loss);
      for (const name of PROMPT_VALUES) measure.close(name, run.name, values[name], run.result[name], limits[name]);
      measure.close('loss', run.name, [result.lossSum / result.rows.length], [run.result.loss], limits.loss);
      await checkGradientTensors(golden, run, { result, limits, measure });
    }
  });

async function checkLogProbs(
  run: Run,
  policies: Policies,
  tolerance: AbsTolerance,
  measure: Measurements,
): Promise<void> {
  const { engine, policy, reference, rows } = policies;
  const mean = isAveraging(run.loss);
  const own = await responseLogProbs(engine, policy, { rows, mean });
  for (const kind of RESPONSE_KINDS) {
    measure.close('policy log-probs', `${run.name} ${kind}`, own[kind], run.policy_logps[kind], tolerance);
  }
  if (!run.reference_logps) return;
  const frozen = await responseLogProbs(engine, reference, { rows, mean });
  for (const kind of RESPONSE_KINDS) {
    measure.close('reference log-probs', `${run.name} ${kind}`, frozen[kind], run.reference_logps[kind], tolerance);
  }
}

interface GradientContext {
  readonly result: GradientResult;
  readonly limits: RunTolerance;
  readonly measure: Measurements;
}

async function checkGradientTensors(golden: GoldenCase, run: Run, context: GradientContext): Promise<void> {
  const { result, limits, measure } = context;
  const count = result.rows.length;
  const mean = new Map(
    [...result.gradients].map(([name, { dims, data }]) => [
      name,
      f32Tensor(
        dims,
        data.map((sum) => sum / count),
      ),
    ]),
  );
  const relativeNorm = Math.abs(globalNorm(mean) - run.grad_norm) / run.grad_norm;
  measure.figure('gradient norm', run.name, relativeNorm, limits.gradients.relative_all);
  if (run.gradients === undefined) return;
  const tensors = await golden.tensors(run.gradients);
  measure.exact('gradient tensors', run.name, [...mean.keys()].sort(), tensors.names().sort());
  const pairs = [...mean].map(([name, { data }]) => [name, data, tensors.numbers(name)] as const);
  measure.norms('gradients', run.name, pairs, limits.gradients);
}
