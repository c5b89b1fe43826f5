/** @file The shadows of all names: each staged model has one from its staging to its end, whether it scores traffic or not. */
import type { Clock } from '#core';
import type { LoadedModel } from '../loaded-model.js';
import type { NamedModels, ServedModel } from '../reward-registry.js';
import { Shadow, type AnsweredItem } from './shadow.js';
import { liveEpoch } from './slots.js';

export interface ShadowsOptions {
  readonly clock: Clock;
  /** `ok`, the reason of an error, or `dropped`. For metrics. */
  readonly onResponse?: ((rewardModel: string, outcome: string) => void) | undefined;
}

interface Beside {
  readonly shadow: Shadow;
  readonly staged: LoadedModel;
  /** The model in service whose answers it is held against. */
  live: LoadedModel | undefined;
}

export class Shadows {
  private readonly byName = new Map<string, Beside>();

  constructor(private readonly options: ShadowsOptions) {}

  of(rewardModel: string): Shadow | undefined {
    return this.byName.get(rewardModel)?.shadow;
  }

  /** Follows a name's slots after every change. What was scored beside another model than the one in service is forgotten. */
  follow({ slots, models }: NamedModels): void {
    const { rewardModel, staged: record } = slots;
    const staged = record && models.get(record.model);
    const live = models.get(liveEpoch(slots).model);
    const before = this.byName.get(rewardModel);
    if (before && before.staged !== staged) {
      before.shadow.trafficFraction = 0;
      this.byName.delete(rewardModel);
    }
    if (!record || !staged) return;
    const beside = this.byName.get(rewardModel) ?? { shadow: this.shadowOf(rewardModel, staged), staged, live };
    if (beside.live !== live) beside.shadow.forget();
    beside.live = live;
    beside.shadow.trafficFraction = record.shadow?.trafficFraction ?? 0;
    this.byName.set(rewardModel, beside);
  }

  wants({ provenance, loaded }: ServedModel): boolean {
    const beside = this.byName.get(provenance.rewardModel);
    return beside !== undefined && beside.shadow.trafficFraction > 0 && beside.live === loaded;
  }

  observe({ provenance }: ServedModel, items: readonly AnsweredItem[]): void {
    this.of(provenance.rewardModel)?.offer(items);
  }

  close(): void {
    for (const { shadow } of this.byName.values()) shadow.trafficFraction = 0;
    this.byName.clear();
  }

  private shadowOf(rewardModel: string, staged: LoadedModel): Shadow {
    const { clock, onResponse } = this.options;
    return new Shadow({ rewardModel, staged, clock, onResponse: (outcome) => onResponse?.(rewardModel, outcome) });
  }
}
