/** @file What a run reads before it begins: data, held-out prompts, the model it starts from, a frozen φ. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { digestOf, type Digest } from '#core';
import type { Prompt } from '#contracts/common';
import { adapterDigest, initialLora, resolveLora, type AdapterSpec } from '#ml/adapters';
import { openCheckpoint } from '#ml/checkpoint';
import { loadPreferences, loadPrompts, type PromptRow } from '#ml/data';
import { loraRules, type RunConfig } from '#run-config';
import { orderedRows, type PreferenceRow } from '../algorithm/rows.js';
import type { MetaLearnerState } from '../ports/meta-learner-port.js';
import type { PolicyDescription } from '../ports/policy-port.js';
import type { PolicyState } from './policy-state.js';
import { BaseModelMismatchError, SnapshotInvalidError } from './run.errors.js';

export interface RunData {
  /** All rows in the seeded order. */
  readonly rows: readonly PreferenceRow[];
  readonly heldOut: readonly Pick<PreferenceRow, 'id' | 'prompt'>[];
  /** Rows of the data that were left out as bad. */
  readonly rejectedCount: number;
  /** Digests of the files, by what they are. */
  readonly digests: Readonly<Record<string, Digest>>;
}

/** @throws DataInvalidError (`DATA_INVALID`) */
export async function readData(config: RunConfig, baseDirectory: string): Promise<RunData> {
  const { data, evaluation, seed } = config;
  const loaded = await loadPreferences(resolve(baseDirectory, data.train), { badRowsMax: data.max_bad_rows });
  const rows = [...loaded.rows.values()].map(({ rowId, prompt, chosen, rejected, source }) => {
    return { id: rowId, prompt: promptOf(prompt), chosen, rejected, ...(source !== undefined && { source }) };
  });
  const heldOut =
    evaluation.prompts === null ? undefined : await loadPrompts(resolve(baseDirectory, evaluation.prompts));
  return {
    rows: orderedRows(rows, { seed, rowsMax: data.max_rows }),
    heldOut: [...(heldOut?.rows.values() ?? [])].slice(0, evaluation.count).map(({ rowId, prompt }) => {
      return { id: rowId, prompt: promptOf(prompt) };
    }),
    rejectedCount: loaded.rejected.length,
    digests: { data: loaded.digest, ...(heldOut && { held_out: heldOut.digest }) },
  };
}

function promptOf(prompt: PromptRow['prompt']): Prompt {
  if (prompt.kind === 'text') return { form: 'text', text: prompt.text };
  const messages = prompt.messages.map(({ role, content }) => ({ role, content }));
  return { form: 'conversation', conversation: { messages } };
}

/**
 * The policy before training: a fresh low-rank update, or every tensor of the base.
 *
 * @throws BaseModelMismatchError (`BASE_MODEL_MISMATCH`) when the model found here is not the one that is served
 */
export async function initialPolicy(
  config: RunConfig,
  { baseTensors, baseDigest }: PolicyDescription,
  /** Path of the base model on this machine; only full training asks. */
  locateBase: () => Promise<string>,
): Promise<{ readonly spec: AdapterSpec; readonly policy: PolicyState }> {
  const { model, seed } = config;
  if (model.training === 'full') {
    const spec: AdapterSpec = { kind: 'full' };
    const { tensors, digest } = await openCheckpoint(await locateBase());
    if (digest !== baseDigest) throw new BaseModelMismatchError(model.path, digest, baseDigest);
    const sorted = new Map([...tensors].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    return { spec, policy: { digest: adapterDigest({ spec, tensors: sorted }), tensors: sorted } };
  }
  const base = new Map(baseTensors.map(({ name, dims }) => [name, dims]));
  const spec = resolveLora(loraRules(config), base, { where: 'model.lora' });
  const { tensors } = initialLora({ spec, base, seed, init: model.lora.init });
  return { spec, policy: { digest: adapterDigest({ spec, tensors }), tensors } };
}

const vector = z.array(z.number());
const phi = z.object({ W1: vector, b1: vector, W2: vector, b2: vector });
const stateSchema = z.object({
  version: z.number(),
  stepCount: z.number(),
  settings: z.object({
    hiddenWidth: z.number(),
    init: z.enum(['constant', 'random']),
    initSeed: z.string(),
    learningRate: z.number(),
    weightDecay: z.number(),
    gradientNormMax: z.number(),
    stepsPerUpdate: z.number(),
  }),
  parameters: phi,
  firstMoments: phi,
  secondMoments: phi,
});

/** φ that another run left in its directory. @throws SnapshotInvalidError (`SNAPSHOT_INVALID`) */
export async function readFrozen(
  { algorithm: { weight } }: RunConfig,
  baseDirectory: string,
): Promise<{ readonly state: MetaLearnerState; readonly digest: Digest } | undefined> {
  if (weight.kind !== 'frozen' || weight.snapshot === null) return undefined;
  const path = resolve(baseDirectory, weight.snapshot);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new SnapshotInvalidError(path, 'found no readable file', cause);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SnapshotInvalidError(path, 'found no JSON', cause);
  }
  const parsed = stateSchema.safeParse(value);
  if (!parsed.success) throw new SnapshotInvalidError(path, z.prettifyError(parsed.error), parsed.error);
  return { state: parsed.data, digest: digestOf(text) };
}
