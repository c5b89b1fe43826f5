/** @file A whole run over toy services, in a folder of its own. For specs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { Rng, systemClock, type Clock, type Digest } from '#core';
import { parseRunConfig } from '#run-config';
import { ActiveRun } from '../domain/run/active-run.js';
import { openRunDirectory } from '../domain/run/run-directory.js';
import type { RunObserver } from '../domain/run/run-observer.js';
import type { RunSnapshot } from '../domain/run/run-snapshot.js';
import { orderedRows, type PreferenceRow } from '../domain/algorithm/rows.js';
import { CrashPoint } from './crash-point.js';
import { ToyMetaLearner } from './toy-meta-learner.js';
import { ToyPolicy, TOY_WORDS } from './toy-policy.js';
import { ToyReward, toyScore } from './toy-reward.js';

export const TOY_CONFIG = `
name: toy
seed: 7
model: { path: ., lora: { rank: 1, alpha: 1, target_modules: [q_proj] } }
data: { train: toy.jsonl }
reward: toy
algorithm: { iterations: 2, samples_per_prompt: 3, meta: { period: 2 } }
optimizer: { learning_rate: 0.02, warm_up_learning_rate: 0.02, batch_size: 4, schedule: { kind: constant } }
sampling: { max_new_tokens: 3 }
evaluation: { count: 12, judges: [other], examples: 2 }
units: { score_items: 6, generate_items: 4, annotate_items: 4, gradient_items: 2, concurrency: 2 }
`;

/** Pairs of three words each, ranked by the toy reward; one in four is ranked the wrong way round. */
export function toyRows(count: number): PreferenceRow[] {
  return Array.from({ length: count }, (_, index) => {
    const rng = new Rng('toy rows', index);
    const text = () => Array.from({ length: 3 }, () => TOY_WORDS[rng.below(TOY_WORDS.length)]).join(' ');
    const [a, b] = [text(), text()].toSorted((x, y) => toyScore(y) - toyScore(x)) as [string, string];
    const [chosen, rejected] = index % 4 === 3 ? [b, a] : [a, b];
    return { id: `row-${index}`, prompt: { form: 'text', text: `prompt ${index}` }, chosen, rejected };
  });
}

export const UNOBSERVED: RunObserver = {
  unit: (_unit, work) => work(),
  traceId: () => undefined,
  annotations: () => {},
};

/** A folder that goes when the specs have ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'metaapo-trainer-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface ToyServices {
  readonly policy: ToyPolicy;
  readonly reward: ToyReward;
  readonly metaLearner: ToyMetaLearner;
}

export function toyServices(): ToyServices {
  return { policy: new ToyPolicy(), reward: new ToyReward(), metaLearner: new ToyMetaLearner() };
}

export interface ToyRunOptions {
  readonly folder: string;
  /** Of the run's directory within the folder. @default `run` */
  readonly name?: string;
  /** @default `toy-run` */
  readonly runId?: string;
  readonly services?: ToyServices;
  readonly overrides?: readonly string[];
  readonly rowCount?: number;
  readonly pageCountMax?: number;
  /** @default the system's */
  readonly clock?: Clock;
  /** Where the process dies. @default nowhere */
  readonly crash?: CrashPoint;
  /** @default nobody */
  readonly observer?: RunObserver;
  /** Given the run before it begins. */
  readonly onStart?: (run: ActiveRun) => void;
}

/** Runs to the end, whatever that is; returns how it stands then. */
export async function toyRun(options: ToyRunOptions): Promise<RunSnapshot> {
  const {
    folder,
    services = toyServices(),
    overrides = [],
    rowCount = 24,
    pageCountMax,
    clock = systemClock,
  } = options;
  const { crash = new CrashPoint(), runId = 'toy-run', name = 'run' } = options;
  const parsed = parseRunConfig(TOY_CONFIG, { overrides });
  const { policy, reward, metaLearner } = services;
  policy.resident.clear(); // a restarted trainer cannot rely on what an earlier one pushed
  const directory = await openRunDirectory(join(folder, name), {
    newRunId: runId,
    places: { ledger: parsed.config.ledger, ...parsed.config.storage },
    baseDirectory: folder,
    configDigest: parsed.digest,
    configYaml: parsed.resolvedYaml,
    clock: { ...systemClock, nowMs: () => 0 },
    address: '',
    ...(pageCountMax !== undefined && { pageCountMax }),
  });
  const run = new ActiveRun({
    parsed,
    directory: crash.directory(directory),
    data: {
      rows: orderedRows(toyRows(rowCount), { seed: parsed.config.seed, rowsMax: parsed.config.data.max_rows }),
      heldOut: toyRows(parsed.config.evaluation.count).map(({ id }) => ({
        id: `held-out-${id}`,
        prompt: { form: 'text', text: `held-out ${id}` },
      })),
      rejectedCount: 0,
      digests: { data: 'sha256:rows' as Digest },
    },
    baseDirectory: folder,
    locateModel: (model) => Promise.resolve(join(folder, model)),
    services: crash.services({ policy, reward, metaLearnerOf: () => metaLearner, close: () => {} }),
    clock,
    observer: options.observer ?? UNOBSERVED,
    serviceVersion: '0.0.0',
    onError: () => {},
  });
  options.onStart?.(run);
  await run.execute();
  return run.snapshot();
}
