/**
 * @file A prompt with its responses as one tree of tokens.
 *
 *                   ┌ y₁ y₁ y₁        branch 1
 *   x x x x x x x x ┤                                    a token sees the trunk and its own branch, up to itself
 *      trunk, 0     └ y₂ y₂ y₂ y₂     branch 2
 *
 * The prompt goes through the model once for all its responses; positions go on from the prompt in every branch, so the
 * numbers are those of separate sequences. Trees longer than the budget fall apart into one sequence per response,
 * because attention grows with the square of the length.
 *
 * The last token of a response is only predicted, so it is no input.
 */
import { assert, present } from '#core';
import type { TokenSequence } from '../policy-engine.js';

export interface Sequence {
  readonly tokenIds: readonly number[];
  /** Position of each token in its own response. */
  readonly positions: readonly number[];
  /** 0 for the trunk, else the number of the branch. */
  readonly branches: readonly number[];
  readonly targets: readonly Target[];
}

/** A token that is to be predicted. */
export interface Target {
  /** Index in the sequence of the token that predicts it. */
  readonly from: number;
  readonly tokenId: number;
  /** Which response of the unit it belongs to. */
  readonly responseIndex: number;
}

export interface PromptWithResponses {
  readonly prompt: TokenSequence;
  /** Each with at least one token. */
  readonly responses: readonly TokenSequence[];
  /** Number of the first response within the unit; the others follow. */
  readonly firstResponseIndex: number;
}

/** The sequences of one row: a single tree where it fits the budget, else one per response. */
export function sequencesOf(row: PromptWithResponses, tokensMax: number): Sequence[] {
  const { prompt, responses, firstResponseIndex } = row;
  const treeTokens = responses.reduce((count, response) => count + response.length - 1, prompt.length);
  if (treeTokens <= tokensMax) return [tree(row)];
  return responses.map((response, index) =>
    tree({ prompt, responses: [response], firstResponseIndex: firstResponseIndex + index }),
  );
}

/** True when the token at `key` may be attended from the token at `query`. */
export function sees(branches: readonly number[], query: number, key: number): boolean {
  if (key > query) return false;
  const branch = present(branches[key], `branch of token ${key}`);
  return branch === 0 || branch === branches[query];
}

function tree({ prompt, responses, firstResponseIndex }: PromptWithResponses): Sequence {
  assert(prompt.length > 0, 'a prompt has at least one token');
  const tokenIds = [...prompt];
  const positions = prompt.map((_, position) => position);
  const branches = prompt.map(() => 0);
  const targets: Target[] = [];
  responses.forEach((response, index) => {
    assert(response.length > 0, 'a response has at least one token');
    response.forEach((tokenId, offset) => {
      const from = offset === 0 ? prompt.length - 1 : tokenIds.length - 1;
      targets.push({ from, tokenId, responseIndex: firstResponseIndex + index });
      if (offset === response.length - 1) return;
      tokenIds.push(tokenId);
      positions.push(prompt.length + offset);
      branches.push(index + 1);
    });
  });
  return { tokenIds, positions, branches, targets };
}
