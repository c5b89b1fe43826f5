/**
 * @file The engine as its users hold it: requests to the thread, and the promises that wait for its answers.
 *
 * The directory of adapters is kept on this side, so that what is resident is known at once; messages arrive in order,
 * so the thread agrees. When the thread dies, everything that waits is rejected.
 */
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { present, type Digest, type F32Tensor } from '#core';
import { parameterCount, validateAdapter, type Adapter, type BaseShapes } from '#ml/adapters';
import { pairLosses } from '#ml/losses';
import { AdapterDirectory } from './adapters/adapter-directory.js';
import { residentBytes } from './adapters/resident-bytes.js';
import { EngineDisposedError, EngineFailedError } from './engine.errors.js';
import type {
  DecodeDivergence,
  EngineDescription,
  GenerateUnit,
  GenerateUsage,
  GeneratedSample,
  GradientResult,
  GradientUnit,
  PolicyEngine,
  ResidentAdapter,
  ScoreResult,
  ScoreUnit,
  UnitOptions,
} from './policy-engine.js';
import type { EngineInput } from './thread/input.js';
import type { EngineOutput, Results } from './thread/output.js';
import { fromThreadError } from './thread/thread-error.js';

type OnSample = (sample: GeneratedSample) => void | Promise<void>;

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (reason: unknown) => void;
  readonly onSample: OnSample | undefined;
}

/** What a request carries besides its type and the id that it will be given. */
type RequestBody<Type extends keyof Results> = Omit<Extract<EngineInput, { type: Type }>, 'type' | 'requestId'>;

export class ThreadedPolicyEngine implements PolicyEngine {
  private readonly pending = new Map<number, Pending>();
  private readonly directory: AdapterDirectory;
  private readonly arriving = new Map<Digest, Promise<ResidentAdapter>>();
  private readonly baseShapes: BaseShapes;
  private divergence: DecodeDivergence | null = null;
  private nextRequestId = 1;
  /** Why no more calls are taken. */
  private ended: Error | undefined;
  private readonly exited: Promise<void>;

  private constructor(
    private readonly worker: Worker,
    readonly description: EngineDescription,
    adapterCacheBytes: number,
  ) {
    this.directory = new AdapterDirectory(adapterCacheBytes);
    this.baseShapes = new Map(description.baseTensors.map(({ name, dims }) => [name, dims]));
    worker.on('message', (message: EngineOutput) => this.receive(message));
    worker.on('error', (error) => this.end(new EngineFailedError(error.message, error)));
    this.exited = new Promise((resolve) => {
      worker.once('exit', (code) => {
        this.end(new EngineFailedError(`exit code ${code}`));
        resolve();
      });
    });
  }

  /** Waits until the thread has loaded its model. @throws whatever kept it from doing so */
  static async start(worker: Worker, options: { readonly adapterCacheBytes: number }): Promise<ThreadedPolicyEngine> {
    const description = await descriptionFrom(worker);
    return new ThreadedPolicyEngine(worker, description, options.adapterCacheBytes);
  }

  async putAdapter(digest: Digest, adapter: Adapter): Promise<ResidentAdapter> {
    this.requireOpen();
    const resident = this.arriving.get(digest) ?? this.directory.use(digest);
    if (resident) return resident;
    const arrival = this.take(digest, adapter).finally(() => this.arriving.delete(digest));
    this.arriving.set(digest, arrival);
    return arrival;
  }

  async dropAdapter(digest: Digest): Promise<boolean> {
    this.requireOpen();
    const wasResident = this.directory.remove(digest);
    if (wasResident) this.post({ type: 'drop_adapter', digest });
    return wasResident;
  }

  listAdapters(): readonly ResidentAdapter[] {
    return this.directory.list();
  }

  decodeDivergence(): DecodeDivergence | null {
    return this.divergence;
  }

  async score(unit: ScoreUnit, options: UnitOptions = {}): Promise<ScoreResult> {
    this.requireOpen();
    this.directory.require(unit.policies);
    return this.request('score', { unit }, options);
  }

  async generate(unit: GenerateUnit, onSample: OnSample, options: UnitOptions = {}): Promise<GenerateUsage> {
    this.requireOpen();
    this.directory.require([unit.policy]);
    const usage = await this.request('generate', { unit }, { ...options, onSample });
    this.divergence = usage.decodeDivergence ?? this.divergence;
    return usage;
  }

  async gradient(unit: GradientUnit, options: UnitOptions = {}): Promise<GradientResult> {
    this.requireOpen();
    const { usesReference } = pairLosses[unit.objective.loss];
    this.directory.require(usesReference ? [unit.policy, unit.reference] : [unit.policy]);
    return this.request('gradient', { unit }, options);
  }

