/** @file A reward that counts good words, behind the trainer's port. For specs; it counts what it is asked, and can fail. */
import { assert, canonicalJson } from '#core';
import { failed, succeeded } from '../domain/ports/outcomes.js';
import { RewardEpochGoneError } from '../domain/ports/ports.errors.js';
import type { AnnotateResult, AnnotateUnit, RewardModel, RewardPort } from '../domain/ports/reward-port.js';

/** Good words minus bad ones. */
export function toyScore(text: string): number {
  return text
    .split(' ')
    .reduce((sum, word) => sum + (/^(good|great)$/.test(word) ? 1 : /^(bad|awful)$/.test(word) ? -1 : 0), 0);
}

interface ToyEpoch extends RewardModel {
  readonly score?: (text: string) => number;
  isWarm: boolean;
}

export class ToyReward implements RewardPort {
  /** Every (model, prompt, text) that was scored, in order; a text twice would be paid for twice. */
  readonly scored: string[] = [];
  beforeCall: (unit: AnnotateUnit) => void | Promise<void> = () => {};
  /** Texts that cannot be scored. */
  isBroken: (text: string) => boolean = () => false;
  score: (text: string) => number = toyScore;

  /** What has stood behind a name, in order; the last is in service. */
  private readonly epochs = new Map<string, ToyEpoch[]>();

  /** Puts another model into service; the one before stays warm. */
  promote(name: string, weightsDigest: string, score?: (text: string) => number): void {
    const epochs = this.epochsOf(name);
    epochs.push({ name, epoch: String(epochs.length + 1), weightsDigest, isWarm: true, ...(score && { score }) });
  }

  /** Frees an epoch that is not in service. */
  retire(name: string, epoch: number): void {
    this.epochsOf(name)[epoch - 1]!.isWarm = false;
  }

  describe(name: string): Promise<RewardModel> {
    const { epoch, weightsDigest } = this.epochsOf(name).at(-1)!;
    return Promise.resolve({ name, epoch, weightsDigest });
  }

  serves(model: RewardModel): Promise<boolean> {
    return Promise.resolve(this.servedAs(model) !== undefined);
  }

  async annotate(unit: AnnotateUnit): Promise<AnnotateResult> {
    await this.beforeCall(unit);
    const model = this.servedAs(unit.model);
    if (!model) throw new RewardEpochGoneError(unit.model, this.epochsOf(unit.model.name).at(-1)!, 'toy:1');
    const items = unit.items.map(({ prompt, responses }) =>
      succeeded(
        responses.map(({ text }) => {
          if (this.isBroken(text)) return failed({ reason: 'REWARD_BACKEND_FAILED', message: 'told to fail' });
          this.scored.push(`${nameOf(model)} ${prompt.text} ${text}`);
          return succeeded({ score: (model.score ?? this.score)(text), components: {} });
        }),
      ),
    );
    const { name: rewardModel, epoch, weightsDigest } = model;
    return { items, provenance: canonicalJson({ rewardModel, epoch, weightsDigest }) };
  }

  private epochsOf(name: string): ToyEpoch[] {
    const epochs = this.epochs.get(name) ?? [{ name, epoch: '1', weightsDigest: `sha256:${name}`, isWarm: true }];
    this.epochs.set(name, epochs);
    return epochs;
  }

  /** The model under whichever epoch it is loaded. */
  private servedAs({ name, weightsDigest }: RewardModel): ToyEpoch | undefined {
    return this.epochsOf(name).find((model) => model.isWarm && model.weightsDigest === weightsDigest);
  }
}

/** A model that came later has its epoch in the name. */
function nameOf({ name, epoch }: ToyEpoch): string {
  return epoch === '1' ? name : `${name}#${epoch}`;
}

/** With the reward service's request cache: a request that comes again under the same id is not scored again. */
export class RememberingReward extends ToyReward {
  private readonly answers = new Map<string, { readonly asked: string; readonly result: AnnotateResult }>();

  override async annotate(unit: AnnotateUnit): Promise<AnnotateResult> {
    const asked = JSON.stringify(unit.items);
    const known = this.answers.get(unit.requestId);
    assert(known === undefined || known.asked === asked, `request ${unit.requestId} came with other content`);
    if (known) return known.result;
    const result = await super.annotate(unit);
    this.answers.set(unit.requestId, { asked, result });
    return result;
  }
}
