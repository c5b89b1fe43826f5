/**
 * @file Two reward models in disjoint ranges, and reward replicas whose model is swapped while a run waits: a training prompt
 * is held until the swap is done, so that what comes before and after it does not depend on who is faster.
 */
import { existsSync, rmSync, watch, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createRpcClient } from '#platform/rpc';
import type { Replica } from '../support/services.js';

/** Scores of the second model are above it, those of the first one below. */
export const BETWEEN_MODELS = 500;

/** Training prompts of the tiny project begin with their number, held-out ones do not. */
const SOURCE = ({ base, sign }: Range, hold: string, reached: string): string => `
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
export async function score({ prompt, response }) {
  while (/^[0-9]/.test(prompt.text) && existsSync(${JSON.stringify(hold)})) {
    writeFileSync(${JSON.stringify(reached)}, '');
    await setTimeout(5);
  }
  return ${base} + ${sign} * ((response.match(/[aeiou]/gi) ?? []).length - 0.1 * response.length);
}
`;

/** A model's scores: around a base, more or less with every vowel. */
export interface Range {
  readonly base: number;
  readonly sign: 1 | -1;
}

export class HeldModel {
  readonly spec: { readonly backend: 'module'; readonly path: string };
  private readonly hold: string;
  private readonly reached: string;

  constructor(
    private readonly folder: string,
    name: string,
    range: Range,
  ) {
    const path = join(folder, `${name}.mjs`);
    this.spec = { backend: 'module', path };
    this.hold = join(folder, `${name}.hold`);
    this.reached = join(folder, `${name}.reached`);
    writeFileSync(path, SOURCE(range, this.hold, this.reached));
  }

  /** Holds the next training prompt; resolves when one has come. */
  close(): { readonly arrival: Promise<void> } {
    rmSync(this.reached, { force: true });
    writeFileSync(this.hold, '');
    const { promise, resolve } = Promise.withResolvers<void>();
    const watcher = watch(this.folder, (_event, name) => {
      if (name !== basename(this.reached) || !existsSync(this.reached)) return;
      watcher.close();
      resolve();
    });
    return { arrival: promise };
  }

  open(): void {
    rmSync(this.hold, { force: true });
  }
}

export interface Swap {
  /** Of the reward. */
  readonly name: string;
  readonly model: HeldModel;
  /** Epoch in service before. */
  readonly epoch: number;
  /** True frees the model before. @default false */
  readonly retires?: boolean;
}

/** Puts another model into service, one replica after the other. */
export async function swap(replicas: readonly Replica[], { name, model, epoch, retires = false }: Swap): Promise<void> {
  const rewardModel = name;
  for (const { adminAddress } of replicas) {
    const admin = createRpcClient('metaapo.reward.v1.RewardAdminService', adminAddress);
    try {
      await admin.stageRewardModel({ rewardModel, specJson: JSON.stringify(model.spec) });
      await admin.promoteRewardModel({ rewardModel, expectedEpoch: String(epoch) });
      if (retires) await admin.retireRewardModel({ rewardModel, target: 'epoch', epoch: String(epoch) });
    } finally {
      admin.close();
    }
  }
}
