/**
 * @file The process that trains. It is one of its own, because its memory allocator is set by the environment that it is
 * started with, and because ONNX Runtime keeps whoever calls it busy. It ends with the command that started it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { toThreadError } from '#ml/engine';
import { TrainingStopped, trainRewardModel, type TrainingControl } from '#ml/reward-training';
import { describeHolder, lockDirectory, readHolder } from '#run-directory';
import type { FromTraining, ToTraining, TrainingEnd } from './training-messages.js';

let isStopping = false;

function say(message: FromTraining): void {
  process.send?.(message);
}

const control: TrainingControl = {
  proceed: async () => {
    await nextTurn();
    if (isStopping) throw new TrainingStopped();
  },
  progress: (progress) => say({ type: 'progress', progress }),
  note: (text) => say({ type: 'note', text }),
};

async function train({ job, since }: Extract<ToTraining, { type: 'start' }>): Promise<TrainingEnd> {
  const lock = await lockDirectory(job.runDirectory, since);
  if (!lock) {
    const holder = await readHolder(job.runDirectory);
    return { type: 'busy', holder: holder ? describeHolder(holder) : 'another process' };
  }
  try {
    return { type: 'done', record: await trainRewardModel(job, control) };
  } catch (thrown) {
    return thrown instanceof TrainingStopped ? { type: 'stopped' } : { type: 'failed', error: toThreadError(thrown) };
  } finally {
    lock.release();
  }
}

process.once('disconnect', () => process.exit());
process.on('message', (message: ToTraining) => {
  switch (message.type) {
    case 'start':
      void train(message).then((end) => process.send?.(end, undefined, undefined, () => process.disconnect()));
      break;
    case 'stop':
      isStopping = true;
      break;
    default:
      message satisfies never;
  }
});
