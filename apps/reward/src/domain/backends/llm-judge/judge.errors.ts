/** @file What can go wrong with a language model as the judge, once it has answered. */
import { AppError } from '#core';

/** Outcome of one response that the judge would not judge; it has no score. Maps to FAILED_PRECONDITION. */
export class JudgeRefusedError extends AppError {
  readonly code = 'JUDGE_REFUSED';
  readonly status = 'FAILED_PRECONDITION';

  constructor(rewardModel: string, model: string, got: string) {
    super(
      `Reward model ${JSON.stringify(rewardModel)}: expected ${model} to judge, it refused: ${got}. Such a response has no score; word the rubric otherwise, or ask another model.`,
      { facts: { rewardModel, model } },
    );
  }
}

/** Outcome of one response to which the judge answered something else than a verdict. Maps to INTERNAL. */
export class JudgeReplyInvalidError extends AppError {
  readonly code = 'JUDGE_REPLY_INVALID';
  readonly status = 'INTERNAL';

  constructor(rewardModel: string, model: string, problem: string) {
    super(
      `Reward model ${JSON.stringify(rewardModel)}: ${problem}, from ${model}. It is never read as a score; see the grammar of answers, "response_format" and "max_tokens".`,
      { facts: { rewardModel, model, problem } },
    );
  }
}

/** Outcome of a response to a prompt that has no reference answer to compare with. Maps to INVALID_ARGUMENT. */
export class JudgeBaselineMissingError extends AppError {
  readonly code = 'JUDGE_BASELINE_MISSING';
  readonly status = 'INVALID_ARGUMENT';

  constructor(rewardModel: string, path: string) {
    super(
      `Reward model ${JSON.stringify(rewardModel)}: expected a prompt that ${path} has an answer to, got another. Add the prompt, word for word and turn for turn.`,
      { facts: { rewardModel, path } },
    );
  }
}
