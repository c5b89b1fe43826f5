/** @file The thread behind `compute-figures.ts`: one request, one answer. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ScoredItem } from './preference-changes.js';
import { swapFigures } from './swap-figures.js';

export interface FiguresRequest {
  readonly items: readonly ScoredItem[];
  readonly seed: string;
}

const { items, seed } = workerData as FiguresRequest;
parentPort?.postMessage(swapFigures(items, seed));
