/**
 * @file Kind `reward`: chats through a language model with a classification head; rendering, ids, the token that is read,
 * and scores in one call and alone.
 */
import { present } from '#core';
import { readClassifierConfig } from '#ml/checkpoint';
import { openRewardModel, scorePosition, type RewardInput, type ThreadedRewardModel } from '#ml/reward-models';
import { ChatTokenizer, type ChatMessage } from '#ml/tokenizer';
import type { Checker } from '../checker.js';
import type { AbsTolerance, Measurements } from '../measurement.js';

interface Content {
  readonly tolerance: { readonly scores: AbsTolerance };
  readonly pad_token_id: number | null;
  readonly score_position: readonly number[];
  readonly chats: readonly {
    readonly messages: readonly ChatMessage[];
    readonly text: string;
    readonly ids: readonly number[];
    readonly score: number;
  }[];
}

export const checkReward: Checker = async (golden, measure) => {
  const { tolerance, chats, pad_token_id: padTokenId, score_position: positions } = golden.as<Content>();
  const path = present(golden.modelPath, 'model of the case');
  const { backbone } = await readClassifierConfig(path);
  const tokenizer = await ChatTokenizer.load(path, { eosTokenId: present(backbone.eosTokenIds[0], 'end token') });
  measure.exact('padding token', 'all', backbone.padTokenId, padTokenId);
  chats.forEach(({ messages, text, ids }, index) => {
    const part = `chat ${index}`;
    measure.exact('rendered chats', part, tokenizer.renderChat(messages, { addGenerationPrompt: false }), text);
    const encoded = tokenizer.encodeConversation(messages);
    measure.exact('ids', part, encoded, ids);
    measure.exact('token that is read', part, scorePosition(encoded, backbone.padTokenId), positions[index]);
  });
  const tensors = await golden.tensors();
  const model = await openRewardModel({ kind: 'lm-classifier', path });
  try {
    const golden = { expected: tensors.numbers('scores'), tolerance: tolerance.scores };
    await compareScores(
      model,
      chats.map(({ messages }) => inputOf(messages)),
      golden,
      measure,
    );
  } finally {
    await model.dispose();
  }
};

function inputOf(messages: readonly ChatMessage[]): RewardInput {
  const prompt = messages.slice(0, -1);
  const response = present(messages.at(-1), 'response').content;
  return { prompt: { messages: prompt, text: prompt.map(({ content }) => content).join('\n') }, response };
}

/** Scores in one call, and each in a call of its own. */
export async function compareScores(
  model: ThreadedRewardModel,
  inputs: readonly RewardInput[],
  { expected, tolerance }: { readonly expected: ArrayLike<number>; readonly tolerance: AbsTolerance },
  measure: Measurements,
): Promise<void> {
  measure.close('scores', 'in one call', await scoresOf(model, inputs), expected, tolerance);
  const alone: number[] = [];
  for (const input of inputs) alone.push(...(await scoresOf(model, [input])));
  measure.close('scores', 'one by one', alone, expected, tolerance);
}

async function scoresOf(model: ThreadedRewardModel, inputs: readonly RewardInput[]): Promise<number[]> {
  const outcomes = await model.score(inputs);
  return outcomes.map((outcome) => {
    if (outcome.ok) return outcome.score;
    throw outcome.error;
  });
}
