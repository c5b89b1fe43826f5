/**
 * @file A model that is ready to run: the only place that calls ONNX Runtime.
 *
 * Measured choices: memory patterns off (a third less memory at the same speed), sequential execution (parallel is
 * twice slower), basic optimisation (more gains nothing and makes sessions slower to create), threads that sleep while
 * they have nothing to do (spinning makes a unit five times slower where other processes want the same cores). Outputs
 * are always copied by the binding, so callers name the few that they need.
 */
import { present } from '#core';
import type { ExternalData } from '#ml/graph';
import { InferenceSession } from './onnxruntime.js';
import { knownExecutionProviders, probe } from './execution-providers.js';
import {
  EmptyTensorError,
  RuntimeFailedError,
  ExecutionProviderUnavailableError,
  SessionDisposedError,
} from './runtime.errors.js';
import type { SessionTensor } from './session-tensor.js';

export interface OnnxSessionOptions {
  /** For error messages. */
  readonly name: string;
  /**
   * Threads that share one kernel; 0 takes one per physical core. ONNX Runtime cuts products by this number, so it is
   * part of what decides the last bits.
   *
   * @default 1
   */
  readonly intraOpThreads?: number;
  /** For instance `cpu`, `cuda`, `webgpu`; asking for one that does not work here is an error. @default cpu */
  readonly executionProvider?: string;
  /** How far ONNX Runtime rewrites the graph: our own gain nothing beyond `basic`, foreign ones do. @default basic */
  readonly optimization?: 'basic' | 'all';
  /**
   * What becomes of a run's memory when it ends. `kept`: it stays with the session, for the next run. `returned`: sessions
   * take turns with it, as those must that need gigabytes, for what a session keeps grows by doubling and never shrinks.
   *
   * @default kept
   */
  readonly memory?: 'kept' | 'returned';
  /** Writes what each operation took to `<prefix>_<time>.json` when the session ends. @default nothing is written */
  readonly profilePrefix?: string | undefined;
  /** Initializers that stand beside the model. @default none */
  readonly externalData?: readonly ExternalData[];
}

/** Arrays by input name. */
export type Feeds = Readonly<Record<string, SessionTensor>>;

/** ONNX Runtime's severity "error": warnings are about optimisations. */
const LOG_SEVERITY_ERROR = 3;

export class OnnxSession {
  private disposed = false;
  private readonly running = new Set<Promise<unknown>>();

  private constructor(
    readonly name: string,
    private readonly session: InferenceSession,
    private readonly profiles: boolean,
  ) {}

  /**
   * Loads a model.
   *
   * @param model its bytes, or the path of an .onnx file, which may have its weights in files beside it
   * @throws ExecutionProviderUnavailableError (`EXECUTION_PROVIDER_UNAVAILABLE`)
   * @throws RuntimeFailedError (`RUNTIME_FAILED`) when the model is refused
   */
  static async create(model: Uint8Array | string, options: OnnxSessionOptions): Promise<OnnxSession> {
    const { name, intraOpThreads = 1, executionProvider = 'cpu', optimization = 'basic' } = options;
    const { memory = 'kept', profilePrefix, externalData = [] } = options;
    if (!knownExecutionProviders().includes(executionProvider)) {
      throw new ExecutionProviderUnavailableError(executionProvider, 'this build of ONNX Runtime does not know it');
    }
    try {
      const sessionOptions: InferenceSession.SessionOptions = {
        executionProviders: [executionProvider],
        intraOpNumThreads: intraOpThreads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: optimization,
        enableMemPattern: false,
        enableCpuMemArena: memory === 'kept',
        extra: { session: { intra_op: { allow_spinning: '0' } } },
        logSeverityLevel: LOG_SEVERITY_ERROR,
        ...(profilePrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilePrefix }),
        ...(externalData.length > 0 && { externalData }),
      };
      const session =
        typeof model === 'string'
          ? await InferenceSession.create(model, sessionOptions)
          : await InferenceSession.create(model, sessionOptions);
      return new OnnxSession(name, session, profilePrefix !== undefined);
    } catch (error) {
      const problem = executionProvider === 'cpu' ? null : await probe(executionProvider);
      if (problem !== null) throw new ExecutionProviderUnavailableError(executionProvider, problem, error);
      throw new RuntimeFailedError(`session ${name} could not be created`, error);
    }
  }

  get inputNames(): readonly string[] {
    return this.session.inputNames;
  }

  /** Element type of an input, for instance `int64`, or undefined where it is no tensor or unknown. */
  inputType(name: string): string | undefined {
    const input = this.session.inputMetadata.find((metadata) => metadata.name === name);
    return input?.isTensor === true ? input.type : undefined;
  }

  get outputNames(): readonly string[] {
    return this.session.outputNames;
  }

  /**
   * Runs the model once; the thread is busy meanwhile.
   *
   * @param outputs Names of the results that are needed. @default all
   * @throws EmptyTensorError (`EMPTY_TENSOR`), SessionDisposedError (`SESSION_DISPOSED`), RuntimeFailedError (`RUNTIME_FAILED`)
   */
  async run(feeds: Feeds, outputs: readonly string[] = this.session.outputNames): Promise<RunResults> {
    if (this.disposed) throw new SessionDisposedError(this.name);
    for (const [inputName, { dims }] of Object.entries(feeds)) {
      if (dims.includes(0)) throw new EmptyTensorError(this.name, inputName, dims);
    }
    const run = this.session.run(feeds, outputs);
    this.running.add(run);
    try {
      return new RunResults(this.name, await run);
    } catch (error) {
      throw new RuntimeFailedError(`session ${this.name} could not be run`, error);
    } finally {
      this.running.delete(run);
    }
  }

  /** Frees the model after the runs in flight. Calling it again is harmless. */
  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    await Promise.allSettled(this.running);
    if (this.profiles) this.session.endProfiling();
    await this.session.release();
  }
}

/** What a run gave, by output name; reading a name that was not asked for is a defect. */
export class RunResults {
  constructor(
    private readonly sessionName: string,
    private readonly results: Readonly<Record<string, SessionTensor>>,
  ) {}

  tensor(name: string): SessionTensor {
    return present(this.results[name], `output ${name} of session ${this.sessionName}`);
  }

  f32(name: string): Float32Array {
    return this.tensor(name).data as Float32Array;
  }

  /** Real numbers of either width. */
  reals(name: string): Float32Array | Float64Array {
    return this.tensor(name).data as Float32Array | Float64Array;
  }

  i64(name: string): BigInt64Array {
    return this.tensor(name).data as BigInt64Array;
  }

  dims(name: string): readonly number[] {
    return this.tensor(name).dims;
  }
}
