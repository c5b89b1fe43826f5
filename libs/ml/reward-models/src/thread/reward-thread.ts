/**
 * @file A reward model's thread: it owns the weights, and whatever it computes keeps nobody else waiting. Calls are
 * computed one after the other; between two steps of a call the thread listens, so that cancelling need not wait.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { present } from '#core';
import { toThreadError } from '#ml/engine';
import type { Classifier } from '../classifier.js';
import { openClassifier } from '../open-classifier.js';
import type { RewardOutcome } from '../reward-model.js';
import { scoreInputs } from '../score-inputs.js';
import type { RewardModelSpec } from '../settings.js';
import type { RewardThreadInput, RewardThreadOutput, SettledOutcome } from './messages.js';

type Call = Extract<RewardThreadInput, { kind: 'score' }>;

/** Ends the work on a call that nobody waits for. */
class CallCancelled extends Error {
  override readonly name = 'CallCancelled';
}

class RewardThread {
  private last: Promise<void> = Promise.resolve();
  private readonly cancelled = new Set<number>();
  private readonly open = new Set<number>();

  constructor(
    private readonly port: MessagePort,
    private readonly classifier: Classifier,
  ) {}

  receive(message: RewardThreadInput): void {
    switch (message.kind) {
      case 'score':
        this.open.add(message.callId);
        this.last = this.last.then(async () => this.run(message));
        break;
      case 'cancel':
        if (this.open.has(message.callId)) this.cancelled.add(message.callId);
        break;
      case 'close':
        for (const callId of this.open) this.cancelled.add(callId);
        this.last = this.last.then(async () => this.classifier.dispose()).then(() => this.port.close());
        break;
      default:
        message satisfies never;
    }
  }

  private async run({ callId, inputs }: Call): Promise<void> {
    try {
      await scoreInputs(this.classifier, inputs, {
        proceed: async (phase, indices) => {
          await nextTurn();
          if (this.cancelled.has(callId)) throw new CallCancelled();
          this.post({ kind: 'working', callId, phase, indices });
        },
        settle: (index, outcome) => this.post({ kind: 'settled', callId, index, outcome: portable(outcome) }),
      });
      this.post({ kind: 'done', callId });
    } catch (thrown) {
      if (thrown instanceof CallCancelled) this.post({ kind: 'done', callId });
      else this.post({ kind: 'failed', callId, error: toThreadError(thrown) });
    } finally {
      this.open.delete(callId);
      this.cancelled.delete(callId);
    }
  }

  private post(message: RewardThreadOutput): void {
    this.port.postMessage(message);
  }
}

function portable(outcome: RewardOutcome): SettledOutcome {
  return outcome.ok ? outcome : { ok: false, error: toThreadError(outcome.error) };
}

async function main(): Promise<void> {
  const port = present(parentPort, 'the port to the owner');
  let classifier: Classifier;
  try {
    classifier = await openClassifier(workerData as RewardModelSpec);
  } catch (thrown) {
    port.postMessage({ kind: 'open_failed', error: toThreadError(thrown) } satisfies RewardThreadOutput);
    return;
  }
  const thread = new RewardThread(port, classifier);
  port.on('message', (message: RewardThreadInput) => thread.receive(message));
  port.postMessage({ kind: 'ready', description: classifier.description } satisfies RewardThreadOutput);
}

await main();
