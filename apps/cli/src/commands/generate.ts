/** @file `metaapo generate`: sampled responses. */
import { Command } from 'commander';
import { generateRows } from '../rows/generate-rows.js';
import { withPolicy } from '../rows/policy-session.js';
import { processRows } from '../rows/process-rows.js';
import { example, type CommandContext } from './context.js';
import { probability, realNumber, unitTimeoutOption, wholeNumber } from './option-values.js';

interface GenerateOptions {
  readonly model: string;
  readonly adapter?: string;
  readonly input: string;
  readonly output: string;
  readonly samples: number;
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly seed: number;
  readonly timeout: number;
}

/** Sequences decoded at once; more fill the memory with keys and values. */
const UNIT_SEQUENCES_MAX = 64;
const SAMPLE_COUNT_MAX = 10_000;
const TOKEN_COUNT_MAX = 1_000_000;
const TEMPERATURE_MAX = 100;

export function generateCommand(context: CommandContext): Command {
  const { terminal } = context;
  return new Command('generate')
    .summary('sampled responses')
    .description(
      'Samples responses of a model: {"id", "prompt": [messages] or "text"} becomes {"id", "samples": [{"text", ' +
        '"token_ids", "log_prob_sum", "finish_reason"}]}. The log-probability is raw: temperature 1, no truncation. A ' +
        'row that fails gets {"id", "error": {"code", "message"}}.',
    )
    .requiredOption('--model <MODEL>', 'model folder, GGUF file, or name on the Hub')
    .option('--adapter <DIR>', 'PEFT adapter folder to compute with')
    .requiredOption('--input <FILE>', 'rows to answer, JSON lines')
    .requiredOption('--output <FILE>', 'where the samples go, JSON lines')
    .requiredOption('--samples <K>', 'samples per row, at least 1', wholeNumber(1, SAMPLE_COUNT_MAX))
    .requiredOption('--max-new-tokens <N>', 'most new tokens of a sample', wholeNumber(1, TOKEN_COUNT_MAX))
    .requiredOption('--temperature <T>', 'softmax temperature; 0 is greedy', realNumber(0, TEMPERATURE_MAX))
    .option('--top-k <K>', 'keep the K most likely tokens; 0 keeps all', wholeNumber(0, TOKEN_COUNT_MAX), 0)
    .option('--top-p <P>', 'keep the smallest set of tokens with this probability', probability, 1)
    .option(
      '--seed <S>',
      'the samples are a function of this and the row’s id',
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
      1,
    )
    .addOption(unitTimeoutOption())
    .addHelpText(
      'after',
      example(
        'metaapo generate --model models/base --input prompts.jsonl --output out.jsonl --samples 4 --max-new-tokens 64 --temperature 1',
      ),
    )
    .action(async (options: GenerateOptions) => {
      const { model, adapter, input, output, samples: sampleCount, seed, timeout } = options;
      const { temperature, topK, topP, maxNewTokens } = options;
      await withPolicy({ model, adapter, unitTimeoutMs: timeout, context }, (session) =>
        processRows({
          input,
          output,
          kind: 'generate',
          unitItemsMax: Math.max(1, Math.min(Math.floor(UNIT_SEQUENCES_MAX / sampleCount), session.unitItemsMax)),
          terminal,
          compute: (rows) =>
            generateRows(session, rows, { sampleCount, seed, sampling: { temperature, topK, topP, maxNewTokens } }),
        }),
      );
    });
}
