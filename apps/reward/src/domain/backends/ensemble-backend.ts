/**
 * @file Several reward models as one. Each member's score is standardised with the mean and deviation that the
 * configuration gives, so that one member's scale does not drown the others:
 *
 *   zᵢ = (sᵢ − meanᵢ) / stdᵢ
 *
 *   weighted_sum       Σ wᵢ zᵢ
 *   minimum            min zᵢ                       the most sceptical member counts (arXiv 2310.02743)
 *   mean_minus_std     mean z − λ · std z           disagreement costs (there with the variance)
 *
 * A response that one member cannot score has no score. Members' own scores are returned as components, and what a score
 * of theirs cost under `name/part`.
 */
import { assert, digestOfJson, present } from '#core';
import type { BackendDescription, RewardBackend, ScoreOptions, ScoreOutcome, ScoreRequest } from '../reward-backend.js';

export type Combination = 'weighted_sum' | 'minimum' | 'mean_minus_std';

export interface EnsembleMember<Spec> {
  /** Names the member among the components. */
  readonly name: string;
  /** How it is opened. */
  readonly model: Spec;
  /** @default 1 */
  readonly weight?: number | undefined;
  /** Mean of its scores. @default 0 */
  readonly mean?: number | undefined;
  /** Deviation of its scores, above 0. @default 1 */
  readonly std?: number | undefined;
}

export interface EnsembleSpec<Spec> {
  readonly backend: 'ensemble';
  /** At least one. */
  readonly members: readonly EnsembleMember<Spec>[];
  /** @default 'weighted_sum' */
  readonly combine?: Combination | undefined;
  /** λ of `mean_minus_std`. @default 1 */
  readonly lambda?: number | undefined;
}

interface Settings {
  readonly combine: Combination;
  readonly lambda: number;
  readonly members: readonly {
    readonly name: string;
    readonly weight: number;
    readonly mean: number;
    readonly std: number;
  }[];
}

/** Part of the digest; raised whenever the lines below change what a text scores. */
const FORMAT_VERSION = 'metaapo ensemble 1';

/** Components of members that are passed on: what judges cost. A slash stands in no member's name. */
const BILLED_PARTS = ['prompt_tokens', 'completion_tokens', 'cost'] as const;

export class EnsembleBackend implements RewardBackend {
  private constructor(
    private readonly backends: readonly RewardBackend[],
    private readonly settings: Settings,
  ) {}

  /** Opens all members. @throws whatever opening one throws, after closing the others */
  static async start<Spec>(
    spec: EnsembleSpec<Spec>,
    open: (member: EnsembleMember<Spec>) => Promise<RewardBackend>,
  ): Promise<EnsembleBackend> {
    const { members, combine = 'weighted_sum', lambda = 1 } = spec;
    assert(members.length > 0, 'an ensemble has members');
    const opened = await Promise.allSettled(members.map(open));
    const backends = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failure = opened.find((result) => result.status === 'rejected');
    if (failure) {
      await Promise.all(backends.map((backend) => backend.close()));
      throw failure.reason;
    }
    const weighed = members.map(({ name, weight = 1, mean = 0, std = 1 }) => ({ name, weight, mean, std }));
    return new EnsembleBackend(backends, { combine, lambda, members: weighed });
  }

  describe(): BackendDescription {
    const descriptions = this.backends.map((backend) => backend.describe());
    const members = descriptions.map(({ kind, weightsDigest }) => ({ kind, weightsDigest }));
    const providers = new Set(descriptions.map(({ executionProvider }) => executionProvider));
    return {
      kind: 'ensemble',
      mayBill: descriptions.some(({ mayBill = false }) => mayBill),
      weightsDigest: digestOfJson({ format: FORMAT_VERSION, settings: this.settings, members }),
      executionProvider: [...providers].sort().join('+'),
      dtype: 'float64',
    };
  }

  async score(
    requests: readonly ScoreRequest[],
    { signal, onStart, onOutcome }: ScoreOptions,
  ): Promise<ScoreOutcome[]> {
    const started = new Set<number>();
    const startOnce = (index: number): void => {
      if (!started.has(index)) onStart(index);
      started.add(index);
    };
    const known = requests.map(() => new Map<number, ScoreOutcome>());
    const byMember = await Promise.all(
      this.backends.map((backend, member) =>
        backend.score(this.asAskedOf(member, requests), {
          signal,
          onStart: startOnce,
          onOutcome: (index, outcome) => {
            const parts = known[index]?.set(member, outcome);
            if (parts?.size !== this.backends.length) return;
            onOutcome?.(index, this.combined(this.backends.map((_, at) => present(parts.get(at), 'outcome'))));
          },
        }),
      ),
    );
    return requests.map((_, index) => this.combined(byMember.map((outcomes) => present(outcomes[index], 'outcome'))));
  }

  /** Members that bill are told apart. */
  private asAskedOf(member: number, requests: readonly ScoreRequest[]): ScoreRequest[] {
    const name = present(this.settings.members[member], 'member').name;
    return requests.map(({ idempotencyKey: key, ...request }) =>
      key === undefined ? request : { ...request, idempotencyKey: `${key}/${name}` },
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.backends.map((backend) => backend.close()));
  }

  private combined(outcomes: readonly ScoreOutcome[]): ScoreOutcome {
    const { members } = this.settings;
    const scores: number[] = [];
    const bills: [string, number][] = [];
    for (const [i, outcome] of outcomes.entries()) {
      if (!outcome.ok) return outcome;
      scores.push(outcome.score);
      for (const part of BILLED_PARTS) {
        const amount = outcome.components[part];
        if (amount !== undefined) bills.push([`${present(members[i], 'member').name}/${part}`, amount]);
      }
    }
    const own = members.map(({ name }, i): [string, number] => [name, present(scores[i], name)]);
    return { ok: true, score: combine(scores, this.settings), components: Object.fromEntries([...own, ...bills]) };
  }
}

/** The score of an ensemble; NaN and infinities of a member stay what they are, and are refused outside. */
export function combine(scores: readonly number[], { combine: how, lambda, members }: Settings): number {
  const z = members.map(({ mean, std }, i) => (present(scores[i], 'score of a member') - mean) / std);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  switch (how) {
    case 'weighted_sum':
      return sum(z.map((value, i) => present(members[i], 'member').weight * value));
    case 'minimum':
      return Math.min(...z);
    case 'mean_minus_std': {
      const mean = sum(z) / z.length;
      return mean - lambda * Math.sqrt(sum(z.map((value) => (value - mean) ** 2)) / z.length);
    }
    default:
      return how satisfies never;
  }
}
