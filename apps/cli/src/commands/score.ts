/** @file `metaapo score`: log-probabilities of given responses. */
import { Command } from 'commander';
import { withPolicy } from '../rows/policy-session.js';
import { processRows } from '../rows/process-rows.js';
import { scoreRows } from '../rows/score-rows.js';
import { example, type CommandContext } from './context.js';
import { unitTimeoutOption } from './option-values.js';

interface ScoreOptions {
  readonly model: string;
  readonly adapter?: string;
  readonly input: string;
  readonly output: string;
  readonly tokenLogProbs?: boolean;
  readonly timeout: number;
}

/** Rows in one unit; the rows of a unit are padded to the longest. */
const UNIT_ROWS_MAX = 16;

export function scoreCommand(context: CommandContext): Command {
  const { terminal } = context;
  return new Command('score')
    .summary('log-probabilities of given responses')
    .description(
      'Computes the log-probability of each response under a model: {"id", "prompt": [messages] or "text", ' +
        '"responses": ["…"]} becomes {"id", "responses": [{"log_prob_sum", "token_count"}]}. Natural logarithm, summed ' +
        'over the response’s tokens, end token included. A row that fails gets {"id", "error": {"code", "message"}}.',
    )
    .requiredOption('--model <MODEL>', 'model folder, GGUF file, or name on the Hub')
    .option('--adapter <DIR>', 'PEFT adapter folder to compute with')
    .requiredOption('--input <FILE>', 'rows to score, JSON lines')
    .requiredOption('--output <FILE>', 'where the scored rows go, JSON lines')
    .addOption(unitTimeoutOption())
    .option('--token-log-probs', 'add "token_log_probs", one number per token')
    .addHelpText(
      'after',
      example('metaapo score --model models/base --adapter runs/demo/adapter --input in.jsonl --output out.jsonl'),
    )
    .action(async ({ model, adapter, input, output, timeout, tokenLogProbs = false }: ScoreOptions) => {
      await withPolicy({ model, adapter, unitTimeoutMs: timeout, context }, (session) =>
        processRows({
          input,
          output,
          kind: 'score',
          unitItemsMax: Math.min(UNIT_ROWS_MAX, session.unitItemsMax),
          terminal,
          compute: (rows) => scoreRows(session, rows, { tokenLogProbs }),
        }),
      );
    });
}
