/** @file What the state file holds, checked when it is read: a file that was edited or cut is refused, not guessed at. */
import { z } from 'zod';
import { isDigest, type Digest } from '#core';
import type { BackendSpec } from '../domain/backends/backend-kinds.js';
import { EVENT_KINDS, type NameState, type ServiceState } from '../domain/lifecycle/name-state.js';

const FORMAT = 'metaapo reward state';
const VERSION = 1;

const digest = z.string().refine((text): text is Digest => isDigest(text), 'expected a digest');
const count = z.number().int().min(0);
/** What is loaded is checked when it is loaded. */
const spec = z.looseObject({ backend: z.string() }).transform((value) => value as unknown as BackendSpec);
const interval = z.strictObject({ estimate: z.number(), low: z.number(), high: z.number() });

const side = z.strictObject({
  scoreMin: z.number(),
  scoreMax: z.number(),
  scoreMean: z.number(),
  scoreStd: z.number(),
  latencyMedianMs: z.number().exactOptional(),
  latencyP95Ms: z.number().exactOptional(),
  failures: z.record(z.string(), count),
  mayBill: z.boolean(),
  componentSums: z.record(z.string(), z.number()),
});

const report = z.strictObject({
  liveEpoch: count,
  liveDigest: digest,
  stagedDigest: digest,
  madeAtMs: z.number(),
  itemCount: count,
  shadowItemCount: count,
  responseCount: count,
  shadowDroppedCount: count,
  pairCount: count,
  pairFlipFraction: interval.exactOptional(),
  bestOfKChangeFraction: interval.exactOptional(),
  spearman: interval.exactOptional(),
  kendall: interval.exactOptional(),
  slope: interval.exactOptional(),
  intercept: interval.exactOptional(),
  residualRms: z.number().exactOptional(),
  residualFraction: z.number().exactOptional(),
  live: side,
  staged: side,
});

const slots = z.strictObject({
  rewardModel: z.string(),
  nextModel: count,
  models: z.array(
    z.strictObject({ id: count, spec, weightsDigest: digest, tokenizerDigest: z.string(), templateDigest: z.string() }),
  ),
  epochs: z.array(z.strictObject({ epoch: z.number().int().min(1), model: count })).min(1),
  staged: z
    .strictObject({
      model: count,
      shadow: z.strictObject({ trafficFraction: z.number().gt(0).max(1) }).optional(),
      report: report.optional(),
    })
    .optional(),
});

const event = z.strictObject({
  kind: z.enum(EVENT_KINDS),
  atMs: z.number(),
  epoch: count,
  weightsDigest: z.string(),
  spec,
  requester: z.string(),
  reason: z.string(),
  requestId: z.string(),
  forced: z.boolean().optional(),
  report: report.optional(),
  limits: z
    .strictObject({
      pair_flip_max: z.number().optional(),
      best_of_k_change_max: z.number().optional(),
      spearman_min: z.number().optional(),
      items_min: z.number().optional(),
    })
    .optional(),
});

const provenance = z.strictObject({
  rewardModel: z.string(),
  epoch: count,
  weightsDigest: z.string(),
  tokenizerDigest: z.string(),
  templateDigest: z.string(),
  backend: z.string(),
  executionProvider: z.string(),
  dtype: z.string(),
  serviceVersion: z.string(),
  truncation: z.string(),
});

const answer = z.strictObject({
  requestId: z.string().min(1),
  contentDigest: digest,
  answer: z.strictObject({
    state: z.enum(['staged', 'shadowing', 'promoted', 'superseded', 'retired']),
    provenance,
    scoreMin: z.number().optional(),
    scoreMax: z.number().optional(),
  }),
});

const nameState = z
  .strictObject({ configured: spec, slots, events: z.array(event), answers: z.array(answer) })
  .refine(({ slots: { models, epochs, staged } }) => {
    const ids = new Set(models.map(({ id }) => id));
    const isGrowing = epochs.every(({ epoch }, index) => index === 0 || epoch > epochs[index - 1]!.epoch);
    return isGrowing && epochs.every(({ model }) => ids.has(model)) && (!staged || ids.has(staged.model));
  }, 'expected epochs that grow, and models for all slots');

const file = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  names: z.record(z.string(), nameState),
});

export function encodeState(state: ServiceState): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, names: Object.fromEntries(state) }, null, 1)}\n`;
}

/** @throws TypeError that says where it is not what it should be */
export function decodeState(value: unknown): ServiceState {
  const { data, error } = file.safeParse(value);
  if (error) {
    const [first] = error.issues;
    throw new TypeError(`${first?.path.join('.') ?? ''}: ${first?.message ?? 'invalid'}`);
  }
  return new Map<string, NameState>(Object.entries(data.names));
}
