/** @file A reward that counts good words, behind the trainer's port. For specs; it counts what it is asked, and can fail. */
import { assert } from '#core';
import { failed, succeeded } from '../domain/ports/outcomes.js';
import type { AnnotateResult, AnnotateUnit, RewardModel, RewardPort } from '../domain/ports/reward-port.js';

/** Good words minus bad ones. */
export function toyScore(text: string): number {
  return text
    .split(' ')
    .reduce((sum, word) => sum + (/^(good|great)$/.test(word) ? 1 : /^(bad|awful)$/.test(word) ? -1 : 0), 0);
}

export class ToyReward implements RewardPort {
  /** Every (model, prompt, text) that was scored, in order; a text twice would be paid for twice. */
  readonly scored: string[] = [];
  beforeCall: (unit: AnnotateUnit) => void | Promise<void> = () => {};
  /** Texts that cannot be scored. */
  isBroken: (text: string) => boolean = () => false;
  score: (text: string) => number = toyScore;

  describe(name: string): Promise<RewardModel> {
    return Promise.resolve({ name, epoch: '1', weightsDigest: `sha256:${name}` });
  }

  async annotate(unit: AnnotateUnit): Promise<AnnotateResult> {
    await this.beforeCall(unit);
    const items = unit.items.map(({ prompt, responses }) =>
      succeeded(
        responses.map(({ text }) => {
          if (this.isBroken(text)) return failed({ reason: 'REWARD_BACKEND_FAILED', message: 'told to fail' });
          this.scored.push(`${unit.model.name} ${prompt.text} ${text}`);
          return succeeded({ score: this.score(text), components: {} });
        }),
      ),
    );
    return { items, provenance: `{"reward_model":"${unit.model.name}"}` };
  }
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
