/**
 * @file The demo's preference data: beginnings of sentences with two human continuations, ranked by the training reward.
 *
 * The second continuation comes from another sentence after the same last two words, so both are grammatical there and
 * both were written by people; what separates them is sentiment.
 */
import { Rng } from '#core';
import type { Sentence } from './corpus.js';

export interface PreferenceRow {
  readonly id: string;
  readonly prompt: readonly [{ readonly role: 'user'; readonly content: string }];
  readonly chosen: readonly [{ readonly role: 'assistant'; readonly content: string }];
  readonly rejected: readonly [{ readonly role: 'assistant'; readonly content: string }];
  readonly chosen_reward: number;
  readonly rejected_reward: number;
}

export interface PromptRow {
  readonly id: string;
  readonly prompt: readonly [{ readonly role: 'user'; readonly content: string }];
}

export interface PairOptions {
  readonly count: number;
  readonly seed: number;
  /** True when a continuation fits the demo's response length. */
  readonly fits: (continuation: string) => boolean;
  readonly reward: (continuation: string) => number;
}

/** Fewest and most words of a prompt. */
const PROMPT_WORDS: readonly [number, number] = [5, 10];
/** Fewest words left for the continuation. */
const CONTINUATION_WORDS_MIN = 5;
/** Rewards closer than this tell nothing apart. */
const REWARD_GAP_MIN = 0.1;
/** Other sentences tried before a prompt is given up. */
const PARTNERS_TRIED_MAX = 20;

interface Cut {
  readonly sentence: number;
  readonly at: number;
}

/** `count` rows in seeded order; fewer when the text does not hold as many. */
export function preferenceRows(sentences: readonly Sentence[], options: PairOptions): PreferenceRow[] {
  const byContext = indexByContext(sentences);
  const rows: PreferenceRow[] = [];
  const order = new Rng('demo-pairs', options.seed).shuffled(sentences.map((_, index) => index));
  const used = new Set<string>();
  for (const index of order) {
    if (rows.length >= options.count) break;
    const row = rowFor(index, sentences, byContext, options);
    if (!row || used.has(row.prompt[0].content)) continue;
    used.add(row.prompt[0].content);
    rows.push(row);
  }
  return rows;
}

/** `count` beginnings of sentences in seeded order. */
export function promptRows(sentences: readonly Sentence[], count: number, seed: number): PromptRow[] {
  const prompts = new Map<string, PromptRow>();
  for (const index of new Rng('demo-prompts', seed).shuffled(sentences.map((_, i) => i))) {
    if (prompts.size >= count) break;
    const sentence = sentences[index] as Sentence;
    const content = sentence.slice(0, cutOf(sentence, seed, index)).join(' ');
    if (!prompts.has(content)) prompts.set(content, { id: `held-out-${index}`, prompt: [{ role: 'user', content }] });
  }
  return [...prompts.values()];
}

function rowFor(
  index: number,
  sentences: readonly Sentence[],
  byContext: ReadonlyMap<string, readonly Cut[]>,
  { seed, fits, reward }: PairOptions,
): PreferenceRow | undefined {
  const sentence = sentences[index] as Sentence;
  const at = cutOf(sentence, seed, index);
  const own = sentence.slice(at).join(' ');
  if (!fits(own)) return undefined;
  const partners = new Rng('demo-partner', seed, index).shuffled(byContext.get(contextOf(sentence, at)) ?? []);
  for (const partner of partners.slice(0, PARTNERS_TRIED_MAX)) {
    if (partner.sentence === index) continue;
    const other = (sentences[partner.sentence] as Sentence).slice(partner.at).join(' ');
    if (other === own || !fits(other)) continue;
    const [ownReward, otherReward] = [reward(own), reward(other)];
    if (Math.abs(ownReward - otherReward) < REWARD_GAP_MIN) continue;
    const [chosen, rejected] = ownReward > otherReward ? [own, other] : [other, own];
    return {
      id: `sentence-${index}`,
      prompt: [{ role: 'user', content: sentence.slice(0, at).join(' ') }],
      chosen: [{ role: 'assistant', content: chosen }],
      rejected: [{ role: 'assistant', content: rejected }],
      chosen_reward: Math.max(ownReward, otherReward),
      rejected_reward: Math.min(ownReward, otherReward),
    };
  }
  return undefined;
}

/** Where a sentence is cut: a number of words that depends on the sentence alone. */
export function cutOf(sentence: Sentence, seed: number, index: number): number {
  const [least, most] = PROMPT_WORDS;
  const room = Math.min(most, sentence.length - CONTINUATION_WORDS_MIN) - least + 1;
  return least + new Rng('demo-cut', seed, index).below(room);
}

function contextOf(sentence: Sentence, at: number): string {
  return `${sentence[at - 2]} ${sentence[at - 1]}`.toLowerCase();
}

function indexByContext(sentences: readonly Sentence[]): Map<string, Cut[]> {
  const byContext = new Map<string, Cut[]>();
  for (const [index, sentence] of sentences.entries()) {
    for (let at = 2; at <= sentence.length - CONTINUATION_WORDS_MIN; at++) {
      const context = contextOf(sentence, at);
      const cuts = byContext.get(context);
      if (cuts) cuts.push({ sentence: index, at });
      else byContext.set(context, [{ sentence: index, at }]);
    }
  }
  return byContext;
}
