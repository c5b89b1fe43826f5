/**
 * @file The training as its command holds it: a child process in a group of its own, since a terminal sends Ctrl-C to the
 * whole group and the training must outlive it until its work is kept.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { allocatorEnvironment, childEnvironment } from '#platform/config';
import type { RewardTrainingJob, TrainingProgress } from '#ml/reward-training';
import { ServiceDiedError } from '../cli.errors.js';
import type { FromTraining, ToTraining, TrainingEnd } from './training-messages.js';

export interface TrainingListener {
  progress(progress: TrainingProgress): void;
  note(text: string): void;
}

/** Lines of its log that a message about a dead child quotes. */
const LAST_LINE_COUNT = 12;
const LOG_CHARACTERS_MAX = 4000;

export class TrainingProcess {
  /** How the training ended. @throws ServiceDiedError when the process went without a word */
  readonly ended: Promise<TrainingEnd>;
  private log = '';

  private constructor(
    private readonly child: ChildProcess,
    listener: TrainingListener,
  ) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.log = (this.log + text).slice(-LOG_CHARACTERS_MAX);
    });
    let end: TrainingEnd | undefined;
    child.on('message', (message: FromTraining) => {
      if (message.type === 'progress') listener.progress(message.progress);
      else if (message.type === 'note') listener.note(message.text);
      else end = message;
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', (error) => reject(this.death(error.message)));
      child.once('close', (code, signal) => {
        if (end) resolve(end);
        else reject(this.death(signal === null ? `exit code ${code}` : `signal ${signal}`));
      });
    });
  }

  /** @param since when the training took the directory, ISO 8601 */
  static start(job: RewardTrainingJob, since: string, listener: TrainingListener): TrainingProcess {
    const child = fork(MAIN, {
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      detached: true,
      env: childEnvironment(allocatorEnvironment),
    });
    const training = new TrainingProcess(child, listener);
    training.say({ type: 'start', job, since });
    return training;
  }

  /** Asks it to keep what is done and to end. */
  stop(): void {
    this.say({ type: 'stop' });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private say(message: ToTraining): void {
    if (this.child.connected) this.child.send(message);
  }

  private death(how: string): ServiceDiedError {
    const lines = this.log.split('\n').filter((line) => line !== '');
    return new ServiceDiedError('training', how, lines.slice(-LAST_LINE_COUNT));
  }
}

const MAIN = fileURLToPath(new URL('./training-main.js', import.meta.url));
