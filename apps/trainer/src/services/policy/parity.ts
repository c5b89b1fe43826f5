/**
 * @file The parity handshake: replicas that serve one model give the same log-probabilities for the same few sequences, the
 * canary, under the base and under every adapter that units name.
 *
 *   delta = max over canary responses of |log π_replica(y|x) − log π_expected(y|x)|, nats
 *
 * Digests tell another model; this tells what digests cannot: another kind of hardware or library, weights that went bad in
 * memory. What the first replica gives is expected of the others. With a single replica there is nobody to be compared with,
 * and nothing is scored.
 */
import type { Outcome } from '../../domain/ports/outcomes.js';
import type { PolicyRef, ScoreResult, ScoreUnit } from '../../domain/ports/policy-port.js';
import { ReplicaMismatchError } from '../replicas/replicas.errors.js';

/** One number per canary response, or the reason why there is none. */
export type CanaryScores = readonly (number | string)[];

export interface ExpectedScores {
  readonly scores: CanaryScores;
  /** The replica that gave them. */
  readonly address: string;
}

/** What was measured at one replica. */
export interface ParityFigures {
  checkCount: number;
  /** Largest delta of all checks, in nats. */
  deltaMax: number;
}

export class Parity {
  /** Empty until the run has named it. */
  canary: ScoreUnit['items'] = [];
  private readonly expected = new Map<PolicyRef, Promise<ExpectedScores>>();
  private readonly figures = new Map<string, ParityFigures>();

  /** @param tolerance largest delta allowed, in nats */
  constructor(private readonly tolerance: number) {}

  /** Of a replica; undefined when it was never compared. */
  of(address: string): ParityFigures | undefined {
    return this.figures.get(address);
  }

  /** What all replicas must give; `establish` asks for it where nobody has. */
  async expectedOf(ref: PolicyRef, establish: () => Promise<ExpectedScores>): Promise<ExpectedScores> {
    const known = this.expected.get(ref) ?? establish();
    this.expected.set(ref, known);
    try {
      return await known;
    } catch (error) {
      if (this.expected.get(ref) === known) this.expected.delete(ref);
      throw error;
    }
  }

  forget(ref: PolicyRef): void {
    this.expected.delete(ref);
  }

  /** Holds a replica to what is expected. @throws ReplicaMismatchError */
  check(address: string, ref: PolicyRef, got: CanaryScores, { scores, address: as }: ExpectedScores): void {
    if (got === scores) return;
    const delta = deltaOf(scores, got);
    const figures = this.figures.get(address) ?? { checkCount: 0, deltaMax: 0 };
    figures.checkCount += 1;
    figures.deltaMax = Math.max(figures.deltaMax, delta);
    this.figures.set(address, figures);
    if (delta <= this.tolerance) return;
    throw new ReplicaMismatchError({
      service: 'policy',
      replica: address,
      what: `log-probabilities of the canary under ${ref === '' ? 'the base' : ref}`,
      expected: `within ${this.tolerance} nats (TRAINER_PARITY_TOLERANCE_NATS)`,
      got: `a difference of ${delta}`,
      as,
    });
  }
}

export function canaryScores(result: ScoreResult): CanaryScores {
  const one = <T>(outcome: Outcome<T>, value: (of: T) => CanaryScores): CanaryScores =>
    outcome.ok ? value(outcome.value) : [outcome.failure.reason];
  return result.flatMap((item) => one(item, (responses) => responses.flatMap((r) => one(r, ({ sums }) => sums))));
}

/** Infinite where one has a number and the other has none. */
export function deltaOf(expected: CanaryScores, got: CanaryScores): number {
  if (expected.length !== got.length) return Infinity;
  return expected.reduce<number>((delta, one, index) => {
    const other = got[index];
    if (typeof one === 'number' && typeof other === 'number') return Math.max(delta, Math.abs(one - other));
    return one === other ? delta : Infinity;
  }, 0);
}
