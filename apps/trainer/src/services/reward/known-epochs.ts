/** @file What replicas have said of their reward models: an epoch is one model, wherever it is served. */
import type { RewardModel } from '../../domain/ports/reward-port.js';
import { ReplicaMismatchError } from '../replicas/replicas.errors.js';

export class KnownEpochs {
  /** By name and epoch, with the replica that said so first. */
  private readonly models = new Map<string, Map<string, { readonly digest: string; readonly as: string }>>();

  /** Models that were asked for. */
  get names(): readonly string[] {
    return [...this.models.keys()];
  }

  /** Notes what a replica has. @throws ReplicaMismatchError when another one has another model under the same epoch */
  check({ name, epoch, weightsDigest }: RewardModel, replica: string): void {
    const epochs = this.models.get(name) ?? new Map<string, { readonly digest: string; readonly as: string }>();
    this.models.set(name, epochs);
    const known = epochs.get(epoch);
    if (!known) epochs.set(epoch, { digest: weightsDigest, as: replica });
    else if (known.digest !== weightsDigest) {
      throw new ReplicaMismatchError({
        service: 'reward',
        replica,
        what: `weights_digest of the reward model ${name}, epoch ${epoch},`,
        expected: known.digest,
        got: weightsDigest,
        as: known.as,
      });
    }
  }
}