  async dispose(): Promise<void> {
    if (!this.ended) {
      this.end(new EngineDisposedError());
      this.post({ type: 'close' });
    }
    await this.exited;
  }

  private async take(digest: Digest, adapter: Adapter): Promise<ResidentAdapter> {
    validateAdapter(adapter, this.baseShapes, `adapter ${digest}`);
    const entry: ResidentAdapter = {
      digest,
      kind: adapter.spec.kind,
      residentBytes: residentBytes(adapter, this.baseShapes),
      parameterCount: parameterCount(adapter.tensors),
    };
    for (const evicted of this.directory.add(entry)) this.post({ type: 'drop_adapter', digest: evicted });
    const tensors = copied(adapter.tensors);
    const buffers = [...tensors.values()].map(({ data }) => data.buffer);
    try {
      await this.request('put_adapter', { digest, adapter: { spec: adapter.spec, tensors } }, { buffers });
    } catch (error) {
      this.directory.remove(digest);
      throw error;
    }
    return entry;
  }

  private async request<Type extends keyof Results>(
    type: Type,
    body: RequestBody<Type>,
    options: UnitOptions & { readonly onSample?: OnSample; readonly buffers?: ArrayBuffer[] },
  ): Promise<Results[Type]> {
    const { signal, onSample, buffers = [] } = options;
    signal?.throwIfAborted();
    const requestId = this.nextRequestId++;
    const abort = () => this.abandon(requestId, signal?.reason);
    try {
      return await new Promise<Results[Type]>((resolve, reject) => {
        this.pending.set(requestId, { resolve, reject, onSample });
        signal?.addEventListener('abort', abort, { once: true });
        this.post({ type, requestId, ...body } as unknown as EngineInput, buffers);
      });
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  private receive(message: EngineOutput): void {
    switch (message.type) {
      case 'done':
        this.settle(message.requestId)?.resolve(message.result as never);
        break;
      case 'failed':
        this.settle(message.requestId)?.reject(fromThreadError(message.error));
        break;
      case 'sample':
        void this.deliver(message.requestId, message.sample);
        break;
      case 'ready':
      case 'open_failed':
        break;
      default:
        message satisfies never;
    }
  }

  private async deliver(requestId: number, sample: GeneratedSample): Promise<void> {
    const request = this.pending.get(requestId);
    if (!request) return; // given up meanwhile; the thread has been told
    try {
      await present(request.onSample, 'consumer of samples')(sample);
      this.post({ type: 'sample_taken', requestId });
    } catch (error) {
      this.abandon(requestId, error);
    }
  }

  /** Rejects a call, and tells the thread that nobody waits for it. */
  private abandon(requestId: number, reason: unknown): void {
    const request = this.settle(requestId);
    if (!request) return;
    this.post({ type: 'cancel', requestId });
    request.reject(reason);
  }

  private settle(requestId: number): Pending | undefined {
    const request = this.pending.get(requestId);
    this.pending.delete(requestId);
    return request;
  }

  private end(reason: Error): void {
    this.ended ??= reason;
    for (const { reject } of this.pending.values()) reject(this.ended);
    this.pending.clear();
  }

  private requireOpen(): void {
    if (this.ended) throw this.ended;
  }

  private post(message: EngineInput, transfer: ArrayBuffer[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}

/** Copies that may be moved to the thread; the caller keeps its own. */
function copied(tensors: Adapter['tensors']): Map<string, F32Tensor & { data: Float32Array<ArrayBuffer> }> {
  return new Map([...tensors].map(([name, { dims, data }]) => [name, { dims, data: new Float32Array(data) }]));
}

/** The thread's first message. */
async function descriptionFrom(worker: Worker): Promise<EngineDescription> {
  const listening = new AbortController();
  const { signal } = listening;
  const failed = async (event: 'error' | 'exit') => {
    const [what] = (await once(worker, event, { signal })) as [Error | number];
    if (typeof what === 'number') throw new EngineFailedError(`exit code ${what} while it was starting`);
    throw new EngineFailedError(what.message, what);
  };
  const described = async () => {
    const [message] = (await once(worker, 'message', { signal })) as [EngineOutput];
    if (message.type === 'ready') return message.description;
    if (message.type === 'open_failed') throw fromThreadError(message.error);
    throw new EngineFailedError(`expected it to be ready, got ${message.type}`);
  };
  try {
    return await Promise.race([described(), failed('error'), failed('exit')]);
  } finally {
    listening.abort();
  }
}
