/**
 * @file The engine's thread: ONNX Runtime blocks whoever calls it, so it gets a thread of its own, which also owns all
 * weights. Units are computed one after the other in the order of arrival; between two steps of a unit the thread
 * listens, so that cancelling and new adapters need not wait for its end.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { assert, present } from '#core';
import { pairLosses } from '#ml/losses';
import { EngineCore } from '../engine-core.js';
import type { GeneratedSample } from '../policy-engine.js';
import { UnitCancelled, type GenerationControl } from '../units/unit-control.js';
import type { EngineInput, EngineThreadData } from './input.js';
import type { EngineOutput, Result } from './output.js';
import { toThreadError } from './thread-error.js';

/** A unit that waits or computes. */
interface Job {
  readonly requestId: number;
  readonly run: (control: GenerationControl) => Promise<Result>;
  cancelled: boolean;
  /** Wakes the unit that waits for its consumer. */
  sampleTaken?: () => void;
}

class EngineThread {
  private readonly waiting: Job[] = [];
  private current: Job | undefined;
  private idle: Promise<void> = Promise.resolve();

  constructor(
    private readonly port: MessagePort,
    private readonly core: EngineCore,
  ) {}

  receive(message: EngineInput): void {
    switch (message.type) {
      case 'put_adapter':
        this.answer(message.requestId, async () => {
          await this.core.putAdapter(message.digest, message.adapter);
          return undefined;
        });
        break;
      case 'drop_adapter':
        this.core.dropAdapter(message.digest);
        break;
      case 'score': {
        const policies = held(this.core.policiesOf(message.unit.policies));
        this.enqueue(message.requestId, async (control) => this.core.score(message.unit, await policies, control));
        break;
      }
      case 'generate': {
        const policies = held(this.core.policiesOf([message.unit.policy]));
        this.enqueue(message.requestId, async (control) => {
          const [policy] = await policies;
          return this.core.generate(message.unit, present(policy, 'policy'), control);
        });
        break;
      }
      case 'gradient': {
        const { unit, requestId } = message;
        const reference = pairLosses[unit.objective.loss].usesReference ? unit.reference : null;
        const policies = held(this.core.policiesOf([unit.policy, reference]));
        this.enqueue(requestId, async (control) => {
          const [policy, frozen] = await policies;
          const both = { policy: present(policy, 'policy'), reference: present(frozen, 'reference') };
          return this.core.gradient(unit, both, control);
        });
        break;
      }
      case 'sample_taken':
        if (this.current?.requestId === message.requestId) this.current.sampleTaken?.();
        break;
      case 'cancel':
        this.cancel(message.requestId);
        break;
      case 'close':
        void this.close();
        break;
      default:
        message satisfies never;
    }
  }

  private enqueue(requestId: number, run: Job['run']): void {
    this.waiting.push({ requestId, run, cancelled: false });
    if (this.waiting.length === 1 && !this.current) this.idle = this.drain();
  }

  private async drain(): Promise<void> {
    for (let job = this.waiting.shift(); job; job = this.waiting.shift()) {
      this.current = job;
      await this.finish(job);
      this.current = undefined;
    }
  }

  private async finish(job: Job): Promise<void> {
    const control: GenerationControl = {
      proceed: async () => {
        await nextTurn();
        if (job.cancelled) throw new UnitCancelled();
      },
      emit: async (sample) => this.emit(job, sample),
    };
    try {
      const result = await job.run(control);
      this.post({ type: 'done', requestId: job.requestId, result }, buffersOf(result));
    } catch (error) {
      if (error instanceof UnitCancelled) return;
      this.post({ type: 'failed', requestId: job.requestId, error: toThreadError(error) });
    }
  }

  /** Hands over a sample and waits for its consumer: a slow one slows the decoding. */
  private async emit(job: Job, sample: GeneratedSample): Promise<void> {
    const taken = new Promise<void>((resolve) => {
      job.sampleTaken = resolve;
    });
    this.post({ type: 'sample', requestId: job.requestId, sample });
    await taken;
    if (job.cancelled) throw new UnitCancelled();
  }

  private answer(requestId: number, run: () => Promise<Result>): void {
    run().then(
      (result) => this.post({ type: 'done', requestId, result }),
      (error: unknown) => this.post({ type: 'failed', requestId, error: toThreadError(error) }),
    );
  }

  private cancel(requestId: number): void {
    const place = this.waiting.findIndex((job) => job.requestId === requestId);
    if (place >= 0) this.waiting.splice(place, 1);
    if (this.current?.requestId !== requestId) return;
    this.current.cancelled = true;
    this.current.sampleTaken?.();
  }

  private async close(): Promise<void> {
    this.waiting.length = 0;
    if (this.current) this.cancel(this.current.requestId);
    await this.idle;
    await this.core.dispose();
    this.port.close();
  }

  private post(message: EngineOutput, transfer: ArrayBuffer[] = []): void {
    this.port.postMessage(message, transfer);
  }
}

/** Keeps a rejection for whoever awaits it later; until then it is no unhandled one. */
function held<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** Gradients are moved, not copied: they are the largest thing that leaves the thread. */
function buffersOf(result: Result): ArrayBuffer[] {
  if (!result || !('gradients' in result)) return [];
  return [...result.gradients.values()].map(({ data }) => data.buffer as ArrayBuffer);
}

async function main(): Promise<void> {
  assert(parentPort, 'engine-thread runs as a worker thread');
  const port = parentPort;
  let core: EngineCore;
  try {
    core = await EngineCore.open(workerData as EngineThreadData);
  } catch (error) {
    port.postMessage({ type: 'open_failed', error: toThreadError(error) } satisfies EngineOutput);
    return;
  }
  const thread = new EngineThread(port, core);
  port.on('message', (message: EngineInput) => thread.receive(message));
  port.postMessage({ type: 'ready', description: core.description } satisfies EngineOutput);
}

await main();
