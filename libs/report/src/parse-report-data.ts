/** @file Reads `report.json` back, checked: a page is never drawn from something else. */
import { z } from 'zod';
import { messageOf } from '#core';
import type { ReportData } from './report-data.js';
import { ReportDataInvalidError } from './report.errors.js';

/** Problems that an error names, at most. */
const PROBLEM_COUNT_MAX = 5;

/** A figure that may be undefined, for instance a mean of nothing; JSON writes NaN as null. */
const figure = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const judged = z.object({
  judge: z.string(),
  scores: z.array(z.number().nullable()),
  epoch: z.number().exactOptional(),
  weightsDigest: z.string().exactOptional(),
});

const evaluation = z.object({
  stage: z.string(),
  adapterDigest: z.string(),
  judged: z.array(judged),
  judgedThen: z.array(judged).exactOptional(),
  distinct: z.tuple([figure, figure, figure]),
  meanTokenCount: figure,
  endTokenRate: figure,
  klToSft: figure,
  nllUnderSft: figure,
  topWord: z.object({ word: z.string(), share: z.number() }).nullable(),
  examples: z.array(z.object({ prompt: z.string(), sampled: z.string(), greedy: z.string() })),
});

const iteration = z.object({
  iteration: z.number(),
  promptCount: z.number(),
  sampledCount: z.number(),
  annotationCount: z.number(),
  pairCount: z.number(),
  droppedTieCount: z.number(),
  droppedInvalidCount: z.number(),
  offlineCount: z.number().exactOptional(),
  truncatedCount: z.number(),
  metaUpdateCount: z.number(),
  optimizerStepCount: z.number(),
  meanLoss: figure,
  curve: z.array(z.object({ score: z.number(), weight: z.number() })),
  gate: z.array(
    z.object({
      itemId: z.string(),
      score: z.number(),
      ellOff: z.number(),
      weight: z.number(),
      sampled: z.boolean(),
      ellOn: z.number().exactOptional(),
    }),
  ),
});

const phase = z.object({
  phase: z.string(),
  unitCount: z.number(),
  p50Ms: figure,
  p95Ms: figure,
  maxMs: figure,
  wallMs: figure,
});

const spending = z.object({
  limit: z.number().nullable(),
  secondsLimit: z.number().nullable(),
  onLimit: z.enum(['close_gate', 'stop']),
  countsEvaluation: z.boolean(),
  spent: z.number(),
  price: z.object({ perAnnotation: z.number(), currency: z.string() }).nullable(),
  forecasts: z.array(z.object({ iteration: z.number(), annotations: z.number(), annotationsUncapped: z.number() })),
});

const gateEvent = z.object({
  kind: z.enum(['closed', 'reopened']),
  iteration: z.number(),
  unit: z.number(),
  reason: z.enum(['budget', 'time', 'annotator']),
});

const keptAndLost = z.object({ group: z.string(), keptCount: z.number(), lostCount: z.number() });

const losses = z.object({
  chosenCount: z.number(),
  lostCount: z.number(),
  reasons: z.array(z.object({ reason: z.string(), rowCount: z.number() })),
  offlineCount: z.number(),
  backfilledCount: z.number(),
  byPromptLength: z.array(keptAndLost),
  bySource: z.array(keptAndLost),
});

const replica = z.object({
  address: z.string(),
  state: z.enum(['joining', 'serving', 'suspended', 'refused']),
  unitCount: z.number(),
  checkCount: z.number(),
  deltaMax: z.number().nullable(),
});

const epochAnnotations = z.object({ paid: z.number(), found: z.number() });

const rewardEpoch = z.object({ epoch: z.number(), weightsDigest: z.string() });

const rewardModels = z.object({
  policy: z.enum(['pin', 'follow', 'rescore']),
  epochs: z.array(
    rewardEpoch.extend({ rewardModel: z.string(), training: epochAnnotations, evaluation: epochAnnotations }),
  ),
  swaps: z.array(
    z.object({
      rewardModel: z.string(),
      iteration: z.number(),
      time: z.string(),
      from: rewardEpoch,
      to: rewardEpoch,
      promptCount: z.number().exactOptional(),
    }),
  ),
  rescoredCount: z.number(),
});

const schema = z.object({
  schema: z.literal('metaapo.report/1'),
  runId: z.string(),
  name: z.string(),
  preset: z.string(),
  seed: z.number(),
  state: z.enum(['succeeded', 'cancelled', 'failed', 'running']),
  serviceVersion: z.string(),
  trainingReward: z.string(),
  judges: z.array(z.string()),
  annotations: z.object({ used: z.number(), total: z.number(), fromLedger: z.number(), evaluation: z.number() }),
  spending: spending.exactOptional(),
  gateEvents: z.array(gateEvent).exactOptional(),
  losses: losses.exactOptional(),
  rewardModels: rewardModels.exactOptional(),
  evaluations: z.array(evaluation),
  iterations: z.array(iteration),
  phases: z.array(phase),
  replicas: z.array(replica).exactOptional(),
  configYaml: z.string(),
  digests: z.record(z.string(), z.string()),
}) satisfies z.ZodType<ReportData>;

/** Reads a report from its JSON text; `where` names the file in errors. */
export function parseReportData(text: string, where: string): ReportData {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw new ReportDataInvalidError([messageOf(thrown)], where);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  const shown = problems.slice(0, PROBLEM_COUNT_MAX);
  const rest = problems.length - shown.length;
  throw new ReportDataInvalidError(rest > 0 ? [...shown, `${rest} more`] : shown, where);
}
