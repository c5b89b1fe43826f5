/** @file What every benchmark is: a function from a setting to measurements. */
import type { Measurement } from './measurement.js';
import type { Setting } from './setting.js';

export interface Surroundings {
  /** Progress, for people. */
  readonly say: (line: string) => void;
  /** An empty folder that is removed afterwards. */
  readonly folder: string;
  /** Notes which versions of other programs took part. */
  readonly noteVersions: (versions: Readonly<Record<string, string>>) => void;
}

export type Benchmark = (setting: Setting, surroundings: Surroundings) => Promise<Measurement[]>;
