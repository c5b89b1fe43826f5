/**
 * @file A reward model that stands behind someone else's server.
 *
 * Its weights cannot be known. The digest covers what is: protocol, address, declared model and revision, template, the
 * settings that could change a score, and what the server says of itself. Who answers is asked again every minute and
 * whenever a connection failed or the model was not ready, for that is when it may have been replaced.
 */
import { AppError, digestOfJson, present, type Clock } from '#core';
import type {
  BackendDescription,
  RewardBackend,
  ScoreOptions,
  ScoreOutcome,
  ScoreRequest,
} from '../../reward-backend.js';
import { probed } from '../http/probe.js';
import {
  RewardRemoteChangedError,
  RewardRemoteNotReadyError,
  RewardRemoteRefusedError,
  RewardRemoteUnreachableError,
} from '../http/remote.errors.js';
import { scoreBatches, type BatchCall } from '../http/score-batches.js';
import type { RemoteCall, RemoteIdentity, RemoteProtocol, RemoteScore } from './remote-protocol.js';
import type { RemoteSpec } from './remote-spec.js';

export interface RemoteBackendOptions {
  /** For messages. */
  readonly rewardModel: string;
  readonly spec: RemoteSpec;
  readonly protocol: RemoteProtocol;
  /** As messages may show it. */
  readonly address: string;
  /** Longest time for loading, in milliseconds. */
  readonly loadTimeoutMs: number;
  readonly clock: Clock;
}

/** Part of the digest; raised whenever the same settings would ask for something else. */
const FORMAT_VERSION = 'metaapo remote 1';
/** A server that was swapped under its address is found out after this long at the latest. */
const IDENTITY_AGE_MS_MAX = 60_000;

/** A request that can be asked about. */
interface Asked {
  readonly place: number;
  readonly payload: unknown;
  readonly idempotencyKey: string | undefined;
}

export class RemoteBackend implements RewardBackend {
  private readonly closing = new AbortController();
  private identifiedAtMs: number;
  private identifying: Promise<void> | undefined;
  private changed: RewardRemoteChangedError | undefined;

  private constructor(
    private readonly options: RemoteBackendOptions,
    private readonly identity: RemoteIdentity,
  ) {
    this.identifiedAtMs = options.clock.monotonicMs();
  }

  /** @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`) where the server does not say who it is */
  static async start(options: RemoteBackendOptions): Promise<RemoteBackend> {
    try {
      return new RemoteBackend(options, await probed((signal) => options.protocol.identify(signal), options));
    } catch (thrown) {
      options.protocol.close();
      throw thrown;
    }
  }

  describe(): BackendDescription {
    const { spec, protocol } = this.options;
    const { executionProvider, dtype, templateDigest, facts } = protocol;
    const named = { protocol: spec.protocol, facts, templateDigest, identity: this.identity };
    return {
      kind: 'remote',
      weightsDigest: digestOfJson({ format: FORMAT_VERSION, ...named }),
      ...(templateDigest !== undefined && { templateDigest }),
      executionProvider,
      dtype,
      mayBill: spec.bills ?? true,
      ...(spec.score_min !== undefined && { scoreMin: spec.score_min }),
      ...(spec.score_max !== undefined && { scoreMax: spec.score_max }),
    };
  }

  async score(requests: readonly ScoreRequest[], options: ScoreOptions): Promise<ScoreOutcome[]> {
    const { rewardModel, protocol } = this.options;
    return scoreBatches(requests, options, {
      rewardModel,
      batchSize: protocol.batchSize,
      closed: this.closing.signal,
      score: (batch, call) => this.batchOutcomes(batch, call),
    });
  }

  async close(): Promise<void> {
    this.closing.abort(new DOMException('the backend is closed', 'AbortError'));
    this.options.protocol.close();
  }

  private async batchOutcomes(batch: readonly ScoreRequest[], call: BatchCall): Promise<ScoreOutcome[]> {
    const outcomes: ScoreOutcome[] = [];
    const asked: Asked[] = [];
    for (const [place, request] of batch.entries()) {
      const { idempotencyKey } = request;
      try {
        asked.push({ place, payload: this.options.protocol.payload(request), idempotencyKey });
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        outcomes[place] = { ok: false, error: thrown };
      }
    }
    if (asked.length === 0) return outcomes;
    await this.sameServer(IDENTITY_AGE_MS_MAX);
    const scores = await this.ask(asked, call);
    asked.forEach(({ place }, index) => {
      const score = present(scores[index], 'score');
      outcomes[place] = typeof score === 'number' ? { ok: true, score, components: {} } : { ok: false, error: score };
    });
    return outcomes;
  }

  /** All at once; where the server refuses that, each alone, so that only what it cannot score fails. */
  private async ask(asked: readonly Asked[], call: BatchCall): Promise<readonly RemoteScore[]> {
    try {
      const payloads = asked.map(({ payload }) => payload);
      return await this.options.protocol.scores(payloads, this.remoteCall(asked, call));
    } catch (thrown) {
      const mayBeOne = thrown instanceof RewardRemoteRefusedError && thrown.refusal.mayBeOneOfMany === true;
      if (!mayBeOne || asked.length === 1) throw thrown;
    }
    const scores: RemoteScore[] = [];
    for (const one of asked) {
      try {
        scores.push(...(await this.ask([one], call)));
      } catch (thrown) {
        call.signal.throwIfAborted();
        if (!(thrown instanceof AppError)) throw thrown;
        scores.push(thrown);
      }
    }
    return scores;
  }

  private remoteCall(asked: readonly Asked[], { signal, onBegin }: BatchCall): RemoteCall {
    return {
      signal,
      onBegin: () => asked.forEach(({ place }) => onBegin(place)),
      beforeRepeat: async (failure) => {
        const mayBeAnother =
          failure instanceof RewardRemoteUnreachableError || failure instanceof RewardRemoteNotReadyError;
        if (mayBeAnother) await this.sameServer(0);
      },
      idempotencyKey: batchKey(asked),
    };
  }

  /** @throws RewardRemoteChangedError, for good, where another model answers than at the start */
  private async sameServer(ageMsMax: number): Promise<void> {
    if (this.changed) throw this.changed;
    if (Object.keys(this.identity).length === 0) return;
    if (this.options.clock.monotonicMs() - this.identifiedAtMs < ageMsMax) return;
    this.identifying ??= this.identify().finally(() => {
      this.identifying = undefined;
    });
    await this.identifying;
  }

  private async identify(): Promise<void> {
    const { protocol, rewardModel, address, clock } = this.options;
    const identity = await protocol.identify(this.closing.signal);
    this.identifiedAtMs = clock.monotonicMs();
    if (digestOfJson(identity) === digestOfJson(this.identity)) return;
    const at = { rewardModel, url: address, attempt: 1, attemptsMax: 1 };
    this.changed = new RewardRemoteChangedError(at, shown(this.identity), shown(identity));
    throw this.changed;
  }
}

/** One key for several: the same batch has the same, another batch another. */
function batchKey(asked: readonly Asked[]): string | undefined {
  const keys = asked.map(({ idempotencyKey }) => idempotencyKey);
  if (keys.some((key) => key === undefined)) return undefined;
  return keys.length === 1 ? keys[0] : digestOfJson(keys);
}

const shown = (identity: RemoteIdentity): string =>
  Object.entries(identity)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
