/**
 * @file Writes the demo's data beside its configuration: preference pairs that train, prompts that are held out.
 *
 * Made anew in about ten seconds from the installed corpus; the same bytes every time, so nothing of it is stored in the
 * repository. Usage: node dist/scripts/demo-data.js [FOLDER], by default configs/demo/data.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChatTokenizer } from '#ml/tokenizer';
import { readCorpus } from './demo/corpus.js';
import { DEMO_FOLDER, DEMO_MODEL_FOLDER } from './demo/folders.js';
import { preferenceRows, promptRows } from './demo/pairs.js';

/** 3 iterations of 384 prompts. */
const PAIR_COUNT = 1152;
const HELD_OUT_COUNT = 300;
/** Longest continuation in tokens, end token excluded; the demo samples 32 new tokens. */
const CONTINUATION_TOKENS_MAX = 31;
const SEED = 1;

interface RewardModule {
  readonly score: (item: { response: string; truncated: boolean }) => { readonly score: number };
}

const folder = process.argv[2] ?? join(DEMO_FOLDER, 'data');
const { score } = (await import(`${DEMO_FOLDER}/reward.mjs`)) as RewardModule;
const tokenizer = await ChatTokenizer.load(DEMO_MODEL_FOLDER);
const corpus = readCorpus();
const pairs = preferenceRows(corpus.train, {
  count: PAIR_COUNT,
  seed: SEED,
  fits: (text) => tokenizer.encode(text, { addSpecial: false }).length <= CONTINUATION_TOKENS_MAX,
  reward: (response) => score({ response, truncated: false }).score,
});
const prompts = promptRows(corpus.heldOut, HELD_OUT_COUNT, SEED);

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'train.jsonl'), jsonLines(pairs));
writeFileSync(join(folder, 'held-out.jsonl'), jsonLines(prompts));
console.error(`demo data: ${pairs.length} pairs, ${prompts.length} held-out prompts`);

function jsonLines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
