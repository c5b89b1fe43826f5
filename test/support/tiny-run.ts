/** @file A run small enough for a test: the tiny Llama model, a dozen rows, a reward that leaves a trace of what it scored. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { TrainingRun__Output, WatchTrainingRunResponse__Output } from '#contracts/trainer';
import { Rng } from '#core';
import { runOutputs, type RunOutputs } from './run-outputs.js';
import { sharedFolder } from './shared-folder.js';
import type { Trainer } from './services.js';

export const TINY_MODEL = join(sharedFolder('golden'), 'models', 'llama-tied');

/** Counts vowels, and writes down every text that it was paid for. */
const COUNTING_REWARD = (log: string): string => `
import { appendFileSync } from 'node:fs';
export function score({ prompt, response }) {
  appendFileSync(${JSON.stringify(log)}, JSON.stringify([prompt, response]) + '\\n');
  return (response.match(/[aeiou]/gi) ?? []).length - 0.1 * response.length;
}
`;

const CONFIG = (model: string): string => `
name: tiny
seed: 5
model: { path: ${JSON.stringify(model)}, lora: { rank: 2, alpha: 4, target_modules: [q_proj, v_proj] } }
data: { train: pairs.jsonl }
reward: counting
algorithm: { iterations: 2, samples_per_prompt: 3, meta: { period: 2 } }
optimizer: { learning_rate: 0.01, warm_up_learning_rate: 0.01, batch_size: 2, schedule: { kind: constant } }
sampling: { max_new_tokens: 6 }
evaluation: { prompts: held-out.jsonl, count: 3, judges: [vader], examples: 1 }
units: { score_items: 4, generate_items: 2, annotate_items: 2, gradient_items: 1, concurrency: 2 }
`;

const WORDS = ['river', 'stone', 'light', 'the', 'of', 'and', 'winter', 'field', 'open', 'quiet'];

function sentence(rng: Rng, words: number): string {
  return Array.from({ length: words }, () => WORDS[rng.below(WORDS.length)]).join(' ');
}

/** A folder with data, held-out prompts and the reward module; gone when the tests have ended. */
export class TinyProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'metaapo-run-'));
  readonly rewardPath = join(this.folder, 'counting.mjs');
  readonly config = CONFIG(TINY_MODEL);

  constructor(rowCount = 12) {
    after(() => rmSync(this.folder, { recursive: true, force: true }));
    const rows = Array.from({ length: rowCount }, (_, index) => {
      const rng = new Rng('tiny rows', index);
      const prompt = `${index} ${sentence(rng, 3)}`;
      return { prompt, chosen: ` ${sentence(rng, 4)}`, rejected: ` ${sentence(rng, 3)}` };
    });
    const heldOut = Array.from({ length: 3 }, (_, index) => ({ prompt: sentence(new Rng('held out', index), 3) }));
    writeFileSync(join(this.folder, 'pairs.jsonl'), lines(rows));
    writeFileSync(join(this.folder, 'held-out.jsonl'), lines(heldOut));
    writeFileSync(join(this.folder, 'scored.log'), '');
    writeFileSync(this.rewardPath, COUNTING_REWARD(join(this.folder, 'scored.log')));
  }

  get rewardModels(): Record<string, { backend: string; path?: string }> {
    return { counting: { backend: 'module', path: this.rewardPath }, vader: { backend: 'vader' } };
  }

  /** Every (prompt, response) that the training reward scored since it was last asked. */
  takeScored(): string[] {
    const path = join(this.folder, 'scored.log');
    const scored = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    writeFileSync(path, '');
    return scored;
  }

  /** Starts or resumes a run. */
  async start({ client }: Trainer, name: string, overrides: Readonly<Record<string, string>> = {}): Promise<string> {
    let configYaml = this.config;
    for (const [from, to] of Object.entries(overrides)) configYaml = configYaml.replaceAll(from, to);
    const { run } = await client.startTrainingRun({
      configYaml,
      baseDirectory: this.folder,
      runDirectory: join(this.folder, name),
    });
    return run?.runId ?? '';
  }

  /** Runs to the end; returns how it stands then. */
  async run(
    trainer: Trainer,
    name: string,
    overrides: Readonly<Record<string, string>> = {},
  ): Promise<TrainingRun__Output> {
    return await ended(trainer, await this.start(trainer, name, overrides));
  }

  outputs(name: string): RunOutputs {
    return runOutputs(join(this.folder, name));
  }
}

function lines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** Watches until the end. */
export async function ended({ client }: Trainer, runId: string): Promise<TrainingRun__Output> {
  let last: WatchTrainingRunResponse__Output | undefined;
  for await (const event of client.watchTrainingRun({ runId })) last = event;
  if (!last?.run) throw new Error(`the run ${runId} ended without an event`);
  return last.run;
}
