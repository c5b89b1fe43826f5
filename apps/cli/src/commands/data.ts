/** @file `metaapo data check`: what the loader makes of a preference file, line by line. */
import { Command } from 'commander';
import { preferenceOutcomes, type LineOutcome, type PreferenceRow } from '#ml/data';
import { count } from '#report';
import { RunFailedError } from '../cli.errors.js';
import { example, type CommandContext } from './context.js';

type Outcome = LineOutcome<PreferenceRow>;

export function dataCommand(context: CommandContext): Command {
  return new Command('data')
    .summary('look at preference data')
    .description('Looks at preference data.')
    .addHelpText('after', example('metaapo data check pairs.jsonl'))
    .addCommand(checkCommand(context));
}

function checkCommand({ terminal }: CommandContext): Command {
  return new Command('check')
    .summary('tell line by line what the loader makes of a file')
    .description(
      'Tells line by line what the loader makes of a preference file: TRL’s conversational and plain formats, or the ' +
        'columns of UltraFeedback-binarized. Without --json only lines with something to say are printed. Exit code 1 ' +
        'when a line is refused.',
    )
    .argument('<FILE>', 'preference pairs, .jsonl or .parquet')
    .option('--json', 'print one JSON object per line of the file: line, ok, reason')
    .addHelpText('after', example('metaapo data check pairs.jsonl', 'metaapo data check pairs.parquet --json'))
    .action(async (path: string, { json = false }: { json?: boolean }) => {
      const counts = { accept: 0, reject: 0, skip: 0 };
      for await (const outcome of preferenceOutcomes(path)) {
        counts[outcome.verdict]++;
        const line = json ? outcomeJson(outcome) : outcomeText(outcome);
        if (line !== undefined) terminal.out(`${line}\n`);
      }
      const { accept, reject, skip } = counts;
      if (!json) terminal.out(`${count(accept)} rows to use, ${count(reject)} refused, ${count(skip)} blank lines\n`);
      if (reject > 0) {
        throw new RunFailedError(
          'DATA_ROWS_BAD',
          `${count(reject)} rows of ${path} are refused; repair them, or allow them by data.max_bad_rows`,
        );
      }
    });
}

/** `{"line", "ok", "reason"?}` and, where there is more to say, a message or warnings. */
export function outcomeJson(outcome: Outcome): string {
  const { line } = outcome;
  switch (outcome.verdict) {
    case 'accept':
      return JSON.stringify({ line, ok: true, ...(outcome.warnings.length > 0 && { warnings: outcome.warnings }) });
    case 'reject':
      return JSON.stringify({ line, ok: false, reason: outcome.reason, message: outcome.message });
    case 'skip':
      return JSON.stringify({ line, ok: true, skipped: true });
    default:
      return outcome satisfies never;
  }
}

/** A line for people; undefined when there is nothing to say. */
export function outcomeText(outcome: Outcome): string | undefined {
  if (outcome.verdict === 'reject') return `line ${outcome.line}: refused: ${outcome.reason}: ${outcome.message}`;
  if (outcome.verdict === 'accept' && outcome.warnings.length > 0) {
    return `line ${outcome.line}: ${outcome.warnings.join(', ')}`;
  }
  return undefined;
}
