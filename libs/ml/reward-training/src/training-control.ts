/** @file How a training that computes stays in touch with whoever asked for it. */

export type TrainingPhase = 'read' | 'measure before' | 'train' | 'measure after' | 'write';

export interface TrainingProgress {
  readonly phase: TrainingPhase;
  /** Optimizer steps, or held-out pairs. */
  readonly doneCount: number;
  readonly totalCount: number;
  /** Of the latest step. */
  readonly figures?: { readonly loss: number; readonly accuracy: number };
}

export interface TrainingControl {
  /** Called before each pass through the model; lets messages in. @throws TrainingStopped when it was asked to stop */
  proceed(): Promise<void>;
  /** Told of everything that is done. */
  progress(progress: TrainingProgress): void;
  /** Told of what a reader should know. */
  note(text: string): void;
}
