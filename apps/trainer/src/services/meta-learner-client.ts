/** @file The meta-learner service, as one run asks it. */
import { present } from '#core';
import type {
  MetaLearnerSettings as WireSettings,
  MetaLearnerState as WireState,
  MetaLearnerState__Output,
} from '#contracts/metalearner';
import type { Tensor, Tensor__Output } from '#contracts/common';
import { createRpcClient, type ClientTls, type RpcClient } from '#platform/rpc';
import type { CallOptions } from '../domain/ports/policy-port.js';
import { MetaLearnerLostError, ServiceRefusedError, ServiceReplyInvalidError } from '../domain/ports/ports.errors.js';
import type {
  GateDecision,
  GateUnit,
  MetaLearnerPort,
  MetaLearnerSettings,
  MetaLearnerState,
  PhiArrays,
  UpdateResult,
  UpdateUnit,
} from '../domain/ports/meta-learner-port.js';
import type { Outcome } from '../domain/ports/outcomes.js';
import { persistently, type PersistenceOptions } from './persistence.js';
import { checkItems, numbersOf, outcomeOf, vectorToWire } from './wire.js';

/** Reasons by which the service says that it does not hold our state. */
const LOST_CODES = ['META_LEARNER_UNKNOWN', 'META_LEARNER_VERSION_STALE'];

export interface MetaLearnerClientOptions extends PersistenceOptions {
  readonly address: string;
  readonly messageBytesMax: number;
  /** Deadline of one call, in milliseconds. */
  readonly callTimeoutMs: number;
  /** Silence after which a connection counts as dead, in milliseconds. */
  readonly deadPeerMs: number;
  /** @default plaintext */
  readonly tls?: ClientTls | undefined;
  /** Called before a call is repeated. */
  readonly onRetry: (phase: string, reason: string) => void;
}

export class MetaLearnerClient {
  private readonly client: RpcClient<'metaapo.metalearner.v1.MetaLearnerService'>;

  constructor(private readonly options: MetaLearnerClientOptions) {
    const { address, messageBytesMax, deadPeerMs, tls } = options;
    this.client = createRpcClient('metaapo.metalearner.v1.MetaLearnerService', address, {
      messageBytesMax,
      deadPeerMs,
      tls,
    });
  }

  /** The meta-learner of one run. */
  of(runId: string): MetaLearnerPort {
    return {
      create: async (settings, options) => {
        const request = { runId, settings: settingsToWire(settings) };
        const { state } = await this.call(options, (call) => this.client.createMetaLearner(request, call));
        return stateOf(state);
      },
      restore: async (state, options) => {
        const request = { runId, state: stateToWire(state) };
        await this.call(options, (call) => this.client.restoreMetaLearner(request, call));
      },
      gate: (unit, options) => this.gate(runId, unit, options),
      update: (unit, options) => this.update(runId, unit, options),
    };
  }

  close(): void {
    this.client.close();
  }

  private async gate(runId: string, unit: GateUnit, options: CallOptions): Promise<Outcome<GateDecision>[]> {
    const { items, seed, iteration, state } = unit;
    const request = {
      runId,
      items: items.map((item) => ({ ...item })),
      seed: String(seed),
      iteration,
      state: stateToWire(state),
    };
    const { decisions } = await this.call(options, (call) => this.client.gate(request, call));
    checkItems('meta-learner', items, decisions);
    return decisions.map(({ status, weight, draw, sampled }) => outcomeOf(status, () => ({ weight, draw, sampled })));
  }

  private async update(runId: string, unit: UpdateUnit, options: CallOptions): Promise<UpdateResult> {
    const request = {
      runId,
      expectedVersion: String(unit.expectedVersion),
      requestId: unit.requestId,
      buffer: unit.buffer.map((entry) => ({ ...entry })),
    };
    const reply = await this.call(options, (call) => this.client.updateMetaLearner(request, call));
    return { state: stateOf(reply.state), loss: reply.loss, gradientNorm: reply.gradientNorm };
  }

  private async call<T>(
    { signal }: CallOptions,
    work: (call: { signal: AbortSignal; timeoutMs: number }) => Promise<T>,
  ): Promise<T> {
    const { address, callTimeoutMs, clock, retryTimeMsMax, onRetry } = this.options;
    try {
      return await persistently({
        service: 'meta-learner',
        where: address,
        signal,
        clock,
        retryTimeMsMax,
        attempt: () => work({ signal, timeoutMs: callTimeoutMs }),
        onRetry: ({ code }) => onRetry('gate', code),
      });
    } catch (error) {
      const isLost = error instanceof ServiceRefusedError && LOST_CODES.includes(error.code);
      throw isLost ? new MetaLearnerLostError(error.message, error) : error;
    }
  }
}

function settingsToWire(settings: MetaLearnerSettings): WireSettings {
  const { init, ...same } = settings;
  return { ...same, init: init === 'constant' ? 'INIT_KIND_CONSTANT' : 'INIT_KIND_RANDOM' };
}

function stateToWire(state: MetaLearnerState): WireState {
  return {
    version: String(state.version),
    stepCount: String(state.stepCount),
    parameters: phiToWire(state.parameters),
    firstMoments: phiToWire(state.firstMoments),
    secondMoments: phiToWire(state.secondMoments),
    settings: settingsToWire(state.settings),
  };
}

function phiToWire({ W1, b1, W2, b2 }: PhiArrays): Tensor[] {
  return [vectorToWire('W1', W1), vectorToWire('b1', b1), vectorToWire('W2', W2), vectorToWire('b2', b2)];
}

function stateOf(state: MetaLearnerState__Output | null): MetaLearnerState {
  const settings = state?.settings;
  if (!state || !settings) throw new ServiceReplyInvalidError('meta-learner', 'a complete state', 'none');
  return {
    version: Number(state.version),
    stepCount: Number(state.stepCount),
    settings: {
      hiddenWidth: settings.hiddenWidth,
      init: settings.init === 'INIT_KIND_RANDOM' ? 'random' : 'constant',
      initSeed: settings.initSeed,
      learningRate: settings.learningRate,
      weightDecay: settings.weightDecay ?? 0,
      gradientNormMax: settings.gradientNormMax,
      stepsPerUpdate: settings.stepsPerUpdate,
    },
    parameters: phiOf(state.parameters),
    firstMoments: phiOf(state.firstMoments),
    secondMoments: phiOf(state.secondMoments),
  };
}

function phiOf(tensors: readonly Tensor__Output[]): PhiArrays {
  const vector = (name: string) =>
    numbersOf(
      present(
        tensors.find((tensor) => tensor.name === name),
        `tensor ${name} of φ`,
      ),
    );
  return { W1: vector('W1'), b1: vector('b1'), W2: vector('W2'), b2: vector('b2') };
}
