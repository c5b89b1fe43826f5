/**
 * @file Two responses to one prompt, each up to the token at which its reward is read, as sequences.
 *
 * What both begin with goes through the model once, as the trunk of a tree (`sequence.ts`), where the tree fits the
 * budget. Either way the targets are the chosen one's and then the rejected one's.
 */
import { assert, present } from '#core';
import type { TokenSequence } from '../policy-engine.js';
import type { Sequence } from './sequence.js';

export interface RewardPair {
  /** Ids up to the token that the head reads; at least one. */
  readonly chosen: TokenSequence;
  readonly rejected: TokenSequence;
  /** How far apart the rewards shall at least be. */
  readonly margin: number;
}

/** One tree, or a sequence each where the tree would have more tokens than that. */
export function sequencesOfPair({ chosen, rejected }: RewardPair, treeTokensMax: number): readonly Sequence[] {
  assert(chosen.length > 0 && rejected.length > 0, 'a response that is read has at least one token');
  const trunk = sharedLength(chosen, rejected);
  if (chosen.length + rejected.length - trunk > treeTokensMax) return [line(chosen, 0), line(rejected, 1)];
  return [tree(chosen, rejected, trunk)];
}

/** Tokens that both begin with; each keeps one of its own. */
function sharedLength(a: TokenSequence, b: TokenSequence): number {
  const limit = Math.min(a.length, b.length) - 1;
  let count = 0;
  while (count < limit && a[count] === b[count]) count++;
  return count;
}

function line(tokenIds: TokenSequence, responseIndex: number): Sequence {
  return {
    tokenIds,
    positions: tokenIds.map((_, position) => position),
    branches: tokenIds.map(() => 0),
    targets: [readAt(tokenIds.length - 1, responseIndex)],
  };
}

function tree(chosen: TokenSequence, rejected: TokenSequence, trunk: number): Sequence {
  const branch = (ids: TokenSequence) => ids.slice(trunk).map((id, offset) => ({ id, position: trunk + offset }));
  const shared = chosen.slice(0, trunk).map((id, position) => ({ id, position, branch: 0 }));
  const tokens = [
    ...shared,
    ...branch(chosen).map((token) => ({ ...token, branch: 1 })),
    ...branch(rejected).map((token) => ({ ...token, branch: 2 })),
  ];
  return {
    tokenIds: tokens.map(({ id }) => id),
    positions: tokens.map(({ position }) => position),
    branches: tokens.map((token) => token.branch),
    targets: [readAt(chosen.length - 1, 0), readAt(tokens.length - 1, 1)],
  };
}

/** Nothing is predicted there. */
function readAt(from: number, responseIndex: number): Sequence['targets'][number] {
  return { from, tokenId: 0, responseIndex };
}

/** Numbers in the order of a batch's targets as pairs of chosen and rejected. */
export function pairedNumbers(numbers: Float32Array): { readonly chosen: number; readonly rejected: number }[] {
  return Array.from({ length: numbers.length / 2 }, (_, pair) => ({
    chosen: present(numbers[2 * pair], 'chosen'),
    rejected: present(numbers[2 * pair + 1], 'rejected'),
  }));
}
