/**
 * @file Kind `reward-pairs`: pairs of prompt and response through a cross-encoder that was exported to ONNX; tokens, ids,
 * token types, and scores in one call and alone.
 */
import { basename, dirname, join } from 'node:path';
import { present } from '#core';
import { openRewardModel, type RewardInput } from '#ml/reward-models';
import { ChatTokenizer } from '#ml/tokenizer';
import type { Checker } from '../checker.js';
import type { AbsTolerance } from '../measurement.js';
import { GoldenKindUnsupportedError } from '../golden.errors.js';
import { compareScores } from './reward.js';

interface Content {
  readonly tolerance: { readonly scores: AbsTolerance };
  /** Absent where the model was not exported. */
  readonly onnx?: string;
  readonly pairs: readonly {
    readonly prompt: string;
    readonly response: string;
    readonly ids: readonly number[];
    readonly token_type_ids: readonly number[];
    readonly tokens: readonly string[];
    readonly score: number;
  }[];
}

export const checkRewardPairs: Checker = async (golden, measure) => {
  const { tolerance, onnx, pairs } = golden.as<Content>();
  if (onnx === undefined) throw new GoldenKindUnsupportedError(`${golden.kind} without ONNX`, ['a model as ONNX']);
  const file = join(golden.root, onnx);
  const tokenizer = await ChatTokenizer.load(present(golden.modelPath, 'model of the case'), { eosTokenId: 0 });
  const tensors = await golden.tensors();
  const [ids, types, masks] = ['input_ids', 'token_type_ids', 'attention_mask'].map((name) => tensors.rows(name));
  pairs.forEach((pair, index) => {
    const part = `pair ${index}`;
    const [first, second] = [tokenizer.encodeLiteral(pair.prompt), tokenizer.encodeLiteral(pair.response)];
    const joined = tokenizer.joinPair(first, second);
    measure.exact('ids', part, joined.ids, pair.ids);
    measure.exact('token types', part, joined.tokenTypeIds, pair.token_type_ids);
    measure.exact(
      'tokens',
      part,
      joined.ids.map((id) => tokenizer.tokenOf(id)),
      pair.tokens,
    );
    const real = (row: readonly number[] | undefined): number[] =>
      (row ?? []).filter((_, t) => masks?.[index]?.[t] === 1);
    measure.exact('batch', part, [real(ids?.[index]), real(types?.[index])], [joined.ids, joined.tokenTypeIds]);
  });
  const model = await openRewardModel({ kind: 'onnx-classifier', path: dirname(file), file: basename(file) });
  try {
    const inputs = pairs.map(({ prompt, response }): RewardInput => ({
      prompt: { messages: [], text: prompt },
      response,
    }));
    await compareScores(model, inputs, { expected: tensors.numbers('scores'), tolerance: tolerance.scores }, measure);
  } finally {
    await model.dispose();
  }
};
