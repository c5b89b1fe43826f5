/**
 * @file Keeps φ for a run: the journal holds every state, the service computes with the current one.
 *
 * The service may forget (it holds states in memory) or be another process than last time; then the journal's state is
 * put back and the call is repeated. An update is durable here before its φ weighs anything.
 */
import { present } from '#core';
import type { RunConfig } from '#run-config';
import { snapshotOf } from '../algorithm/phi-curve.js';
import type { Outcome } from '../ports/outcomes.js';
import type {
  BufferEntry,
  GateDecision,
  GateUnit,
  MetaLearnerPort,
  MetaLearnerSettings,
  MetaLearnerState,
  UpdateResult,
} from '../ports/meta-learner-port.js';
import type { PhiSnapshot } from '../ports/policy-port.js';
import { MetaLearnerLostError } from '../ports/ports.errors.js';
import type { Journal } from '../storage/journal.js';

/** The iteration under which a state is filed that no update made. */
const BEFORE_FIRST_ITERATION = -1;

export interface KeeperOptions {
  readonly port: MetaLearnerPort;
  readonly journal: Journal;
  readonly config: RunConfig;
  readonly requestPrefix: string;
  /** φ of another run, for `weight.kind: frozen`. */
  readonly frozen: MetaLearnerState | undefined;
  readonly signal: AbortSignal;
}

export function metaSettingsOf({ seed, algorithm: { meta } }: RunConfig): MetaLearnerSettings {
  return {
    hiddenWidth: meta.hidden_width,
    init: meta.init,
    initSeed: String(seed),
    learningRate: meta.learning_rate,
    weightDecay: meta.weight_decay,
    gradientNormMax: meta.clip,
    stepsPerUpdate: meta.steps_per_update,
  };
}

export class MetaLearnerKeeper {
  /** True when the gate asks φ. */
  readonly gates: boolean;
  /** True when φ is updated. */
  readonly learns: boolean;
  private readonly states: {
    readonly iteration: number;
    readonly state: MetaLearnerState;
    readonly byUpdate: boolean;
  }[];

  private constructor(
    private readonly options: KeeperOptions,
    states: MetaLearnerKeeper['states'],
  ) {
    const { gate, weight } = options.config.algorithm;
    this.gates = gate.kind === 'meta';
    this.learns = weight.kind !== 'frozen';
    this.states = states;
  }

  /** True when a run of this configuration has a φ at all. */
  static isNeeded({ algorithm: { gate, weight } }: RunConfig): boolean {
    return gate.kind === 'meta' || weight.kind === 'meta' || weight.kind === 'frozen';
  }

  /** Creates φ, or puts the journal's last one back in place. */
  static async open(options: KeeperOptions): Promise<MetaLearnerKeeper> {
    const { port, journal, config, frozen, signal } = options;
    const held = await journal.metaStates();
    const states = held.map(({ iteration, state, loss }) => {
      return { iteration, state: JSON.parse(state) as MetaLearnerState, byUpdate: loss !== null };
    });
    const last = states.at(-1);
    if (last) {
      const keeper = new MetaLearnerKeeper(options, states);
      await keeper.restore();
      return keeper;
    }
    const state = frozen ?? (await port.create(metaSettingsOf(config), { signal }));
    await journal.commit({
      metaState: {
        version: state.version,
        iteration: BEFORE_FIRST_ITERATION,
        state: JSON.stringify(state),
        loss: null,
        gradientNorm: null,
      },
    });
    const keeper = new MetaLearnerKeeper(options, [{ iteration: BEFORE_FIRST_ITERATION, state, byUpdate: false }]);
    if (frozen) await keeper.restore();
    return keeper;
  }

  get current(): MetaLearnerState {
    return present(this.states.at(-1), 'the state of the meta-learner').state;
  }

  /** φ after so many updates of an iteration, also when later ones have been made. */
  snapshotAfter(iteration: number, updateCount: number): PhiSnapshot {
    if (updateCount === 0) return snapshotOf(this.stateAtStartOf(iteration));
    const updates = this.states.filter((entry) => entry.iteration === iteration && entry.byUpdate);
    return snapshotOf(present(updates[updateCount - 1], `update ${updateCount} of iteration ${iteration}`).state);
  }

  /** The state that gated an iteration, also after that iteration's own updates. */
  stateAtStartOf(iteration: number): MetaLearnerState {
    return present(
      this.states.findLast((entry) => entry.iteration < iteration),
      `the meta-learner's state at the start of iteration ${iteration}`,
    ).state;
  }

  stateAtEndOf(iteration: number): MetaLearnerState {
    return this.stateAtStartOf(iteration + 1);
  }

  /** Updates made in an iteration so far. */
  updateCount(iteration: number): number {
    return this.states.filter((entry) => entry.iteration === iteration && entry.byUpdate).length;
  }

  /** Decides by the state of the unit: training may have gone on to later ones. */
  async gate(unit: GateUnit, signal: AbortSignal): Promise<readonly Outcome<GateDecision>[]> {
    return await this.options.port.gate(unit, { signal });
  }

  /** One update on a buffer that is not empty; the new state is durable when this returns. */
  async update(iteration: number, buffer: readonly BufferEntry[]): Promise<UpdateResult> {
    const { port, journal, requestPrefix, signal } = this.options;
    const expectedVersion = this.current.version;
    const unit = { expectedVersion, requestId: `${requestPrefix}/update/${expectedVersion}`, buffer };
    const result = await this.restoring(() => port.update(unit, { signal }));
    const { state, loss, gradientNorm } = result;
    const stored = JSON.stringify(state);
    await journal.commit({ metaState: { version: state.version, iteration, state: stored, loss, gradientNorm } });
    this.states.push({ iteration, state, byUpdate: true });
    return result;
  }

  /**
   * An update that was due on nothing, where no row of its steps had both pairs: φ and its moments stay as they are, and
   * only the count goes on, so that later updates come after the same steps.
   */
  async updateOnNothing(iteration: number): Promise<void> {
    const state = { ...this.current, version: this.current.version + 1 };
    const { version } = state;
    const stored = JSON.stringify(state);
    await this.options.journal.commit({
      metaState: { version, iteration, state: stored, loss: 0, gradientNorm: 0 },
    });
    this.states.push({ iteration, state, byUpdate: true });
    await this.restore();
  }

  /** Runs the call; when the service has lost the state, restores it and runs the call once more. */
  private async restoring<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof MetaLearnerLostError)) throw error;
      await this.restore();
      return await call();
    }
  }

  private async restore(): Promise<void> {
    const { gate, weight } = this.options.config.algorithm;
    const asksService = gate.kind === 'meta' || weight.kind === 'meta';
    if (asksService) await this.options.port.restore(this.current, { signal: this.options.signal });
  }
}
