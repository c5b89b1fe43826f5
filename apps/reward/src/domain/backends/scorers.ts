/**
 * @file The rules and modules that run in scoring threads, and how each is loaded.
 *
 * The service takes only the type from here; the lexicons are loaded in the threads.
 */
import { loadAfinn } from './afinn.js';
import { loadLength, type LengthSpec } from './length.js';
import { loadModule } from './module.js';
import { loadRegex, type RegexSpec } from './regex.js';
import type { Scorer } from './scorer.js';
import { loadVader } from './vader.js';

/** Which rule or module a thread runs; crosses the thread border as plain data. */
export type ScorerSpec =
  | { readonly backend: 'vader' }
  | { readonly backend: 'afinn' }
  | LengthSpec
  | RegexSpec
  | {
      readonly backend: 'module';
      /** Absolute path of a JavaScript module. */
      readonly path: string;
      /** Most heap, and most buffers beside it, of each thread, in MiB. @default 512 */
      readonly memory_mib?: number | undefined;
    };

type ScorerKind = ScorerSpec['backend'];
type Loader<Kind extends ScorerKind> = (spec: Extract<ScorerSpec, { backend: Kind }>) => Promise<Scorer>;

const loaders: { readonly [Kind in ScorerKind]: Loader<Kind> } = {
  vader: loadVader,
  afinn: loadAfinn,
  length: loadLength,
  regex: loadRegex,
  module: ({ path }) => loadModule(path),
};

/** Loads what a thread is to run. */
export function loadScorer(spec: ScorerSpec): Promise<Scorer> {
  const load = loaders[spec.backend] as (spec: ScorerSpec) => Promise<Scorer>;
  return load(spec);
}
